import { disablePush, enablePush, listen, received } from "/client/ringback-push.js";

const heard = [], chosen = [];
listen({ onEvent: (event) => heard.push(event), onChoice: (choice) => chosen.push(choice) });

async function until(condition) {
  while (!(await condition())) {
    await new Promise((again) => setTimeout(again, 20));
  }
}

const shown = async () => (await (await navigator.serviceWorker.getRegistration("/client/")).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));

window.test = {
  enable: (firebase, worker) => enablePush({ firebase, worker }),
  disable: () => disablePush("/client/"),
  next: async () => {
    await until(() => heard.length > 0);
    return heard.shift();
  },
  nextChoice: async () => {
    await until(() => chosen.length > 0);
    return chosen.shift();
  },
  press: async (action) => (await navigator.serviceWorker.getRegistration("/client/")).active.postMessage({ press: action }),
  received,
  shown,
};
