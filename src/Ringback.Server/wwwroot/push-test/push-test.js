// The browser's part of Test Firebase Credentials. Each exported function is one step and gives { ok: true, … } or { ok: false, code, … }; the server decides
// which comes next, and has the words for every code. No credentials of the server ever come here: App ID, API key and Sender ID are public.
import { firebaseKey, install, register } from './firebase.js';
import { note, removeNoted } from './leftovers.js';

const scope = '/push-test/', script = '/push-test/worker.js', kind = 'ringback-push-test';
const second = 1_000;

let asked;        // the answer to the question for permission, once it was put
let app;          // what firebase.js needs to know
let ownKey;       // the app's own web push key, if it has one
let installation, subscription, registration;
const arrived = new Map();
let awaited = () => {};

const fail = (code, more) => ({ ok: false, code, ...more });

/** Listens for what the pane itself cannot see in time: the click that browsers want to see before the question for permission, and a pasted snippet. */
export function attach(pane, owner) {
  pane.addEventListener('click', (click) => {
    const ready = click.target.closest?.('[data-run]') && pane.querySelector('[data-enable] input')?.checked;
    if (ready && self.Notification?.permission === 'default') asked = Notification.requestPermission();
  }, { capture: true });
  pane.addEventListener('paste', (paste) => {
    const text = paste.clipboardData?.getData('text/plain') ?? '';
    if (text.length > 8_192 || !/\b(appId|apiKey)\b["']?\s*:/.test(text)) return;
    paste.preventDefault();
    owner.invokeMethodAsync('PasteAsync', text);
  }, { capture: true });
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data?.kind !== kind || typeof data.nonce !== 'string') return;
    arrived.set(data.nonce, { ok: true, nonce: data.nonce.slice(0, 64), visible: data.visible === true, shown: data.shown === true });
    awaited();
  });
  addEventListener('pagehide', () => { removeNoted(true); });
}

export async function support() {
  if (!isSecureContext) return fail('support.insecure');
  if (!navigator.serviceWorker) return fail('support.service_worker');
  if (!self.PushManager) return fail('support.push');
  if (!self.Notification) return fail('support.notification');
  // Before anything new is made: what an earlier test left behind.
  await Promise.allSettled([removeNoted(), leaveWorker(await oldRegistration(), true)]);
  arrived.clear();
  return { ok: true };
}

export async function permission() {
  const question = asked ?? (Notification.permission === 'default' ? Notification.requestPermission() : Promise.resolve(Notification.permission));
  asked = undefined;
  const answer = await within(50 * second, question);
  if (answer === late) return fail('permission.unanswered');
  if (answer === 'granted') return { ok: true };
  return answer === 'denied' ? fail('permission.denied', { browser: browserKind() }) : fail('permission.dismissed');
}

export async function worker() {
  try {
    registration = await navigator.serviceWorker.register(script, { scope, updateViaCache: 'none' });
    if (!registration) return fail('worker.refused');
    const state = await within(10 * second, activation(registration));
    return state === late ? fail('worker.stuck') : state === 'activated' ? { ok: true } : fail('worker.refused');
  } catch {
    return fail('worker.refused');
  }
}

export async function makeInstallation(addresses, project, values) {
  app = { ...addresses, project, apiKey: values.apiKey, appId: values.appId };
  ownKey = values.vapidKey?.replace(/=+$/, '') || undefined;
  const made = await install(app);
  if (!made.ok) return made;
  installation = made;
  note(app, installation);
  return { ok: true };
}

export async function subscribe() {
  try {
    // An old subscription would be given back as it is, whatever key it was made with.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    const made = await within(20 * second, registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: ownKey ?? firebaseKey }));
    if (made === late) return fail('subscription.timeout');
    subscription = made;
    return { ok: true };
  } catch (refusal) {
    if (refusal.name === 'NotAllowedError') return fail('subscription.not_allowed');
    return fail(refusal.name === 'InvalidAccessError' || refusal.name === 'InvalidCharacterError' ? 'subscription.key' : 'subscription.push_service');
  }
}

export async function makeRegistration() {
  const made = await register(app, installation, subscription, ownKey);
  if (!made.ok) return made;
  note(app, installation, made.token);
  return { ok: true, token: typeof made.token === 'string' ? made.token.slice(0, 5_000) : undefined };
}

export async function arrival(nonce, milliseconds) {
  const seen = await within(milliseconds, new Promise((found) => {
    awaited = () => { if (arrived.has(nonce)) found(arrived.get(nonce)); };
    awaited();
  }));
  if (seen !== late) return seen;
  return fail(arrived.size > 0 ? 'arrival.other' : 'arrival.timeout');
}

/** Removes registration, installation and subscription; the worker too, unless its notification still stands there to be seen. */
export async function clean() {
  await Promise.allSettled([removeNoted(), leaveWorker(registration, false)]);
  app = installation = subscription = registration = undefined;
}

const oldRegistration = () => navigator.serviceWorker.getRegistration(scope).then((found) => (found && new URL(found.scope).pathname === scope ? found : undefined)).catch(() => undefined);

async function leaveWorker(of, closeNotifications) {
  if (!of) return;
  await (await of.pushManager.getSubscription())?.unsubscribe();
  const shown = await of.getNotifications();
  if (closeNotifications) for (const notification of shown) notification.close();
  if (closeNotifications || shown.length === 0) await of.unregister();
}

function activation(of) {
  const starting = of.installing ?? of.waiting ?? of.active;
  return new Promise((done) => {
    const look = () => { if (starting.state === 'activated' || starting.state === 'redundant') done(starting.state); };
    starting.addEventListener('statechange', look);
    look();
  });
}

const late = Symbol('late');

function within(milliseconds, promise) {
  let timer;
  const end = new Promise((done) => { timer = setTimeout(done, milliseconds, late); });
  return Promise.race([promise, end]).finally(() => clearTimeout(timer));
}

function browserKind() {
  const agent = navigator.userAgent;
  return /Edg\//.test(agent) ? 'edge' : /Firefox\//.test(agent) ? 'firefox' : /Chrome\//.test(agent) ? 'chrome' : /Safari\//.test(agent) ? 'safari' : 'other';
}
