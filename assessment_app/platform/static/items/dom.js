/** The few ways in which the modules touch the page. Texts go in as text, never as markup. */

/** The one element called `name`; a missing one is a mistake of ours and is said at once. */
export function at(root, name) {
  const element = root.querySelector(`[data-at="${name}"]`);
  if (!element) throw new Error(`no element ${name}`);
  return element;
}

/** Write texts into all fields of these names. */
export function fill(root, texts) {
  for (const [name, value] of Object.entries(texts)) {
    for (const field of root.querySelectorAll(`[data-field="${name}"]`)) {
      if (field.textContent !== String(value ?? "")) field.textContent = value ?? "";
    }
  }
}

/** A fresh copy of a template of the page, or of one inside it. */
export function copy(name, root = document) {
  const template = root.querySelector(`template[data-template="${name}"]`);
  if (!template) throw new Error(`no template ${name}`);
  return document.importNode(template.content, true);
}

export function element(tag, { className = "", text = "", ...attributes } = {}, children = []) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Write into a live region. A reader hears only what changes, so the same words come back in another form. */
export function speak(region, words) {
  region.textContent = words && region.textContent === words ? `${words}\u00a0` : words;
}

/** The second click of a double click: it would hit what the first one brought to the same place. */
export const isRepeated = (event) => event.detail > 1;

/** Call what a button's data-act names; a button that is aria-disabled is called too, it owes its reason. */
export function onAct(root, acts) {
  root.addEventListener("click", (event) => {
    if (isRepeated(event)) return;
    const button = event.target.closest("[data-act]");
    const act = button && acts[button.dataset.act];
    if (act) act(button, event);
  });
}

export const disable = (button, isDisabled) => button.setAttribute("aria-disabled", String(isDisabled));
