// The sample page: ask for a callback, see the place in line move, receive the pushes, confirm, snooze, move, cancel, call in. It holds no state that the
// server has: what is shown comes from retrieve, asked every few seconds and after each push. Only the id of the callback is kept, so that a reload or a second
// tab finds it again. config.json beside this file names the server's key, the queues and the Firebase web app; see README.md.
import { enablePush, engagement, listen, received } from './ringback-push.js';
import { earlierWords, logWords, lostWords, notifyWords, queueWords, stateOf, timeOf, troubleOf } from './sample-words.js';

const place = 'ringback.sample', every = 3_000, snoozeMinutes = 10;
const $ = (id) => document.getElementById(id);

let config, calls;
let current = load(); // { id, pushes, confirmed?, snoozedUntil?, dial? }; nothing while there is no callback.
let status;           // What retrieve said last.
let pushes = [];      // Those of this callback, in order.
let timer, turns = 0;

const acts = {
  confirm: async () => { await calls.confirm(current.id); keep({ confirmed: true }); },
  snooze: async () => { keep({ snoozedUntil: (await calls.snooze(current.id, snoozeMinutes)).returnTime }); },
  cancel: () => calls.cancel(current.id),
  reschedule: async () => { await calls.reschedule(current.id, $('time').value); keep({ confirmed: undefined, snoozedUntil: undefined }); },
  'call-in': async () => { keep({ dial: await calls.callIn(current.id, status?.callInGroup) }); },
};

start().catch(() => trouble('This page cannot start: its server gave no configuration. Reload it in a moment.'));

async function start() {
  const answer = await fetch('config.json', { cache: 'no-store' });
  if (!answer.ok) return trouble(`This page cannot start. ${(await answer.json()).detail ?? ''}`);
  config = await answer.json();
  // Who calls in has to be told when: without messages only the other queue can be offered.
  if (!config.firebase) config.queues = config.queues.filter(({ callIn }) => !callIn);
  if (config.queues.length === 0) return trouble('This page has nothing to offer: no messages are set up, and no queue that works without them.');
  calls = engagement({ apiKey: config.apiKey });
  offer(config.queues);
  $('ask').addEventListener('submit', (submit) => { submit.preventDefault(); run(ask); });
  $('reschedule').addEventListener('submit', (submit) => { submit.preventDefault(); run(acts.reschedule); });
  for (const name of ['confirm', 'snooze', 'cancel', 'call-in']) $(name).addEventListener('click', () => run(acts[name]));
  $('again').addEventListener('click', again);
  $('queues').addEventListener('change', explain);
  $('notify').addEventListener('change', explain);
  // Another tab has asked for a callback, or is done with it.
  addEventListener('storage', ({ key }) => { if (key === place) { begin(load()); refresh(); } });
  document.addEventListener('visibilitychange', refresh);
  listen({ onEvent: refresh, onChoice: choose });
  await refresh();
}

/** Where the customer asked for messages, they come first: a callback that was made without a push target gets none later. */
async function ask() {
  const { name } = config.queues[Number(new FormData($('ask')).get('queue'))];
  const wanted = $('notify').checked;
  const token = wanted ? await enablePush({ firebase: config.firebase }) : undefined;
  const { id } = await calls.create({ serviceName: name, phoneNumber: $('phone').value, language: document.documentElement.lang }, token);
  begin();
  keep({ id, pushes: wanted });
  await refresh();
  $('state').focus();
}

/** Another callback, or none. */
function begin(callback) {
  current = callback;
  status = undefined;
  pushes = [];
}

function again() {
  begin();
  try { localStorage.removeItem(place); } catch { /* Nothing was kept then. */ }
  trouble();
  render();
  $('ask-title').focus();
}

/** What the customer pressed on a notification. */
function choose({ action, data }) {
  if (data.callbackId !== current?.id) return trouble(current && action !== 'open' ? earlierWords : '');
  if (action === 'book') again();
  else if (action === 'reschedule') $('time').focus();
  else if (acts[action]) run(acts[action]);
}

/** Does what was asked, once; what fails is said, and the state is asked for again either way. */
async function run(act) {
  const main = document.querySelector('main');
  if (main.ariaBusy === 'true') return;
  main.ariaBusy = 'true';
  trouble();
  try {
    await act();
  } catch (error) {
    trouble(troubleOf(error));
  } finally {
    main.ariaBusy = 'false';
    await refresh();
    // The button that was pressed may be gone, and a keyboard would begin at the top again.
    if (current && (document.activeElement === document.body || document.activeElement.closest('[hidden]'))) $('state').focus();
  }
}

