/** Screens with little to do: instructions, between sections, receipt, notice. */

import { at, element, fill, icon, onAct, pill } from "../dom.js";
import { text } from "../texts.js";

const inMinutes = (ms) => Math.round(ms / 60_000);
const minutes = (ms) => text("minutes", { count: inMinutes(ms) });
export const sectionOf = (attempt, sitting) => text("section", { number: attempt.n, count: sitting.attempts.length });

/** What comes next. The returned functions change the line beside the button, and whether it may be pressed. */
export function showInstructions({ frame, sitting, attempt, onStart }) {
  const root = frame.show("instructions");
  fill(root, {
    section: sectionOf(attempt, sitting),
    title: attempt.title,
    minutes: minutes(attempt.time_limit_ms),
    count: text("questions", { count: attempt.items }),
    extra: text("start.extra", {
      base: inMinutes(attempt.time_limit_ms - attempt.extra_ms),
      extra: inMinutes(attempt.extra_ms),
    }),
  });
  at(root, "extra").hidden = !attempt.extra_ms;
  const button = root.querySelector('[data-act="start"]');
  onAct(root, { start: () => button.getAttribute("aria-disabled") !== "true" && onStart() });
  return {
    list(instructions) {
      const lines = instructions.length ? instructions : [text("start.none")];
      at(root, "instructions").replaceChildren(...lines.map((line) => element("li", { text: line })));
    },
    state: (key) => fill(root, { state: text(key) }),
    allow: (isAllowed) => button.setAttribute("aria-disabled", String(!isAllowed)),
  };
}

/** After a section, before the next. */
export function showBetween({ frame, sitting, finished, next, answered, time, onContinue }) {
  const root = frame.show("between");
  fill(root, {
    finished: `${sectionOf(finished, sitting)} · ${finished.title}`,
    heading: text("between.done", { number: finished.n }),
    kept: text("between.track", { count: answered }),
    received: [text("between.track", { count: answered }), time].filter(Boolean).join(", "),
    count: text("between.count", { answered, unanswered: finished.items - answered }),
    next: text("between.next", { number: next.n }),
  });
  at(root, "rows").append(...sitting.attempts.map((attempt) => row(
    `${attempt.n}. ${attempt.title}`,
    [attempt.items, minutes(attempt.time_limit_ms)],
    statePill(attempt, next),
  )));
  onAct(root, { continue: onContinue });
}

function statePill(attempt, next) {
  if (["closed", "sealed"].includes(attempt.state)) return pill("ok", "check", text("state.sent"));
  if (attempt.n === next.n) return pill("info", "clock", text("state.next"));
  return pill("", "clock", text(attempt.state === "waiting" ? "state.waiting" : "state.open"));
}

const row = (heading, numbers, last) => element("tr", {}, [
  element("th", { scope: "row", text: heading }),
  ...numbers.map((number) => element("td", { className: "num", text: String(number) })),
  element("td", {}, [last]),
]);

/** The end: the code that proves what was received. */
export function showReceipt({ frame, sitting, receipt, time, onLeave }) {
  const root = frame.show("receipt");
  const sumOf = (name) => receipt.sheets.reduce((sum, sheet) => sum + sheet[name], 0);
  const answered = sumOf("answered");
  const count = text("between.track", { count: answered });
  fill(root, {
    wave: sitting.participant.wave,
    code: receipt.receipt_code,
    kept: count,
    count: text("between.count", { answered, unanswered: sumOf("of") - answered }),
    received: [count, time].filter(Boolean).join(", "),
  });
  at(root, "rows").append(...receipt.sheets.map((sheet, index) => {
    const sent = pill("ok", "check", text("state.sent"));
    const made = row(`${index + 1}. ${sheet.title}`, [sheet.of, sheet.answered], sent);
    const seal = element("td", { className: "mono nowrap", title: sheet.sha256, text: shortSeal(sheet.sha256) });
    made.lastChild.before(seal);
    return made;
  }));
  onAct(root, { leave: onLeave, print: () => window.print() });
}

/** The first 16 characters in groups of four: enough to compare by eye. */
export const shortSeal = (sha256) => sha256.slice(0, 16).match(/.{1,4}/g)?.join(" ") ?? "";

/** One thing to say, calmly. Returns a function that changes the sentence. */
export function showNotice({ frame, name, iconName, safe = "", action = "", onAction = () => {} }) {
  const root = frame.show("notice");
  document.body.dataset.notice = name;
  const [title, body] = [`${name}.title`, `${name}.body`];
  fill(root, { title: text(title), body: text(body), safe, action: action && text(action) });
  at(root, "icon").append(icon(iconName));
  at(root, "safe").hidden = !safe;
  root.querySelector('[data-act="retry"]').hidden = !action;
  onAct(root, { retry: onAction });
  return (key) => fill(root, { body: text(key) });
}
