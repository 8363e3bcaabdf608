// The worker of clients/web, and a hand that presses its first notification: no browser lets a test do that.
importScripts("ringback-push-sw.js");

self.addEventListener("message", (message) => {
  if (message.data?.press === undefined) return;
  message.waitUntil(inTurn(async () => {
    const [notification] = await self.registration.getNotifications();
    // Only a real press may open a window.
    await choose({ notification, action: message.data.press }).catch(() => {});
  }));
});
