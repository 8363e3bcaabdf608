'use strict';
// The service worker beside ringback-push.js: receives the events of docs/api/push-events.md, in both presentations. An event goes to the app's open pages; where
// none of them is visible, a notification shows it. A repeated notificationId and an event that is older than what was shown last are dropped.
// It holds no key: what a customer chooses on a notification is handed to the page, which acts. Register it through enablePush(), which says which page that is.

// Browsers show two buttons at most, so the important ones come first.
const actionsOf = {
  CALLBACK_UPCOMING: ['confirm', 'snooze', 'cancel'],
  CALLBACK_READY: ['call-in', 'cancel'],
  CALLBACK_CALL_IN: ['dial'],
  CALLBACK_PURGED: ['book'],
  CALLBACK_ATTEMPT_FAILED: ['reschedule', 'cancel'],
  CALLBACK_FINAL_ATTEMPT_FAILED: ['book'],
};
// Change these to the language of your app.
const words = { confirm: 'Confirm', snooze: 'In 10 minutes', cancel: 'Cancel', 'call-in': 'Call in now', dial: 'Dial', book: 'Book again', reschedule: 'Another time' };

// The memory is bounded: a resend comes within hours, and a browser has few callbacks at a time.
const mostIds = 200, mostCallbacks = 50, mostEvents = 50;
const startPage = new URL(new URL(self.location.href).searchParams.get('page') ?? self.registration.scope, self.location.href);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (activate) => activate.waitUntil(self.clients.claim()));
self.addEventListener('push', (push) => push.waitUntil(inTurn(() => receive(push))));
self.addEventListener('notificationclick', (click) => click.waitUntil(inTurn(() => choose(click))));
self.addEventListener('message', (message) => {
  if (message.data?.kind === 'ringback-page-ready') message.waitUntil(inTurn(() => handOver(message.source)));
  if (message.data?.kind === 'ringback-received') message.waitUntil(inTurn(async () => message.ports[0].postMessage((await load()).events)));
});

// One after the other, so that a resend which arrives together with its original is seen to be one.
let last = Promise.resolve();
function inTurn(work) {
  const next = last.then(work);
  last = next.catch(() => {});
  return next;
}

async function receive(push) {
  const message = read(push.data);
  if (!message) return;
  const memory = await load();
  if (dropped(memory, message.data)) return;
  const pages = await pagesOfTheApp();
  for (const page of pages) page.postMessage({ kind: 'ringback-event', ...message });
  if (!pages.some((page) => page.visibilityState === 'visible')) await show(message);
  // Last: a worker that is ended before this shows the resend under the same tag, where one that noted it first would show nothing.
  await save(remember(memory, message));
}

/** { event, title, body, data } of a message in either presentation; nothing for what is not Ringback's. */
function read(text) {
  let message;
  try { message = text.json(); } catch { return; }
  const data = message?.data;
  if (data?.version !== '1' || !(data.event in actionsOf) || !data.notificationId || !data.callbackId) return;
  return { event: data.event, title: message.notification?.title ?? data.title ?? 'Your callback', body: message.notification?.body ?? data.body ?? '', data };
}

function dropped(memory, { notificationId, callbackId, sequence }) {
  return memory.ids.includes(notificationId) || Number(sequence) < (memory.sequences.find(([id]) => id === callbackId)?.[1] ?? 0);
}

function remember(memory, message) {
  const { notificationId, callbackId, sequence } = message.data;
  return {
    ...memory,
    ids: [...memory.ids, notificationId].slice(-mostIds),
    events: [...memory.events, message].slice(-mostEvents),
    sequences: [...memory.sequences.filter(([id]) => id !== callbackId), [callbackId, Number(sequence) || 0]].slice(-mostCallbacks),
  };
}

async function show({ event, title, body, data }) {
  // What an earlier event asked for is over: its buttons would only lead to a refusal.
  for (const shown of await self.registration.getNotifications()) if (shown.data?.data?.callbackId === data.callbackId) shown.close();
  await self.registration.showNotification(title, {
    body,
    tag: data.notificationId,
    renotify: false,
    requireInteraction: event === 'CALLBACK_READY' || event === 'CALLBACK_CALL_IN',
    data: { event, title, body, data },
    actions: actionsOf[event].map((action) => ({ action, title: words[action] })),
  });
}

/** A page that is open gets the choice at once. One that must be opened asks for it when it is ready: an address could be forged, and would act without the customer. */
async function choose({ notification, action }) {
  notification.close();
  const choice = { kind: 'ringback-choice', action: action || 'open', ...notification.data };
  const [page] = await pagesOfTheApp();
  if (page) {
    page.postMessage(choice);
    await page.focus().catch(() => {});
    return;
  }
  await save({ ...(await load()), choice });
  await self.clients.openWindow(startPage.href);
}

async function handOver(page) {
  const { choice, ...memory } = await load();
  if (!choice) return;
  await save(memory);
  page?.postMessage(choice);
}

async function pagesOfTheApp() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return pages.filter((page) => page.url.startsWith(self.registration.scope));
}

const load = async () => ({ ids: [], sequences: [], events: [], ...(await inStore('readonly', (store) => store.get('memory'))) });
const save = (memory) => inStore('readwrite', (store) => store.put(memory, 'memory'));

async function inStore(mode, work) {
  const database = await new Promise((done, failed) => {
    const opening = indexedDB.open('ringback-push', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('worker');
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction('worker', mode);
      const request = work(transaction.objectStore('worker'));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}
