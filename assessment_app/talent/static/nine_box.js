// The matrix by keyboard and without a new page: one tab stop, arrows between the boxes, Enter opens one.
// Without this every box is a link of its own and every choice loads a page.

import { renew } from "./offers.js";
import { step } from "./steps.js";

const MATRIX = "[data-nine-box]";
const FOUND = "[data-nine]";

let shownNow = location.pathname + location.search;

const boxesOf = () => [...document.querySelectorAll(`${MATRIX} .nb`)];

/** Make one box the tab stop of the whole matrix. */
function rove(to) {
  for (const box of boxesOf()) box.tabIndex = box === to ? 0 : -1;
}

const chosen = () => boxesOf().find((box) => box.getAttribute("aria-current")) ?? boxesOf()[0];

/** Say what is shown now: how many people are in which list. */
function announce() {
  const heading = document.getElementById("orang").closest(".card__head");
  document.querySelector("[data-nine-said]").textContent = heading.innerText.replace(/\s+/g, " ");
}

/** Find in the new content what the reader stood on in the old. */
function twinOf(old) {
  if (old.id) return document.getElementById(old.id);
  const label = old.getAttribute("aria-label") ?? old.textContent.trim();
  const like = [...document.querySelectorAll(`${FOUND} a, ${FOUND} button`)];
  return like.find((one) => (one.getAttribute("aria-label") ?? one.textContent.trim()) === label);
}

/** Open a sheet of the page that an address names. */
function unfold() {
  const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (named?.matches("details[data-opens-by-address]")) named.open = true;
}

/** Keep the sheets open in the new content that the reader had opened in the old. */
function keepOpen(found) {
  for (const old of document.querySelectorAll(`${FOUND} details[id][open]`)) {
    const now = found.querySelector(`details[id="${old.id}"]`);
    if (now) now.open = true;
  }
}

/** Bring another selection into the page; whatever goes wrong, the browser goes there as it always did. */
async function show(address, keeps) {
  const stood = document.activeElement;
  let found = null;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found = page.querySelector(FOUND);
      if (found) document.querySelector(".pagehead").replaceWith(page.querySelector(".pagehead"));
    }
  } catch {
    found = null; // no network: the browser's own error page says so
  }
  if (!found) {
    location.assign(address);
    return;
  }
  keepOpen(found);
  document.querySelector(FOUND).replaceWith(found);
  if (keeps) history.pushState(null, "", address);
  shownNow = location.pathname + location.search;
  rove(chosen());
  renew();
  (twinOf(stood) ?? chosen()).focus({ preventScroll: true });
  announce();
}

const isPlain = (event) => !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);

document.addEventListener("keydown", (event) => {
  const from = boxesOf().indexOf(event.target.closest(".nb"));
  const to = from < 0 || !isPlain(event) ? null : step(from, event.key);
  if (to === null) return;
  event.preventDefault();
  rove(boxesOf()[to]);
  boxesOf()[to].focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(`${FOUND} a`);
  if (!link || event.button || !isPlain(event) || !link.href || new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  show(link.href, true);
});

document.addEventListener("submit", (event) => {
  if (!event.target.closest(FOUND) || event.target.matches("[data-offers]")) return;
  event.preventDefault();
  const said = [...new FormData(event.target)].filter(([, value]) => value);
  show(`${event.target.action}?${new URLSearchParams(said)}`, true);
});

// Going to a place on this page pops a state too, and there is nothing to bring.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shownNow) show(location.href, false);
});
addEventListener("hashchange", unfold);

rove(chosen());
unfold();
if (location.hash === `#${chosen().id}`) chosen().focus({ preventScroll: true });
