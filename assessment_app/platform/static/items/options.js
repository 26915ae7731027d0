/** Items whose options are chosen: one, or up to a number; an option is words or a picture. */

import { standBeside } from "./case.js";
import { at, fill } from "./dom.js";
import { pictureBox } from "./pictures.js";
import { letterOf, toggled } from "./picking.js";
import { text } from "./texts.js";

const MATRIX_PX = 340;
const FEW = 4;
const SOME = 6;

export function drawChoice({ item, response, form, part, change }) {
  const shown = drawOptions({ item, form, part });
  const take = (id) => {
    shown.mark(id === null ? [] : [id]);
    change(id);
  };
  form.addEventListener("change", (event) => take(event.target.value));
  shown.mark(response === null ? [] : [response]);
  return {
    choose: (id) => {
      shown.focus(id);
      take(id);
    },
    clear: () => take(null),
  };
}

export function drawChoices({ item, response, form, part, change, note }) {
  const ids = item.options.map((option) => option.id);
  const shown = drawOptions({ item, form, part });
  let chosen = response;
  const take = (next) => {
    chosen = next;
    shown.mark(chosen ?? []);
    change(chosen);
  };
  const toggle = (id) => {
    const { response: next, isRefused } = toggled(chosen, id, ids, item.at_most);
    note(isRefused ? text("limit.reached", { count: item.at_most }) : "", isRefused);
    if (isRefused) shown.mark(chosen);
    else take(next);
  };
  fill(form, { limit: limitOf(item.at_most, ids.length) });
  form.addEventListener("change", (event) => toggle(event.target.value));
  shown.mark(chosen ?? []);
  return {
    choose: (id) => {
      shown.focus(id);
      toggle(id);
    },
    clear: () => {
      note("");
      take(null);
    },
  };
}

/** What the question does not say: that it is not any number. */
export function limitOf(atMost, count) {
  return atMost < count ? text("limit.some", { count: atMost }) : "";
}

/** The options of an item on the page; `mark` shows which are chosen, `focus` goes to one. */
function drawOptions({ item, form, part }) {
  const isPictured = item.options.some((option) => option.image);
  const labels = item.options.map((option, index) => drawOption(option, index, part(isPictured ? "pictured" : "option")));
  at(form, "options").append(...labels);
  if (isPictured) layOutPictures(form, item);
  else standBeside(form, item);
  const inputs = labels.map((label) => label.querySelector("input"));
  return {
    mark: (ids) => labels.forEach((label, index) => {
      inputs[index].checked = ids.includes(inputs[index].value);
      label.classList.toggle("is-on", inputs[index].checked);
    }),
    focus: (id) => inputs.find((input) => input.value === id).focus(),
  };
}

function drawOption(option, index, label) {
  const input = label.querySelector("input");
  const letter = letterOf(index);
  input.value = option.id;
  fill(label, { key: letter });
  if (option.image) {
    input.setAttribute("aria-label", text("option.named", { letter, text: option.text }));
    at(label, "picture").append(pictureBox(option.image, { height: 140 }));
  } else fill(label, { text: option.text });
  return label;
}

/** As in design 04: the question above, the matrix left, the options in a grid at its right. */
function layOutPictures(form, item) {
  const count = item.options.length;
  const list = at(form, "options");
  const columns = count <= FEW ? 2 : count <= SOME ? 3 : 4;
  form.classList.add("is-figural");
  list.style.setProperty("--columns", item.picture ? columns : Math.min(count, SOME));
  at(form, "case").prepend(at(form, "question"));
  if (item.picture) list.before(pictureBox(item.picture, { words: item.picture.text, height: MATRIX_PX }));
}
