import { initializeApp } from "/firebase/firebase-app.js";
import { getMessaging, onBackgroundMessage } from "/firebase/firebase-messaging-sw.js";

const app = initializeApp({ projectId: "demo", apiKey: "any", appId: "1:123456789:web:abcdef", messagingSenderId: "123456789" });

// The SDK has shown its notification by the time that it calls this.
onBackgroundMessage(getMessaging(app), async (payload) => {
  const shown = await self.registration.getNotifications();
  const notifications = shown.map(({ title, body }) => ({ title, body }));
  await fetch("/background", { method: "POST", body: JSON.stringify({ payload, notifications }) });
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
