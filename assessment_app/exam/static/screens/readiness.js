/** Before the first section: identity, integrity pact, and whether this computer keeps answers. */

import { at, element, fill, icon, onAct, pill } from "../dom.js";
import { groupNip } from "../nip.js";
import { patiently } from "../protocol.js";
import { canKeepShell, keepShell } from "../shell.js";
import { tryStore } from "../store.js";
import { text } from "../texts.js";
import { seatName } from "./frame.js";

const TEST_RECORDS = 120;
const WIDTH_WANTED = 1024;
const CLOCK_NOTE_S = 60; // a computer whose clock is off by more deserves a remark, nothing else

const tenths = (number) => number.toFixed(1).replace(".", ",");

/** Show the screen and run its checks; a check that waits for the server says so meanwhile. */
export function getReady({ client, now, ...rest }) {
  const screen = new ReadinessScreen(rest);
  const ask = (meanwhile) => patiently(client.sitting, {
    onWait: () => ["server", "clock"].forEach((name) => screen.report(name, meanwhile())),
  });
  return screen.run(checks({ ask, now }));
}

/** Each gives result ("ok", "note" or "bad"), note and value. */
function checks({ ask, now }) {
  return {
    async store() {
      const { kept, tookMs } = await tryStore(TEST_RECORDS, now).catch(() => ({ kept: false, tookMs: 0 }));
      if (!kept) return { result: "bad", note: text("check.store.bad"), value: "" };
      return { result: "ok", note: text("check.store", { count: TEST_RECORDS }), value: milliseconds(tookMs) };
    },
    async server() {
      const answer = await ask(() => ({ result: "note", note: text("check.server.bad"), value: "" }));
      return { result: "ok", note: text("check.server"), value: milliseconds(answer.round_trip_ms) };
    },
    async clock() {
      const answer = await ask(() => ({ result: "note", note: text("check.clock.bad"), value: "" }));
      const seconds = Math.abs(Date.parse(answer.server_time) + answer.round_trip_ms / 2 - Date.now()) / 1000;
      const value = text("check.seconds", { count: tenths(seconds) });
      return { result: seconds > CLOCK_NOTE_S ? "note" : "ok", note: text("check.clock"), value };
    },
    async reload() {
      if (!canKeepShell()) return { result: "note", note: text("check.reload.insecure"), value: "" };
      const isKept = await keepShell();
      return { result: isKept ? "ok" : "note", note: text(isKept ? "check.reload" : "check.reload.bad"), value: "" };
    },
    async screen() {
      const size = { width: window.innerWidth, height: window.innerHeight };
      const fits = size.width >= WIDTH_WANTED;
      const note = text(fits ? "check.screen" : "check.screen.bad", size);
      return { result: fits ? "ok" : "note", note, value: text(fits ? "check.enough" : "check.narrow") };
    },
  };
}

const milliseconds = (ms) => text("check.ms", { count: Math.max(1, Math.round(ms)) });

const ICONS = { ok: "check", note: "warning", bad: "warning" };

class ReadinessScreen {
  #root;
  #done = { identity: false, pact: false, checks: false };

  constructor({ sitting, frame, onConsent, onLeave }) {
    const { participant, consent } = sitting;
    this.#root = frame.show("readiness");
    fill(this.#root, {
      ...participant,
      nip: groupNip(participant.nip),
      where: `${participant.room} · ${seatName(participant.seat)}`,
      version: text("ready.version", { version: consent.version }),
      pact: text("ready.pact", { name: participant.name }),
    });
    const granted = needsInWords(sitting.needs);
    at(this.#root, "needs").hidden = !granted.length;
    fill(this.#root, { needs: text("needs", { list: granted.join(", ") }) });
    frame.introduce(participant, sitting.needs);
    at(this.#root, "forms").append(...sitting.attempts.map(formLine));
    for (const name of ["identity", "pact"]) {
      at(this.#root, name).addEventListener("change", (event) => this.#mark(name, event.target.checked));
    }
    onAct(this.#root, { leave: onLeave, consent: () => this.#isReady && onConsent() });
    this.#show();
  }

  /** Run all checks side by side. */
  async run(allChecks) {
    const results = await Promise.all(Object.entries(allChecks).map(async ([name, check]) => {
      const outcome = await check();
      this.report(name, outcome);
      return outcome.result;
    }));
    const notes = results.filter((result) => result !== "ok").length;
    const made = results.includes("bad") ? "danger" : "ok";
    const ready = notes ? text("check.notes", { count: notes }) : text("check.ready");
    const verdict = made === "ok" ? pill(made, "check", ready) : pill(made, "warning", text("check.help"));
    at(this.#root, "checks-pill").replaceChildren(verdict);
    this.#mark("checks", true);
  }

  report(name, { result, note, value }) {
    const line = this.#root.querySelector(`[data-check="${name}"]`);
    line.dataset.result = result;
    fill(line, { note, value });
    at(line, "icon").replaceChildren(icon(ICONS[result]));
  }

  get #isReady() {
    return Object.values(this.#done).every(Boolean);
  }

  #mark(name, isDone) {
    this.#done[name] = isDone;
    this.#show();
  }

  #show() {
    const missing = Object.keys(this.#done).filter((name) => !this.#done[name]);
    const list = missing.map((name) => text(`ready.missing.${name}`)).join(", ");
    fill(this.#root, { state: missing.length ? text("ready.missing", { list }) : text("ready.allDone") });
    this.#root.querySelector('[data-act="consent"]').setAttribute("aria-disabled", String(!this.#isReady));
    at(this.#root, "identity-pill").hidden = !this.#done.identity;
    const current = missing[0] ?? "practice";
    for (const step of this.#root.querySelectorAll("[data-step]")) {
      step.classList.toggle("is-done", this.#done[step.dataset.step] === true);
      if (step.dataset.step === current) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
  }
}

/** What was granted before the sitting, in phrases: 'tambahan waktu 27 menit', 'teks besar'. */
export function needsInWords({ extra_ms: extraMs, large_text: isLarge, breaks, break_ms: breakMs, reader }) {
  const minutes = (ms) => Math.round(ms / 60_000);
  return [
    extraMs > 0 && text("needs.time", { minutes: minutes(extraMs) }),
    isLarge && text("needs.text"),
    breaks > 0 && text("needs.breaks", { count: breaks, minutes: minutes(breakMs) }),
    reader && text("needs.reader", { name: reader }),
  ].filter(Boolean);
}

function formLine({ n, title, items, time_limit_ms }) {
  const facts = [text("questions", { count: items }), text("minutes", { count: Math.round(time_limit_ms / 60_000) })];
  return element("li", {}, [element("b", { text: `${n}. ${title}` }), element("span", { text: facts.join(", ") })]);
}
