// Keeps the place of whoever uses no mouse, or reads the page aloud, while parts of the console are drawn anew.

/** Stand before a part of the page, at its first heading: what it heads is read from there, and Tab goes on into it. */
export function standBefore(part) {
  const heading = [...part.querySelectorAll("h2")].find((one) => !one.closest("[hidden]"));
  heading.tabIndex = -1;
  heading.focus();
}

/** Whether somebody fills in or chooses something in a part of the page: it is left alone meanwhile. */
export const isAtWork = (part) => part.contains(document.activeElement) && !document.activeElement.matches("h2, a");

/** Put a fresh part of the page in the place of the old one; who stood in it stands at the same control, else at its heading. */
export function replaceKept(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (held === null) return;
  const isSame = (one) => (held.id ? one.id === held.id : one.href !== undefined && one.href === held.href);
  const same = [...fresh.querySelectorAll("[id], a[href]")].find(isSame);
  if (same) same.focus({ preventScroll: true });
  if (document.activeElement !== same) standBefore(fresh);
}

/**
 * Bring a list to these lines. Lines that stand there already are not touched, so that nobody who reads one loses it;
 * `orElse` gets the focus when the line that had it is gone.
 */
export function arrange(list, lines, orElse) {
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  for (const line of [...list.children]) if (!lines.includes(line)) line.remove();
  lines.forEach((line, place) => {
    if (list.children[place] !== line) list.insertBefore(line, list.children[place] ?? null);
  });
  if (held && document.activeElement !== held) (list.contains(held) ? held : orElse(held)).focus({ preventScroll: true });
}

/** Say words, unless they stand there already: what is written anew may be read aloud anew. */
export function write(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
