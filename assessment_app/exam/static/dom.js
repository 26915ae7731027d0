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

export const icon = (name) => copy(`icon-${name}`);

export function element(tag, { className = "", text = "", ...attributes } = {}, children = []) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const pill = (kind, iconName, words) =>
  element("span", { className: `pill ${kind ? `pill--${kind}` : ""}` }, [icon(iconName), words]);

/** Call what a button's data-act names; a button that is aria-disabled is called too, it owes its reason. */
export function onAct(root, acts) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const act = button && acts[button.dataset.act];
    if (act) act(button, event);
  });
}

export function initials(name) {
  const words = name.split(",")[0].split(/\s+/).filter((word) => /^\p{L}{2,}/u.test(word));
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("");
}
