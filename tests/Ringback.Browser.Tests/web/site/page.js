import { initializeApp } from "/firebase/firebase-app.js";
import { deleteToken, getMessaging, getToken, onMessage, onRegistered, register } from "/firebase/firebase-messaging.js";

// Everything that a real app would have in its configuration; none of it is a secret.
const app = initializeApp({ projectId: "demo", apiKey: "any", appId: "1:123456789:web:abcdef", messagingSenderId: "123456789" });
const messaging = getMessaging(app);

const received = [];
onMessage(messaging, (payload) => received.push(payload));

let registered;
const onFid = new Promise((done) => (registered = done));
onRegistered(messaging, (fid) => registered(fid));

async function worker() {
  return navigator.serviceWorker.register("/worker.js", { type: "module" });
}

async function until(condition) {
  while (!condition()) {
    await new Promise((again) => setTimeout(again, 20));
  }
}

window.test = {
  token: async (vapidKey) => getToken(messaging, { vapidKey, serviceWorkerRegistration: await worker() }),
  register: async () => {
    await register(messaging, { serviceWorkerRegistration: await worker() });
    return onFid;
  },
  deleteToken: () => deleteToken(messaging),
  nextMessage: async () => {
    await until(() => received.length > 0);
    return received.shift();
  },
  receivedCount: () => received.length,
};
