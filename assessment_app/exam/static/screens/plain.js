/** Screens with little to do: instructions, review, between sections, receipt, notice. */

import { at, element, fill, icon, onAct, pill } from "../dom.js";
import { text } from "../texts.js";
import { cellClass, cellLabel } from "./grid.js";

const minutes = (ms) => text("minutes", { count: Math.round(ms / 60_000) });
const sectionOf = (attempt, sitting) => text("section", { number: attempt.n, count: sitting.attempts.length });

/** What comes next. The returned functions change the line beside the button, and whether it may be pressed. */
export function showInstructions({ frame, sitting, attempt, onStart }) {
  const root = frame.show("instructions");
  fill(root, {
    section: sectionOf(attempt, sitting),
    title: attempt.title,
    minutes: minutes(attempt.time_limit_ms),
    count: text("questions", { count: attempt.items }),
  });
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

/** What is blank and what is in doubt, each a way back; and what ending means. */
export function showReview({ frame, sitting, attempt, paper, onOpen, onBack, onFinish }) {
  const root = frame.show("review");
  const unit = text(paper.hasBlocks ? "unit.block" : "unit.item");
  const cells = paper.cells();
  const { unanswered, pending } = paper.tally();
  const doubted = cells.filter((cell) => cell.doubted).length;
  const consequence = { count: unanswered, unit: unit.toLowerCase() };
  fill(root, {
    section: sectionOf(attempt, sitting),
    title: paper.title,
    answered: cells.length - unanswered,
    unanswered,
    doubted,
    pending,
    consequence: text(unanswered ? "review.finishBlank" : "review.finish", consequence),
  });
  const buttons = (test) => {
    const found = cells.map((cell, index) => ({ cell, index })).filter(({ cell }) => test(cell));
    return found.length ? found.map((one) => cellButton(one, unit, onOpen)) : [element("p", { className: "qgrid__none", text: text("review.none") })];
  };
  at(root, "blank").append(...buttons((cell) => !cell.answered));
  at(root, "doubt").append(...buttons((cell) => cell.doubted));
  onAct(root, { back: onBack, finish: onFinish });
}

function cellButton({ cell, index }, unit, onOpen) {
  const label = cellLabel(unit, index, cell, false);
  const made = { type: "button", className: cellClass(cell), text: String(index + 1), "aria-label": label };
  const button = element("button", { ...made, "data-cell": index + 1 });
  button.addEventListener("click", () => onOpen(index));
  return button;
}

/** After a section, before the next. */
export function showBetween({ frame, sitting, finished, next, answered, time, onContinue }) {
  const root = frame.show("between");
  fill(root, {
    finished: `${sectionOf(finished, sitting)} · ${finished.title}`,
    heading: text("between.done", { number: finished.n }),
    kept: text("between.track", { count: answered }),
    received: [text("between.track", { count: answered }), time].filter(Boolean).join(", "),
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
  const answered = receipt.sheets.reduce((sum, sheet) => sum + sheet.answered, 0);
  const count = text("between.track", { count: answered });
  fill(root, {
    wave: sitting.participant.wave,
    code: receipt.receipt_code,
    kept: count,
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
