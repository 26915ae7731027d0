/** How each kind of item is drawn: a table from kind to drawing, so that a new kind is one more entry. */

import { drawCase } from "./case.js";
import { at, copy, fill, isRepeated, speak } from "./dom.js";
import { drawNumber, drawRating, drawText } from "./fields.js";
import { drawHotspot } from "./hotspot.js";
import { drawChoice, drawChoices } from "./options.js";
import { drawOrder } from "./order.js";
import { drawSimulation } from "./program.js";
import { drawMostLeast } from "./statements.js";

const KINDS = {
  choice: drawChoice,
  choices: drawChoices,
  order: drawOrder,
  most_least: drawMostLeast,
  rating: drawRating,
  number: drawNumber,
  text: drawText,
  hotspot: drawHotspot,
  simulation: drawSimulation,
};

let drawnCount = 0;

/**
 * The form of an item, filled in; the page includes `platform/_item_kinds.html` and loads `items.css`.
 *
 * @param item one of the items of a presentation
 * @param response what stands for it: a response of its kind, something half-made that `change` gave before, or null
 * @param legend what a screen reader says for the whole, else the question
 * @param change called with each new response; it may be half-made: the server takes only what fits
 * @param say called with words for a live region of the page
 * @returns form; `choose(id)` for letter keys; `clear()`, null where Delete must not undo the work
 */
export function draw(item, { response = null, legend = item.question, change = () => {}, say = () => {} }) {
  const kind = KINDS[item.kind] ? item.kind : "unknown";
  const fragment = copy(`kind-${kind}`);
  const form = fragment.querySelector("form");
  const showsPicture = kind === "hotspot" || hasPicturedOptions(item);
  fill(form, { question: item.question, legend });
  drawCase(form, item, { withPicture: !showsPicture });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => isRepeated(event) && event.preventDefault()); // a box ticked stays ticked
  const drawn = KINDS[kind]?.({
    item, response, form, change, say,
    name: `item-${(drawnCount += 1)}`,
    part: (name) => copy(name, fragment).firstElementChild,
    note: (words, isWarning = false) => {
      const region = at(form, "note");
      region.classList.toggle("is-warning", isWarning);
      speak(region, words);
      if (words && form.isConnected) region.scrollIntoView({ block: "nearest" });
    },
  });
  return { form, clear() {}, choose() {}, ...drawn };
}

/** A choice among pictures: matrix and options stand side by side. */
function hasPicturedOptions(item) {
  return ["choice", "choices"].includes(item.kind) && item.options.some((option) => option.image);
}
