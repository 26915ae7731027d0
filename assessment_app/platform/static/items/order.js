/** Items whose options are put in order: by buttons that keep the focus, or by dragging a row's grip. */

import { standBeside } from "./case.js";
import { at, disable, fill, onAct } from "./dom.js";
import { pictureBox } from "./pictures.js";
import { isOrderOf, moved } from "./picking.js";
import { text } from "./texts.js";

/** Where the rows stand at first is no answer: the participant moves one, or says that the order is right. */
export function drawOrder({ item, response, form, part, change, say }) {
  const ids = item.options.map((option) => option.id);
  const rows = new Map(item.options.map((option) => [option.id, drawRow(option, part("row"))]));
  const words = new Map(item.options.map((option) => [option.id, option.text]));
  const list = at(form, "options");
  let isAnswered = isOrderOf(ids, response);
  let order = isAnswered ? response : ids;
  const show = () => {
    order.forEach((id, index) => {
      const row = rows.get(id);
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
      showPlace(row, index, order.length);
    });
    for (const whenAnswered of ["complete", "undo"]) at(form, whenAnswered).hidden = !isAnswered;
    for (const whenNot of ["partial", "confirm"]) at(form, whenNot).hidden = isAnswered;
  };
  const take = (next, answers) => {
    order = next;
    isAnswered = answers;
    show();
    change(answers ? order : null);
  };
  const tell = (id) => say(text("order.moved", { text: words.get(id), place: order.indexOf(id) + 1, count: order.length }));
  const move = (by) => (button) => {
    const id = button.closest("li").dataset.id;
    if (button.getAttribute("aria-disabled") === "true") return say(text(by < 0 ? "order.first" : "order.last"));
    take(moved(order, id, order.indexOf(id) + by), true);
    button.focus(); // a row that moves loses it
    return tell(id);
  };
  const clear = () => take(ids, false);
  const undo = () => {
    clear();
    say(text("order.undone"));
    at(form, "confirm").focus(); // each of the two buttons makes way for the other
  };
  const confirm = () => {
    take(order, true);
    say(text("order.confirmed"));
    at(form, "undo").focus();
  };
  onAct(form, { up: move(-1), down: move(1), undo, confirm });
  letDrag(list, (id) => {
    take([...list.children].map((row) => row.dataset.id), true);
    tell(id);
  });
  standBeside(form, item);
  show();
  return { clear };
}

function drawRow(option, row) {
  row.dataset.id = option.id;
  fill(row, { text: option.text });
  if (option.image) at(row, "picture").append(pictureBox(option.image, { height: 64 }));
  for (const way of ["up", "down"]) {
    row.querySelector(`[data-act="${way}"]`).setAttribute("aria-label", text(`order.${way}`, { text: option.text }));
  }
  return row;
}

function showPlace(row, index, count) {
  fill(row, { place: index + 1 });
  disable(row.querySelector('[data-act="up"]'), index === 0);
  disable(row.querySelector('[data-act="down"]'), index === count - 1);
}

/** Dragging moves the other rows around the one that is held, because a row that moves would let go of the pointer. */
function letDrag(list, onDropped) {
  let held = null;
  let hasMoved = false;
  const drop = () => {
    held?.classList.remove("is-held");
    if (held && hasMoved) onDropped(held.dataset.id);
    held = null;
    hasMoved = false;
  };
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0 || grip.closest("fieldset").disabled) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    held = grip.closest("li");
    held.classList.add("is-held");
  });
  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [before, after] = [held.previousElementSibling, held.nextElementSibling];
    if (before && event.clientY < middleOf(before)) held.after(before);
    else if (after && event.clientY > middleOf(after)) held.before(after);
    else return;
    hasMoved = true;
  });
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
}

function middleOf(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
