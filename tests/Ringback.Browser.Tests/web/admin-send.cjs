"use strict";

// The beginning of every server that uses the Admin SDK; prints what became of each token of the command line.
const { cert, initializeApp } = require("firebase-admin/app");
const { getMessaging } = require("firebase-admin/messaging");

const [account, ...tokens] = process.argv.slice(2);
initializeApp({ credential: cert(account) });

getMessaging()
  .sendEach(tokens.map((token) => ({ token, notification: { title: "From the Admin SDK" }, data: { event: "CALLBACK_READY" } })))
  .then(({ responses }) => {
    console.log(JSON.stringify(responses.map(({ messageId, error }) => messageId ?? error.code)));
    process.exit(0);
  });
