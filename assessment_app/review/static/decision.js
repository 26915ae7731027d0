// The decision card: shows what belongs to the choice, counts letters, and asks the server for the effect of a choice.
// Everything here also works without it, by the button that computes the effect.

import { letters, newest } from "./letters.js";

const form = document.querySelector("[data-decision]");
const byHand = form?.querySelector("[data-without-script]");
const PAUSE_MS = 250;

/** Give what is chosen; nothing may be, where serious notes speak against a profile. */
function choice() {
  return form.querySelector("[name=choice]:checked")?.value ?? "";
}

/** Show what belongs to the choice, and name the button after it. */
function arrange() {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(choice());
  }
  const button = form.querySelector("[data-sign]");
  if (choice()) button.textContent = button.dataset[choice()];
}

const ask = newest(async () => {
  const answer = await fetch(form.dataset.effectUrl, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
});

/** Draw the effect of what is chosen; on a broken line the old one goes, because it speaks of another choice. */
async function refresh() {
  const place = form.querySelector("[data-effect]");
  try {
    const text = await ask();
    if (text === null) return; // a newer one is under way
    place.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    byHand.remove();
  } catch {
    place.replaceChildren();
    place.after(byHand);
  }
}

let waiting = 0;

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE_MS);
}

/** Say under a reason how many letters it has. */
function count(area) {
  const words = form.dataset.letters;
  const place = area.parentElement.querySelector(".letters");
  place.textContent = words.replace("{count}", letters(area.value)).replace("{least}", area.dataset.least);
  place.classList.toggle("letters--few", letters(area.value) < Number(area.dataset.least));
}

function begin() {
  for (const area of form.querySelectorAll("[data-least]")) {
    const place = document.createElement("p");
    place.className = "field__hint num letters";
    area.after(place);
    count(area);
    area.addEventListener("input", () => count(area));
  }
  byHand.remove(); // hidden it would still be what the Enter key presses
  form.addEventListener("change", (event) => {
    if (event.target.name === "choice") arrange();
    if (event.target.matches("[name=choice], [data-level]")) later();
  });
  arrange();
}

if (form) begin();
