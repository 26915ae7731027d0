/** The question list: one button per item, one tab stop for all, arrows inside. */

import { element } from "../dom.js";
import { gridStep } from "../answers.js";
import { text } from "../texts.js";

/** What a cell says to those who do not see it: 'Soal 33, ragu-ragu, belum terkirim'. */
export function cellLabel(index, cell, isCurrent) {
  const parts = [text("item.here", { number: index + 1 }), text(`cell.${cell.state}`)];
  if (cell.refused) parts.push(text("cell.refused"));
  else if (cell.pending) parts.push(text("cell.pending"));
  if (isCurrent) parts.push(text("cell.current"));
  return parts.join(", ");
}

export function cellClass(cell) {
  return [
    "qcell",
    cell.state === "blank" ? "" : `qcell--${cell.state}`,
    cell.pending ? "qcell--pending" : "",
    cell.refused ? "qcell--refused" : "",
  ].filter(Boolean).join(" ");
}

export class Grid {
  #root;
  #buttons;
  #tabStop = 0;

  constructor(root, { count, onOpen }) {
    this.#root = root;
    this.#buttons = Array.from({ length: count }, (_, index) =>
      element("button", { type: "button", className: "qcell", text: String(index + 1), "data-cell": index + 1 }),
    );
    this.#buttons.forEach((button, index) => button.addEventListener("click", () => onOpen(index)));
    root.replaceChildren(...this.#buttons);
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  update(cells, current) {
    this.#buttons.forEach((button, index) => {
      button.className = cellClass(cells[index]);
      button.setAttribute("aria-label", cellLabel(index, cells[index], index === current));
      if (index === current) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    this.#stopAt(current);
  }

  /** Scroll the panel, and only the panel, until the current cell is in sight. */
  reveal(current, panel) {
    const cell = this.#buttons[current].getBoundingClientRect();
    const frame = panel.getBoundingClientRect();
    if (panel.scrollHeight <= panel.clientHeight) return;
    if (cell.top < frame.top) panel.scrollTop -= frame.top - cell.top + cell.height;
    if (cell.bottom > frame.bottom) panel.scrollTop += cell.bottom - frame.bottom + cell.height;
  }

  #stopAt(index) {
    this.#buttons.forEach((button, other) => (button.tabIndex = other === index ? 0 : -1));
    this.#tabStop = index;
  }

  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const columns = getComputedStyle(this.#root).gridTemplateColumns.split(" ").length;
    const target = gridStep(this.#tabStop, event.key, this.#buttons.length, columns);
    if (target === null) return;
    event.preventDefault();
    this.#stopAt(target);
    this.#buttons[target].focus();
  }
}
