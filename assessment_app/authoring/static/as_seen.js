/** Draws items as participants see them, wherever a page holds one; what is tried here is kept nowhere. */

import { draw } from "../platform/items/kinds.js";

/** Draw the item that an element carries, or says again that there is none. */
export function show(host, item) {
  const { form } = draw(item, {});
  host.replaceChildren(form);
}

for (const host of document.querySelectorAll("[data-item]")) show(host, JSON.parse(host.dataset.item));
