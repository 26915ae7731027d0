/** How each kind of item is drawn: a table from kind to drawing, so that a new kind is one more entry. */

import { at, copy, element, fill, pill } from "../dom.js";
import { chooseInColumn, chosenCount, isComplete, letterOf } from "../answers.js";
import { text } from "../texts.js";

/** The form of an item, filled in. `change(response)` is called with each new response, `say` speaks to all. */
export function draw(item, { response, legend, change, say }) {
  const kind = KINDS[item.kind] ? item.kind : "unknown";
  const fragment = copy(`kind-${kind}`);
  const form = fragment.querySelector("form");
  const option = fragment.querySelector("template");
  fill(form, { question: item.question, legend });
  at(form, "stem").prepend(...item.stem.map((paragraph) => element("p", { text: paragraph })));
  form.addEventListener("submit", (event) => event.preventDefault());
  const drawn = KINDS[kind]?.({ item, response, form, option: option?.content, change, say }) ?? {};
  return { form, clear() {}, choose() {}, ...drawn };
}

const KINDS = { choice: drawChoice, most_least: drawMostLeast };

function drawChoice({ item, response, form, option, change }) {
  const hasScenario = item.stem.length > 0;
  form.classList.toggle("is-split", hasScenario);
  form.querySelector("fieldset").classList.toggle("split", hasScenario);
  const labels = item.options.map(({ id, text: words }, index) => {
    const label = document.importNode(option, true).querySelector("label");
    fill(label, { key: letterOf(index), text: words });
    label.querySelector("input").value = id;
    return label;
  });
  at(form, "options").append(...labels);
  const show = (chosen) => {
    for (const label of labels) {
      const input = label.querySelector("input");
      input.checked = input.value === chosen;
      label.classList.toggle("is-on", input.checked);
    }
  };
  const choose = (id, focuses = false) => {
    show(id);
    if (focuses) labels.find((label) => label.querySelector("input").value === id).querySelector("input").focus();
    change(id);
  };
  form.addEventListener("change", (event) => choose(event.target.value));
  show(response);
  return { choose: (id) => choose(id, true), clear: () => choose(null) };
}

function drawMostLeast({ item, response, form, option, change, say }) {
  let chosen = response;
  const rows = item.options.map(({ id, text: words }, index) => {
    const row = document.importNode(option, true).querySelector("tr");
    fill(row, { text: words });
    row.querySelector("th").id = `row-${index}`;
    for (const input of row.querySelectorAll("input")) {
      input.value = id;
      input.setAttribute("aria-labelledby", `column-${input.name} row-${index}`);
    }
    return row;
  });
  at(form, "options").append(...rows);
  const show = () => {
    for (const row of rows) {
      for (const input of row.querySelectorAll("input")) {
        input.checked = chosen?.[input.name] === input.value;
        row.classList.toggle(`is-${input.name}`, input.checked);
      }
    }
    showCount(form, item, chosen);
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
  const clear = () => take(null);
  form.querySelector('[data-act="clear"]').addEventListener("click", clear);
  show();
  return { clear };
}

function showCount(form, item, response) {
  const complete = isComplete(item, response);
  const words = text(complete ? "block.complete" : "block.partial", { count: chosenCount(response) });
  const made = pill(complete ? "ok" : "", complete ? "check" : "clock", words);
  made.dataset.at = "count";
  at(form, "count").replaceWith(made);
}
