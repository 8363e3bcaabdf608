// Callbacks of Ringback in a web app: this browser as a push target, the calls of /engagement/v3, and the events that come back. See README.md beside this file.
import { firebaseKey, install, register, remove } from './firebase.js';

const place = 'ringback.push', patience = 20_000; // ms; a push service that is there gives a subscription within two seconds.
const google = { installations: 'https://firebaseinstallations.googleapis.com', registrations: 'https://fcmregistrations.googleapis.com' };

/** What went wrong. `code` is a word for enablePush (below) and the number of the answer's status for calls; `data` is what a refusal added, such as free slots. */
export class RingbackError extends Error {
  constructor(code, message, more = {}) {
    super(message);
    Object.assign(this, { name: 'RingbackError', code, ...more });
  }
}

/**
 * Makes this browser a push target and gives its registration token, for `pushTargets` of a callback. Call it from a click: browsers ask the customer then.
 * A browser that is registered already gives the same token again.
 * @param firebase { project, apiKey, appId, vapidKey? } of your web app in the Firebase console; all of them are public.
 *   `installations` and `registrations` replace Google's addresses, for the emulator.
 * @param worker Address of ringback-push-sw.js. Its folder is its scope unless `scope` says otherwise, and your pages must be in the scope.
 * @param page The page that opens when a customer presses a notification.
 * @throws RingbackError with code `insecure`, `unsupported`, `denied`, `dismissed`, `worker`, `push_service`, `network` or `refused`.
 */
export async function enablePush({ firebase, worker = './ringback-push-sw.js', scope, page = location.pathname }) {
  if (!isSecureContext) throw new RingbackError('insecure', 'Notifications need https.');
  if (!navigator.serviceWorker || !self.PushManager || !self.Notification) throw new RingbackError('unsupported', 'This browser has no web push.');
  const answer = await Notification.requestPermission();
  if (answer !== 'granted') throw new RingbackError(answer === 'denied' ? 'denied' : 'dismissed', 'Notifications are not allowed for this site.');

  const registration = await startWorker(worker, scope, page);
  const app = { ...google, ...firebase }, key = firebase.vapidKey?.replace(/=+$/, '') || firebaseKey;
  const subscription = await subscribe(registration, key);
  const known = read();
  // The token belongs to the subscription, which browsers renew now and then, and to the app.
  if (known?.endpoint === subscription.endpoint && known.app?.appId === app.appId && known.app.project === app.project) return known.token;
  if (known?.installation) remove(known.app, known.installation, known.token).catch(() => {});

  const installation = orThrow(await install(app));
  const { token } = orThrow(await register(app, installation, subscription, firebase.vapidKey ? key : undefined));
  write({ app, installation, token, endpoint: subscription.endpoint });
  return token;
}

/** Takes the browser back: no push reaches it any more. */
export async function disablePush(scope) {
  const known = read();
  localStorage.removeItem(place);
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  await Promise.allSettled([
    known?.installation && remove(known.app, known.installation, known.token),
    registration?.pushManager.getSubscription().then((subscription) => subscription?.unsubscribe()),
  ]);
}

/**
 * Listens to what the worker hands over. Gives a function that stops it.
 * @param onEvent Called with { event, title, body, data } for every push, once, in order; data has the fields of docs/api/push-events.md.
 * @param onChoice Called with { action, event, data } for what the customer pressed on a notification: confirm, snooze, cancel, call-in, dial, book, reschedule,
 *   or `open` for the notification itself.
 */
export function listen({ onEvent = () => {}, onChoice = () => {} }) {
  const container = navigator.serviceWorker;
  if (!container) return () => {};
  const hear = ({ data }) => {
    if (data?.kind === 'ringback-event') onEvent({ event: data.event, title: data.title, body: data.body, data: data.data });
    if (data?.kind === 'ringback-choice') onChoice({ action: data.action, event: data.event, data: data.data });
  };
  container.addEventListener('message', hear);
  container.startMessages();
  container.ready.then((registration) => registration.active.postMessage({ kind: 'ringback-page-ready' }));
  return () => container.removeEventListener('message', hear);
}

/** What the worker has received of a callback, those too that came while no page was open: each as `onEvent` has it, in the order of `sequence`. */
export async function received(callbackId) {
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!worker) return [];
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => { port1.onmessage = ({ data }) => done(data); });
  worker.postMessage({ kind: 'ringback-received' }, [port2]);
  return (await inTime(answer).catch(() => [])).filter(({ data }) => data.callbackId === callbackId).sort((a, b) => a.data.sequence - b.data.sequence);
}

/**
 * The calls of the engagement API. Each gives the answer's `data`, or throws a RingbackError with `code`, `status` (of HTTP; 0 where no answer came), `corrId`, `data`.
 * @param url Address of the server or of your backend that passes the calls on; '' for the page's own.
 * @param apiKey A key with the right `engagement` and no other: whoever has the app has the key. None where your backend adds it.
 */
