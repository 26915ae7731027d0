/** Around the practice items: what is practised, what was tried already, and the way on. */

import { at, element, onAct, pill } from "../dom.js";
import { text } from "../texts.js";

export function showPractice({ frame, progress, onTry, onAgain, onDone }) {
  const root = frame.show("practice");
  const isBegun = progress.some(({ isDone }) => isDone);
  at(root, "tries").append(...progress.map(({ name, isDone }) => element("li", {}, [
    element("span", { text: name }),
    isDone
      ? pill("ok", "check", text("practice.tried"))
      : element("span", { className: "muted", text: text("practice.untried") }),
  ])));
  for (const part of root.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "begun") !== isBegun;
  onAct(root, { try: onTry, back: onTry, again: onAgain, skip: onDone, done: onDone });
}
