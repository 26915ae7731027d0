/** The simulated program on the page: its screen, what it says, and the list of the steps taken. */

import { at, disable, element, fill, isRepeated, onAct, speak } from "./dom.js";
import { drawScreen } from "./screens.js";
import { asResponse, gone, namesOf, saidAfter, screenAfter, take, takeBack } from "./simulation.js";
import { text } from "./texts.js";

export function drawSimulation({ item, response, form, part, change, say, note }) {
  const words = new Map(item.steps.map((step) => [step.id, step.text]));
  const names = namesOf(item, (step, cells) => text("program.row", { step, cells }));
  const stage = at(form, "program");
  let taken = gone(item, response);
  const show = () => {
    const screen = screenAfter(item, taken);
    const hadFocus = at(form, "screen").contains(document.activeElement);
    stage.dataset.look = screen.look;
    stage.setAttribute("aria-label", text("program.screen", { title: screen.title }));
    at(form, "screen").replaceChildren(drawScreen(screen, words, part));
    fill(form, { title: screen.title });
    at(form, "look").replaceChildren(part(`look-${screen.look}`));
    showSteps(form, item, taken, names);
    if (hadFocus) at(form, "title").focus({ preventScroll: true });
    return screen;
  };
  const settle = (next) => {
    taken = next;
    note("");
    speak(at(form, "says"), saidAfter(item, taken));
    const screen = show();
    change(asResponse(taken));
    return screen;
  };
  const step = (button) => {
    const before = screenAfter(item, taken);
    const id = button.dataset.step;
    const { taken: next, refused } = take(item, taken, id);
    if (refused === "too-many") return note(text("program.most", { most: item.at_most }), true);
    if (refused) return undefined;
    const after = settle(next);
    if (!saidAfter(item, taken)) say(text("program.taken", { number: taken.length, step: names.get(id) }));
    if (after === before) stage.querySelector(`[data-step="${id}"]`).focus({ preventScroll: true });
    return undefined;
  };
  const unless = (isNone, act, key) => () => {
    if (isNone()) return say(text("program.none"));
    act();
    return say(text(key));
  };
  const isNone = () => taken.length === 0;
  stage.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button && !isRepeated(event)) step(button);
  });
  onAct(form, {
    "step-back": unless(isNone, () => settle(takeBack(taken)), "program.undone"),
    restart: unless(isNone, () => settle([]), "program.restarted"),
  });
  at(form, "says").textContent = saidAfter(item, taken);
  show();
  return { clear: null };
}

function showSteps(form, item, taken, names) {
  at(form, "taken").replaceChildren(...taken.map((id) => element("li", { text: names.get(id) })));
  at(form, "none").hidden = taken.length > 0;
  fill(form, { count: text("program.count", { count: taken.length, most: item.at_most }) });
  for (const act of ["step-back", "restart"]) disable(form.querySelector(`[data-act="${act}"]`), taken.length === 0);
}
