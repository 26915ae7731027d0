// Counts ticks against free seats and ticks as many as fit. Without it the list works by hand.

/** Say how many are ticked, in the words that fit. */
export function sentence(words, over, ticked, free) {
  return (ticked > free ? over : words).replace("{ticked}", ticked).replace("{free}", free);
}

/** Tell which boxes to tick so that no seat stays empty and none is given twice. */
export function fitting(ticked, free) {
  let left = free - ticked.filter(Boolean).length;
  return ticked.map((is) => is || left-- > 0);
}

function watch(form) {
  const boxes = [...form.querySelectorAll('input[type="checkbox"]')];
  const state = form.querySelector("[data-tick-state]");
  const free = Number(form.dataset.free);
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    state.textContent = sentence(state.dataset.words, state.dataset.over, ticked, free);
  };
  const all = form.querySelector("[data-tick-all]");
  all.hidden = false;
  all.querySelector("button").addEventListener("click", () => {
    const wanted = fitting(boxes.map((box) => box.checked), free);
    boxes.forEach((box, i) => { box.checked = wanted[i]; });
    tell();
  });
  form.addEventListener("change", tell);
  tell();
}

for (const form of globalThis.document?.querySelectorAll("[data-tick-list]") ?? []) watch(form);
