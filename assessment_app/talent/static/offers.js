// Choosing people in the list: all of a page at once, how many there are, and nobody lost between pages.
// Without this the boxes that are ticked on one page are sent, and all of a page are ticked by a link.

import { Chosen } from "./chosen.js";

const chosen = new Chosen();

const form = () => document.querySelector("[data-offers]");
const boxes = () => [...document.querySelectorAll("[data-choice]")];

function show() {
  const said = document.querySelector("[data-chosen]");
  for (const box of boxes()) box.checked = chosen.has(box.value);
  said.textContent = chosen.count ? said.dataset.some.replace("{n}", chosen.count) : said.dataset.none;
  document.querySelector("[data-choose-none]").hidden = !chosen.count;
}

/** Take up what was chosen before in the list that is shown now, with what is ticked in it already. */
export function renew() {
  chosen.of(form()?.dataset.offers ?? "");
  if (!form()) return;
  for (const box of boxes()) if (box.checked) chosen.put(box.value, true);
  show();
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-choice]")) return;
  chosen.put(event.target.value, event.target.checked);
  show();
});

document.addEventListener(
  "click",
  (event) => {
    const all = event.target.closest("[data-choose-all]");
    if (!all && !event.target.closest("[data-choose-none]")) return;
    event.preventDefault();
    event.stopPropagation(); // the link is for who has no script
    if (all) for (const box of boxes()) chosen.put(box.value, true);
    else chosen.clear();
    show();
    if (!all) document.querySelector("[data-choose-all]").focus();
  },
  { capture: true },
);

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  for (const old of form().querySelectorAll("input[type=hidden]")) old.remove(); // the page may have come back
  for (const who of chosen.elsewhere(boxes().map((box) => box.value))) {
    const carried = Object.assign(document.createElement("input"), { type: "hidden", name: "orang", value: who });
    form().append(carried);
  }
});

renew();
