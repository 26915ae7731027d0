/** Forced choice: of some statements the one that fits most and the one that fits least. */

import { at, fill } from "./dom.js";
import { pictureBox } from "./pictures.js";
import { chooseInColumn, chosenCount, optionBeside } from "./picking.js";
import { text } from "./texts.js";

const COLUMNS = 2;
const LIKING = /\bsukai\b/i;
const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

export function drawMostLeast({ item, response, form, part, change, say, name }) {
  let chosen = response;
  for (const column of ["most", "least"]) at(form, column).id = `${name}-${column}`;
  if (LIKING.test(item.question)) nameByLiking(form);
  const rows = item.options.map((option, index) => drawStatement(option, `${name}-row-${index}`, name, part("option")));
  at(form, "options").append(...rows);
  const show = () => {
    for (const row of rows) {
      for (const input of row.querySelectorAll("input")) {
        input.checked = chosen?.[input.name] === input.value;
        row.classList.toggle(`is-${input.name}`, input.checked);
      }
    }
    showCount(form, chosenCount(chosen));
  };
  const take = (next) => {
    chosen = next;
    show();
    change(next);
  };
  form.addEventListener("change", ({ target }) => {
    const { response: next, moved } = chooseInColumn(chosen, target.name, target.value);
    take(next);
    if (moved) say(text("block.moved"));
  });
  form.addEventListener("keydown", (event) => {
    const id = STEPS[event.key] && event.target.matches("input") ? idBeside(item, chosen, event) : null;
    if (id === null || event.ctrlKey || event.altKey) return;
    event.preventDefault(); // the browser would choose the next row, be it the other column's or not
    rows[item.options.findIndex((option) => option.id === id)].querySelector(`[name="${event.target.name}"]`).focus();
    take(chooseInColumn(chosen, event.target.name, id).response);
  });
  const clear = () => take(null);
  form.querySelector('[data-act="clear"]').addEventListener("click", clear);
  show();
  return { clear };
}

/** The option that an arrow leads to. */
function idBeside(item, chosen, { key, target }) {
  const other = chosen?.[target.name === "most" ? "least" : "most"];
  return optionBeside(item.options.map((option) => option.id), target.value, STEPS[key], other);
}

/** What is liked does not fit, and is no statement. */
function nameByLiking(form) {
  for (const part of ["rows", "most", "least"]) at(form, part).textContent = text(`liking.${part}`);
}

function drawStatement(option, id, name, row) {
  const heading = row.querySelector("th");
  heading.id = id;
  fill(row, { text: option.text });
  if (option.image) heading.prepend(pictureBox(option.image, { height: 80 }));
  for (const input of row.querySelectorAll("input")) {
    input.value = option.id;
    input.setAttribute("aria-labelledby", `${name}-${input.name} ${id}`);
  }
  return row;
}

function showCount(form, count) {
  const isComplete = count === COLUMNS;
  at(form, "complete").hidden = !isComplete;
  at(form, "partial").hidden = isComplete;
  fill(form, { complete: text("block.complete"), partial: text("block.partial", { count }) });
}
