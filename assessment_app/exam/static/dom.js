/** The ways in which the participant's pages touch the page: those of items, and what only these pages have. */

import { copy, element } from "../platform/items/dom.js";

export { at, copy, element, fill, onAct, speak } from "../platform/items/dom.js";

export const icon = (name) => copy(`icon-${name}`);

export const pill = (kind, iconName, words) =>
  element("span", { className: `pill ${kind ? `pill--${kind}` : ""}` }, [icon(iconName), words]);

export function initials(name) {
  const words = name.split(",")[0].split(/\s+/).filter((word) => /^\p{L}{2,}/u.test(word));
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("");
}

/** What asks something before the page goes on: while one is open, the page's own keys rest. */
export const openDialog = () => document.querySelector("dialog[open]");

/** What happens around a page: keys, the network or the person coming back, the look elsewhere, an error of nobody's. */
export function listen({ onKey, onNews, onBlur, onStray }) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", () => document.hidden || onNews());
  for (const news of ["online", "offline"]) window.addEventListener(news, onNews);
  window.addEventListener("blur", onBlur);
  window.addEventListener("unhandledrejection", (event) => onStray(event.reason));
}
