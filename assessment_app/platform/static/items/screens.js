/** A screen of a simulated program as nodes: its rows as the look wants them, and its buttons. */

import { stopWhereItScrolls } from "./case.js";
import { element } from "./dom.js";
import { looksNumeric } from "./numbers.js";
import { letterOf } from "./picking.js";
import { text } from "./texts.js";

/** @param words the text of each step by its id; @param part gives a copy of a part of the page's template */
export function drawScreen(screen, words, part) {
  const { rows = [], head = [], steps = [] } = screen;
  const buttons = steps.map((id) => element("button", { type: "button", className: "btn", "data-step": id, text: words.get(id) }));
  const hasTable = head.length > 0 || rows.some((row) => row.cells.length > 1);
  const draw = screen.look === "chat" ? bubbles : screen.look === "sheet" ? sheet : hasTable ? table : lines;
  const made = document.createDocumentFragment();
  if (rows.length || head.length) made.append(draw({ ...screen, rows, head }, (row) => pickOf(row, words), part));
  if (buttons.length) made.append(element("div", { className: "sim__buttons" }, buttons));
  return made;
}

/** Give a row's button, or null where the row does nothing; its name says the step and what stands in the row. */
function pickOf(row, words) {
  if (!row.step) return null;
  const name = text("program.row", { step: words.get(row.step), cells: row.cells.filter(Boolean).join(", ") });
  return element("button", { type: "button", className: "sim__pick", "data-step": row.step, "aria-label": name });
}

const markOf = (row, part) => (row.mark === "alert" ? [part("mark-alert")] : []);

/** Rows of one cell each: paragraphs, or buttons as wide as the screen. */
function lines({ rows }, pick, part) {
  return element("div", { className: "sim__lines" }, rows.map((row) => {
    const button = pick(row);
    const line = button ?? element("p");
    line.className = `sim__line ${markClass(row)} ${button ? "sim__line--pick" : ""}`;
    line.append(...markOf(row, part), row.cells[0]);
    return line;
  }));
}

function bubbles({ rows }, pick, part) {
  return element("ul", { className: "sim__chat plain" }, rows.map((row) => {
    const [first, ...rest] = row.cells;
    const [who, said] = rest.length ? [first, rest[0]] : ["", first];
    const button = pick(row);
    const bubble = button ?? element("div");
    bubble.className = `sim__bubble ${button ? "sim__bubble--pick" : ""}`;
    if (who) bubble.append(element("b", { text: who }));
    bubble.append(element("span", {}, [...markOf(row, part), said]));
    if (rest.length > 1) bubble.append(element("small", { text: rest.slice(1).join(" · ") }));
    return element("li", { className: markClass(row) }, [bubble]);
  }));
}

/** Under no head, the first cell of a row names what stands beside it; a short row reaches to the end of the table. */
function table({ title, head, rows }, pick, part) {
  const width = widthOf(head, rows);
  const heads = head.map((cell) => element(cell ? "th" : "td", { ...(cell && { scope: "col" }), text: cell }));
  return scrolling(title, "sim__table", [
    ...(heads.length ? [element("thead", {}, [element("tr", {}, heads)])] : []),
    element("tbody", {}, rows.map((row) => {
      const made = tableRow(row, pick(row), part, { namesRow: !heads.length && row.cells.length > 1 });
      if (row.cells.length < width) made.lastElementChild.colSpan = width - row.cells.length + 1;
      return made;
    })),
  ]);
}

const widthOf = (head, rows) => Math.max(head.length, ...rows.map((row) => row.cells.length));

function tableRow(row, button, part, { namesRow = false, classOf = () => "" }) {
  const at = Math.max(0, row.cells.findIndex(Boolean));
  const cells = row.cells.map((cell, index) => {
    const made = namesRow && index === 0 ? element("th", { scope: "row" }) : element("td", { className: classOf(cell) });
    made.append(...(index === at ? [...markOf(row, part), filled(button, cell)] : [cell]));
    return made;
  });
  return element("tr", { className: `${markClass(row)} ${button ? "is-pick" : ""}` }, cells);
}

/** The words themselves, or the button that holds them and is as large as the whole row. */
function filled(button, words) {
  if (!button) return words;
  button.textContent = words;
  return button;
}

/** A grid with letters above and numbers at the left; names of columns stand in its first row. */
function sheet({ title, head, rows }, pick, part) {
  const width = widthOf(head, rows);
  const letters = Array.from({ length: width }, (_, index) => element("th", { scope: "col", text: letterOf(index) }));
  const all = [...(head.length ? [{ cells: head, mark: "strong" }] : []), ...rows];
  return scrolling(title, "sim__table sim__sheet", [
    element("thead", {}, [element("tr", {}, [element("td"), ...letters])]),
    element("tbody", {}, all.map((row, index) => {
      const cells = [...row.cells, ...Array(width - row.cells.length).fill("")];
      const made = tableRow({ ...row, cells }, pick(row), part, { classOf: (cell) => (looksNumeric(cell) ? "num" : "") });
      made.prepend(element("th", { scope: "row", text: String(index + 1) }));
      return made;
    })),
  ]);
}

function scrolling(title, className, children) {
  const made = element("table", { className }, [element("caption", { className: "sr", text: title }), ...children]);
  const box = element("div", { className: "task__scroll", role: "group", "aria-label": title }, [made]);
  stopWhereItScrolls(box);
  return box;
}

const markClass = (row) => `sim__mark--${row.mark ?? "plain"}`;
