"use strict";

// Preloaded with `node --require`: sends what is meant for Google's hosts to the emulator's TLS port, as an entry in /etc/hosts and a
// listener on port 443 would. The SDK itself stays as npm installed it; NODE_EXTRA_CA_CERTS makes Node trust the emulator's certificate.
const tls = require("node:tls");

const hosts = new Set(["fcm.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com"]);
const port = Number(process.env.FCM_EMULATOR_TLS_PORT);
const connect = tls.connect;

tls.connect = (...given) => {
  const callback = typeof given.at(-1) === "function" ? given.pop() : undefined;
  const options = given.find((argument) => typeof argument === "object" && argument !== null) ?? {};
  const host = typeof given[1] === "string" ? given[1] : (options.host ?? options.servername);
  if (!hosts.has(host)) {
    return connect(...given, ...(callback ? [callback] : []));
  }
  return connect({ ...options, host: "127.0.0.1", port, servername: host }, callback);
};
