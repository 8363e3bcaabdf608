import { disablePush, enablePush, listen } from "/client/ringback-push.js";

const heard = [];
listen({ onEvent: (event) => heard.push(event) });

async function until(condition) {
  while (!(await condition())) {
    await new Promise((again) => setTimeout(again, 20));
  }
}

const shown = async () => (await (await navigator.serviceWorker.getRegistration("/client/")).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));

window.test = {
  enable: (firebase) => enablePush({ firebase }),
  disable: () => disablePush("/client/"),
  next: async () => {
    await until(() => heard.length > 0);
    return heard.shift();
  },
  shown,
};
