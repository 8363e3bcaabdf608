'use strict';
// The service worker of the test. It hands the push of a test to the pages of this site; where none of them is visible it shows a notification, as browsers demand.

const event = 'RINGBACK_TEST', kind = 'ringback-push-test', tag = 'ringback-push-test';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('push', (push) => push.waitUntil(receive(push)));
self.addEventListener('notificationclick', (click) => click.waitUntil(open(click.notification)));
self.addEventListener('notificationclose', (close) => close.waitUntil(leave()));

async function receive(push) {
  let message;
  try { message = push.data.json(); } catch { return; }
  if (message?.data?.event !== event) return;
  const pages = await pagesOfThisSite();
  const visible = pages.some((page) => page.visibilityState === 'visible');
  let shown = false;
  if (!visible) {
    try {
      await self.registration.showNotification(message.notification?.title ?? 'Ringback test', { body: message.notification?.body, tag });
      shown = true;
    } catch { /* The page says that the system did not let us. */ }
  }
  for (const page of pages) page.postMessage({ kind, nonce: message.data.nonce, visible, shown });
}

async function open(notification) {
  notification.close();
  const [page] = await pagesOfThisSite();
  await page?.focus().catch(() => {});
  await leave();
}

/** The test is over once its notification is. */
const leave = () => self.registration.unregister();

const pagesOfThisSite = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });
