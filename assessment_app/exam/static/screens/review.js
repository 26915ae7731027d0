/** Before a section is ended: what is blank and what is in doubt, each a way back; and what ending means. */

import { at, element, fill, onAct } from "../dom.js";
import { text } from "../texts.js";
import { cellClass, cellLabel } from "./grid.js";
import { sectionOf } from "./plain.js";

export class ReviewScreen {
  #root;
  #paper;
  #buttons = []; // { button, index }, a cell that is blank and in doubt has two

  constructor({ frame, sitting, attempt, paper, onOpen, onBack, onFinish }) {
    this.#root = frame.show("review");
    this.#paper = paper;
    const { unanswered } = paper.tally();
    fill(this.#root, {
      section: sectionOf(attempt, sitting),
      title: paper.title,
      back: text("review.back"),
      sure: text("review.sure", { count: unanswered }),
      consequence: text(unanswered ? "review.finishBlank" : "review.finish", { count: unanswered }),
    });
    this.#list("blank", (cell) => !cell.answered, onOpen);
    at(this.#root, "blank-hint").hidden = unanswered === 0;
    this.#list("doubt", (cell) => cell.doubted, onOpen);
    this.refresh();
    const ask = () => at(this.#root, "sure").showModal(); // its first button, the way back, gets the focus
    onAct(this.#root, { back: onBack, finish: unanswered ? ask : onFinish, "finish-anyway": onFinish });
  }

  #list(name, test, onOpen) {
    const indexes = this.#paper.cells().flatMap((cell, index) => (test(cell) ? [index] : []));
    const made = indexes.map((index) => {
      const button = element("button", { type: "button", text: String(index + 1), "data-cell": index + 1 });
      button.addEventListener("click", () => onOpen(index));
      this.#buttons.push({ button, index });
      return button;
    });
    const none = element("p", { className: "qgrid__none", text: text("review.none") });
    at(this.#root, name).append(...(made.length ? made : [none]));
  }

  /** Answers go on arriving at the server while this stands here. */
  refresh() {
    const cells = this.#paper.cells();
    const { answered, unanswered, doubted, pending } = this.#paper.tally();
    fill(this.#root, { answered, unanswered, doubted, pending });
    for (const { button, index } of this.#buttons) {
      button.className = cellClass(cells[index]);
      button.setAttribute("aria-label", cellLabel(index, cells[index], false));
    }
  }

  onKey() {}

  lock() {}
}
