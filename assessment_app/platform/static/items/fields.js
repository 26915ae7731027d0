/** Items that are answered on a scale or by writing: rating, number, text. */

import { standBeside } from "./case.js";
import { at, fill } from "./dom.js";
import { readDecimal, readingsOf, showDecimal, writtenDecimal } from "./numbers.js";
import { pageLanguage, text } from "./texts.js";

const PAUSE_MS = 600;
const NEARLY_FULL = 20;

export function drawRating({ item, response, form, part, change }) {
  const values = Array.from({ length: item.high - item.low + 1 }, (_, index) => item.low + index);
  const ends = { [item.low]: item.low_text, [item.high]: item.high_text };
  const points = values.map((value) => drawPoint(value, ends[value], part("point")));
  at(form, "points").append(...points);
  fill(form, { low: item.low_text, high: item.high_text });
  const show = (chosen) => points.forEach((point, index) => {
    point.querySelector("input").checked = values[index] === chosen;
    point.classList.toggle("is-on", values[index] === chosen);
  });
  const take = (value) => {
    show(value);
    change(value);
  };
  form.addEventListener("change", (event) => take(Number(event.target.value)));
  show(response);
  return { clear: () => take(null) };
}

function drawPoint(value, end, point) {
  const input = point.querySelector("input");
  input.value = value;
  fill(point, { value: String(value).replace("-", "\u2212") });
  if (end) input.setAttribute("aria-label", text("rating.end", { value, text: end }));
  return point;
}

/**
 * The field says beside it how it understood what was written, once writing pauses. What it does not understand is no
 * answer: it is given to `change` as `{written}`, half-made, so that it stands in the field again after a reload.
 */
export function drawNumber({ item, response, form, change, note, name }) {
  const field = at(form, "field");
  const tell = () => {
    const { decimal, problem } = readDecimal(field.value);
    const isWrong = ![null, "empty"].includes(problem);
    const number = decimal && showDecimal(decimal, pageLanguage());
    if (isWrong) note(text(`number.${problem}`, readingsOf(field.value)), true);
    else note(number ? text("number.understood", { number, unit: item.unit }) : "");
    field.setAttribute("aria-invalid", String(isWrong));
  };
  const take = () => {
    const { decimal, problem } = readDecimal(field.value);
    change(decimal ?? (problem === "empty" ? null : { written: field.value }));
  };
  fill(form, { unit: item.unit ?? "" });
  if (item.table) standBeside(form, item);
  describe(form, field, ["note", "hint"], name);
  field.value = response?.written ?? writtenDecimal(response ?? "");
  field.addEventListener("input", take);
  whenWritingPauses(field, tell);
  tell();
  return { clear: () => empty(field) };
}

export function drawText({ item, response, form, change, say, name }) {
  const field = at(form, "field");
  const left = () => item.max_length - field.value.length;
  const count = () => fill(form, { left: text("text.left", { count: left() }) });
  field.maxLength = item.max_length;
  field.value = response ?? "";
  field.addEventListener("input", () => {
    count();
    change(field.value.trim() === "" ? null : field.value);
  });
  whenWritingPauses(field, () => {
    if (left() <= NEARLY_FULL) say(text("text.left", { count: left() }));
  });
  describe(form, field, ["left"], name);
  count();
  return { clear: () => empty(field) };
}

/** Words that come with every letter would drown what is written. */
function whenWritingPauses(field, act) {
  let timer = null;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE_MS);
  });
}

function empty(field) {
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Join a field to the lines that explain it. */
function describe(form, field, parts, name) {
  for (const part of parts) at(form, part).id = `${name}-${part}`;
  field.setAttribute("aria-describedby", parts.map((part) => `${name}-${part}`).join(" "));
}
