/** The help sheet: keys, signs, and the instructions of the section that is worked on. */

import { at, element, onAct } from "../dom.js";

export class Help {
  #dialog = at(document, "help");

  constructor() {
    onAct(this.#dialog, { "close-help": () => this.#dialog.close() });
  }

  open(instructions) {
    at(this.#dialog, "help-form").hidden = instructions.length === 0;
    const lines = instructions.map((line) => element("li", { text: line }));
    at(this.#dialog, "help-instructions").replaceChildren(...lines);
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}
