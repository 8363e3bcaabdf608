"use strict";

// The panel beside the inbox: answers so far, faults in force, and what became of each token. It asks only while it is open.
(() => {
  const everyMilliseconds = 2000;
  const panel = document.getElementById("panel");

  // Text goes in as textContent only: tokens and projects are whatever a sender made up.
  function fill(id, rows, none) {
    const body = document.getElementById(id);
    body.replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((cell) => {
        const data = document.createElement("td");
        data.textContent = cell;
        return data;
      }));
      return row;
    }));
    if (rows.length === 0) {
      const row = document.createElement("tr");
      const data = document.createElement("td");
      data.colSpan = 5;
      data.textContent = none;
      row.append(data);
      body.append(row);
    }
  }

  function ruleText({ id, effect, error, fitted, struck, ...conditions }) {
    const where = Object.entries(conditions).map(([name, value]) => `${name} ${value}`).join(", ");
    return [id, error ?? effect, where || "every send", `${struck} of ${fitted}`];
  }

  async function get(path) {
    return (await fetch(path)).json();
  }

  async function show() {
    const [{ sends }, outage, { rules }, { targets }, clock] =
      await Promise.all(["/counters", "/faults", "/faults/rules", "/targets", "/clock"].map(get));
    fill("answers", sends.map(({ projectId, answer, count }) => [projectId, answer, count]), "Nothing was sent yet.");
    const all = rules.map(ruleText);
    if (outage.unavailable) {
      all.unshift(["outage", "UNAVAILABLE", "every send", ""]);
    }
    fill("faults", all, "No faults are in force.");
    fill("targets", targets.map(({ target, state, accepted, refused, lastAnswer }) =>
      [target.length > 34 ? `${target.slice(0, 20)} … ${target.slice(-8)}` : target, state, accepted, refused, lastAnswer]), "No token was used yet.");
    const hours = clock.offsetSeconds / 3600;
    document.getElementById("clock").textContent =
      hours === 0 ? "The clock is the real one." : `The clock is ${Math.abs(hours).toFixed(2)} h ${hours > 0 ? "ahead" : "behind"}: ${clock.now}`;
  }

  async function follow() {
    while (panel.open) {
      await show().catch(() => {});
      await new Promise((again) => setTimeout(again, everyMilliseconds));
    }
  }

  panel.addEventListener("toggle", () => panel.open && follow());
})();
