"use strict";

// More rows than this make the page slow and help nobody; the whole inbox is one GET away.
const maxRows = 300;
const waitSeconds = 25;
// Tools that load a page and wait for the network to fall silent never finish with an open request: the first looks are short ones.
const shortLooks = 5;

const tones = {
  CALLBACK_UPCOMING: "act",
  CALLBACK_READY: "good",
  CALLBACK_CALL_IN: "good",
  CALLBACK_PURGED: "bad",
  CALLBACK_ATTEMPT_FAILED: "bad",
  CALLBACK_FINAL_ATTEMPT_FAILED: "bad",
};

const byId = (id) => document.getElementById(id);
const list = byId("messages");
const filter = byId("filter");
let last = 0;
let loaded = false;
let looks = 0;

// Text goes in as textContent only: titles, names and payloads are whatever a sender made up.
function rowOf(entry) {
  const row = byId("message").content.cloneNode(true).querySelector("li");
  const { message } = entry;
  const data = message.data ?? {};
  const shown = message.notification ?? message.android?.notification ?? message.webpush?.notification ?? {};
  const at = new Date(entry.receivedAt);
  const time = row.querySelector("time");
  time.dateTime = entry.receivedAt;
  time.textContent = at.toLocaleTimeString([], { hour12: false });
  time.title = at.toLocaleString();
  row.querySelector(".sequence").textContent = `#${entry.sequence}`;
  const event = row.querySelector(".event");
  event.textContent = data.event ?? "message";
  event.dataset.tone = tones[data.event] ?? "plain";
  row.querySelector(".mark").hidden = !entry.validateOnly;
  row.querySelector("h2").textContent = shown.title ?? data.title ?? "";
  row.querySelector(".text").textContent = shown.body ?? data.body ?? "";
  const kind = ["token", "fid", "topic", "condition"].find((name) => message[name] != null);
  row.querySelector(".kind").textContent = `to ${kind}`;
  const target = row.querySelector(".to code");
  target.textContent = shorten(message[kind]);
  row.querySelector(".project").textContent = `in ${entry.projectId}`;
  row.querySelector("pre code").textContent = JSON.stringify(message, null, 2);
  row.searchText = `${JSON.stringify(message)} ${entry.projectId}`.toLowerCase();
  return row;
}

function shorten(target) {
  const text = String(target);
  return text.length > 34 ? `${text.slice(0, 20)} … ${text.slice(-8)}` : text;
}

function add(entries) {
  // Entries that were there before the page was opened do not jump in one by one.
  const fresh = loaded;
  const rows = document.createDocumentFragment();
  for (const entry of entries.toReversed()) {
    const row = rowOf(entry);
    row.classList.toggle("fresh", fresh);
    rows.append(row);
  }
  list.prepend(rows);
  while (list.children.length > maxRows) {
    list.lastElementChild.remove();
  }
  last = entries.at(-1)?.sequence ?? last;
  show();
}

function show() {
  const wanted = filter.value.trim().toLowerCase();
  let visible = 0;
  for (const row of list.children) {
    row.hidden = !row.searchText.includes(wanted);
    visible += row.hidden ? 0 : 1;
  }
  const total = list.children.length;
  byId("empty").hidden = !loaded || total > 0;
  byId("nomatch").hidden = total === 0 || visible > 0;
  byId("clear").disabled = total === 0;
  byId("count").textContent = total === 0 ? "" : wanted ? `${visible} of ${total}` : `${total} ${total === 1 ? "message" : "messages"}`;
}

function state(name, text) {
  byId("state").dataset.state = name;
  byId("state-text").textContent = text;
}

function pause(milliseconds) {
  return new Promise((again) => setTimeout(again, milliseconds));
}

async function read(path) {
  const answer = await fetch(path);
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status}`);
  }
  return answer.json();
}

async function showFacts() {
  const info = await read("/info");
  byId("facts").textContent = `${location.host} · version ${info.version} · ${info.accounts} ${info.accounts === 1 ? "account" : "accounts"}`;
}

async function follow() {
  for (;;) {
    try {
      const wait = loaded && looks >= shortLooks ? waitSeconds : 0;
      const { messages } = await read(`/inbox?after=${last}&last=${maxRows}&waitSeconds=${wait}`);
      if (!loaded) {
        list.replaceChildren();
      }
      add(messages);
      if (!loaded) {
        loaded = true;
        show();
      }
      state("live", "Live");
      if (messages.length > 0 || looks === 0) {
        await showFacts();
      }
      looks += 1;
      if (wait === 0) {
        await pause(1000);
      }
    } catch {
      state("lost", "Connection lost, trying again …");
      // The emulator may come back with an empty inbox and count from one again.
      loaded = false;
      last = 0;
      looks = 0;
      await pause(1000);
    }
  }
}

byId("example").textContent = `curl -X POST ${location.origin}/accounts -d '{"projectId":"demo"}' > account.json`;
filter.addEventListener("input", show);
byId("clear").addEventListener("click", async () => {
  try {
    await fetch("/inbox", { method: "DELETE" });
    list.replaceChildren();
    show();
  } catch {
    state("lost", "Connection lost, trying again …");
  }
});
follow();