export function engagement({ url = '', apiKey }) {
  const call = (path, body) => post(`${url.replace(/\/$/, '')}/engagement/v3${path}`, apiKey, body);
  return {
    /** { serviceName, phoneNumber, desiredTime?, … } and the token of enablePush → { id }. */
    create: (fields, token) => call('/callbacks/create', { ...fields, ...(token ? { pushTargets: [{ channel: 'FCM', target: token }] } : {}) }),
    /** → { id, callbackState, callbackReason?, positionInQueue?, estimatedWaitTime?, callInGroup? (while it is the customer's turn to call in), … } */
    retrieve: (id) => call('/callbacks/retrieve', { id }),
    confirm: (id) => call('/callbacks/confirm', { id }),
    /** minutes: 1 to 60. The place in line is kept. */
    snooze: (id, minutes) => call('/callbacks/snooze', { id, minutes }),
    cancel: (id) => call('/callbacks/cancel', { id }),
    reschedule: (id, desiredTime) => call('/callbacks/reschedule', { id, desiredTime: new Date(desiredTime).toISOString() }),
    /** Sends further pushes of a callback to another token. */
    movePush: (id, token) => call('/callbacks/push-targets', { id, pushTargets: [{ channel: 'FCM', target: token }] }),
    /**
     * When it is the customer's turn → { toPhoneNumber, accessCode?, expirationTime }; CALLBACK_CALL_IN brings the same as a push. While they hold, asking again gives the same.
     * @param groupName callInGroup of retrieve or of CALLBACK_READY; left out, it is asked for, so that nobody needs the push.
     */
    callIn: async (id, groupName, fromPhoneNumber) => {
      const group = groupName ?? (await call('/callbacks/retrieve', { id })).callInGroup;
      if (!group) throw new RingbackError(7045, 'It is not the turn of this callback to be called in for.', { status: 400 });
      return call('/call-in/requests/create', { groupName: group, callbackServiceId: id, ...(fromPhoneNumber ? { fromPhoneNumber } : {}) });
    },
  };
}

async function startWorker(worker, scope, page) {
  try {
    const address = new URL(worker, import.meta.url);
    address.searchParams.set('page', new URL(page, location.href).pathname);
    const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none', ...(scope ? { scope } : {}) });
    await activated(registration.installing ?? registration.waiting ?? registration.active);
    return registration;
  } catch (refusal) {
    throw new RingbackError('worker', `The service worker does not start: ${refusal.message}`);
  }
}

function activated(worker) {
  return new Promise((done, failed) => {
    const look = () => {
      if (worker.state === 'activated') done();
      if (worker.state === 'redundant') failed(new Error('the browser refused it.'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

async function subscribe(registration, key) {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await inTime(registration.pushManager.subscribe(options));
  } catch (refusal) {
    // A subscription with another key stands in the way.
    const old = refusal.name === 'InvalidStateError' && (await registration.pushManager.getSubscription());
    if (old && (await old.unsubscribe())) return registration.pushManager.subscribe(options);
    throw new RingbackError('push_service', `The browser's push service gives no subscription: ${refusal.message}`);
  }
}

/** A browser whose push service is away may go on trying for ever. */
function inTime(promise) {
  let timer;
  const end = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error('it does not answer.')), patience); });
  return Promise.race([promise, end]).finally(() => clearTimeout(timer));
}

function orThrow(answer) {
  if (answer.ok) return answer;
  throw new RingbackError(answer.code, answer.code === 'network' ? 'Firebase cannot be reached.' : `Firebase refused: ${answer.status} ${answer.rpc ?? ''} ${answer.reason ?? ''}`.trim());
}

async function post(address, apiKey, body) {
  let response;
  try {
    response = await fetch(address, {
      method: 'POST',
      cache: 'no-store',
      // Your own backend knows the customer by a cookie; a server that is asked with a key sets none.
      credentials: apiKey ? 'omit' : 'same-origin',
      signal: AbortSignal.timeout(15_000),
      headers: { 'content-type': 'application/json', ...(apiKey ? { 'x-api-key': apiKey } : {}) },
      body: JSON.stringify(body),
    });
  } catch {
    throw new RingbackError('network', 'The server cannot be reached.', { status: 0 });
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer.data;
  const { code, message, corrId } = answer.status ?? {};
  throw new RingbackError(code ?? response.status, message ?? 'The server gave no reason.', { status: response.status, corrId, data: answer.data });
}

// Where there is no storage the browser registers again with each visit.
function read() {
  try { return JSON.parse(localStorage.getItem(place)) ?? undefined; } catch { return undefined; }
}

function write(known) {
  try { localStorage.setItem(place, JSON.stringify(known)); } catch { /* As above. */ }
}