/** Asks how things stand, shows it, and asks again while somebody looks. A call overtaken by a later one changes nothing. */
async function refresh() {
  const turn = ++turns;
  clearTimeout(timer);
  let lost;
  if (current) {
    const of = current.id;
    const [answer, log] = await Promise.all([calls.retrieve(of).catch((error) => error), received(of)]);
    if (turn !== turns || of !== current?.id) return;
    if (answer instanceof Error) lost = answer; else status = answer;
    pushes = log;
  }
  if (lost?.status === 404) {
    again();
    return trouble(troubleOf(lost));
  }
  render(lost && (lost.status === 0 || lost.status >= 500 ? lostWords : troubleOf(lost)));
  const over = status?.callbackState === 'COMPLETED';
  if (current && !over && document.visibilityState === 'visible') timer = setTimeout(refresh, every);
}

function render(lost) {
  show('ask', !current);
  show('callback', current && (status || lost));
  show('pushes', current);
  if (!current) return explain();
  const at = status?.callbackState;
  const [title, text] = status ? stateOf(status, current) : ['Your callback', ''];
  say('state', title);
  say('place', [text, lost].filter(Boolean).join(' '));
  const dial = at === 'ROUTING' && toDial();
  if (dial) {
    $('number').href = `tel:${dial.toPhoneNumber}`;
    say('number', dial.toPhoneNumber);
    say('code', dial.accessCode ? ` and enter the code ${dial.accessCode}` : '');
  }
  show('dial', dial);
  show('call-in', status?.callInGroup && !dial);
  show('confirm', (at === 'QUEUED' || at === 'SCHEDULED') && !current.confirmed);
  show('snooze', at === 'QUEUED');
  show('reschedule', at === 'QUEUED' || at === 'SCHEDULED');
  show('cancel', at === 'QUEUED' || at === 'SCHEDULED' || at === 'ROUTING');
  show('again', at === 'COMPLETED');
  renderLog();
}

function renderLog() {
  show('no-pushes', pushes.length === 0);
  say('no-pushes', current.pushes ? logWords.waiting : logWords.off);
  const shown = pushes.map(({ data }) => data.notificationId).join(' ');
  if ($('log').dataset.shown === shown) return;
  $('log').dataset.shown = shown;
  $('log').replaceChildren(...pushes.map(({ event, title, body, data }) => {
    const item = document.createElement('li');
    for (const [tag, text] of [['b', data.sequence], ['code', event], ['time', timeOf(data.occurredAt)], ['p', `${title}. ${body}`]]) {
      item.append(Object.assign(document.createElement(tag), { textContent: text }), ' ');
    }
    return item;
  }));
}

/** The number to dial: from the answer of the call, or from the push that says the same, whichever runs longer. */
function toDial() {
  const push = pushes.findLast(({ event }) => event === 'CALLBACK_CALL_IN')?.data;
  return [current.dial, push].filter((dial) => Number(dial?.expirationTime) > Date.now()).sort((a, b) => b.expirationTime - a.expirationTime)[0];
}

function offer(queues) {
  $('queues').replaceChildren(...queues.map(({ callIn }, number) => {
    const label = document.createElement('label'), choice = document.createElement('input'), words = document.createElement('span');
    label.className = 'choice';
    Object.assign(choice, { type: 'radio', name: 'queue', value: number, required: true, checked: number === 0 });
    words.textContent = callIn ? queueWords.callIn : queueWords.callBack;
    label.append(choice, ' ', words);
    return label;
  }));
}

function explain() {
  const { callIn } = config.queues[Number(new FormData($('ask')).get('queue'))];
  const notify = $('notify');
  if (callIn) notify.checked = true;
  if (!config.firebase) notify.checked = false;
  notify.disabled = callIn || !config.firebase;
  say('notify-hint', callIn ? notifyWords.callIn : notify.checked ? notifyWords.callBack : config.firebase ? notifyWords.off : notifyWords.none);
}

function trouble(text = '') {
  say('trouble', text);
  show('trouble', text);
}

/** Only what changes is written: a screen reader speaks at each write. */
function say(id, text) { if ($(id).textContent !== text) $(id).textContent = text; }

function show(id, when) { $(id).hidden = !when; }

function keep(more) {
  current = { ...current, ...more };
  try { localStorage.setItem(place, JSON.stringify(current)); } catch { /* Without storage a reload begins anew. */ }
}

function load() {
  try { return JSON.parse(localStorage.getItem(place)) ?? undefined; } catch { return undefined; }
}
