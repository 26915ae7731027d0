/** What an item tells before it asks: paragraphs, a table, a picture. */

import { at, element } from "./dom.js";
import { looksNumeric } from "./numbers.js";
import { pictureBox } from "./pictures.js";
import { text } from "./texts.js";

const HIGH_PX = 320;
const MOST_COLUMNS = 5;
const SHORT = 32; // characters of an option that needs no wide column; the case, which is long then, takes the room

/** Fill in the case of an item; its picture only if no part of the answer shows it. */
export function drawCase(form, item, { withPicture }) {
  const parts = (item.stem ?? []).map((paragraph) => element("p", { text: paragraph }));
  if (item.table) parts.push(at(form, "question"), tableBox(item.table)); // a long table would push it out of sight
  if (withPicture && item.picture) parts.push(pictureBox(item.picture, { words: item.picture.text, height: HIGH_PX }));
  at(form, "case").prepend(...parts);
  form.classList.toggle("has-case", parts.length > 0);
  form.classList.toggle("has-figures", Boolean(item.table || (withPicture && item.picture)));
}

/** Let the answer stand at the right of the case, unless there is none, or a table that needs the whole width. */
export function standBeside(form, item) {
  const isWide = (item.table?.head.length ?? 0) > MOST_COLUMNS;
  form.classList.toggle("is-split", form.classList.contains("has-case") && !isWide);
  form.classList.toggle("has-short-options", (item.options ?? []).every((option) => option.text.length <= SHORT));
}

/** A table that scrolls within itself where the page is narrow; only then can the keyboard stop at it. */
export function tableBox({ caption, head, rows }) {
  const isNumeric = head.map((_, column) => isColumnOfFigures(rows.map((row) => row[column])));
  const heads = head.map((cell, column) =>
    element("th", { scope: "col", text: cell, className: isNumeric[column] && column > 0 ? "num" : "" }),
  );
  const table = element("table", { className: "task__table" }, [
    element("caption", { text: caption }),
    element("thead", {}, [element("tr", {}, heads)]),
    element("tbody", {}, rows.map(tableRow)),
  ]);
  const box = element("div", { className: "task__scroll", role: "group", "aria-label": caption }, [table]);
  stopWhereItScrolls(box);
  return box;
}

const tableRow = ([name, ...cells]) => element("tr", {}, [
  element("th", { scope: "row", text: name }),
  ...cells.map((cell) => element("td", { text: cell, className: looksNumeric(cell) ? "num" : "" })),
]);

function isColumnOfFigures(cells) {
  const filled = cells.filter(Boolean);
  return filled.length > 0 && filled.every(looksNumeric);
}

/** A box that scrolls sideways says so, and the keyboard can stop at it. */
export function stopWhereItScrolls(box) {
  box.dataset.more = text("table.more");
  new ResizeObserver(() => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("is-wider", scrolls);
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }).observe(box);
}
