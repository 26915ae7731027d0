// Glue of the console's forms: what is typed is kept, what is sent is sent until the server answers, pages open in place.

import { Courier, Drafts, Refused } from "./keeping.js";
import { replaceKept, standBefore } from "./focus.js";
import { PATIENCE_MS } from "./watch.js";

const room = document.querySelector("[data-console]");
const drafts = new Drafts({ storage: localStorage, room: room.dataset.session, now: () => Date.now() });
const words = new Map([...document.querySelectorAll("template[data-say]")].map((one) => [one.dataset.say, one]));
const inPlace = ["[data-panel]", "[data-incidents]"];
const said = new Map();

/** Name a form by what it does to whom; not by what was typed into it. */
function nameOf(form) {
  const fixed = ["booking", "kind", "holds"].map((name) => form.querySelector(`[type=hidden][name=${name}]`)?.value);
  return [new URL(form.action).pathname, ...fixed, form.dataset.keepAs].join("|");
}

const typedInto = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "file"].includes(one.type));
const isTicked = (one) => ["radio", "checkbox"].includes(one.type);
const ownOf = (form) => form.querySelector("[data-own]");

function keep(form) {
  const fields = typedInto(form).filter((one) => !isTicked(one) || one.checked).map((one) => [one.name, one.value]);
  drafts.keep(nameOf(form), { own: ownOf(form)?.value, fields });
}

function restore(form) {
  const kept = drafts.of(nameOf(form));
  if (!kept) return;
  const typed = new Map(kept.fields);
  for (const one of typedInto(form)) {
    if (isTicked(one)) one.checked = typed.get(one.name) === one.value;
    else if (typed.has(one.name)) one.value = typed.get(one.name);
  }
  if (kept.own && ownOf(form)) ownOf(form).value = kept.own;
  const around = form.closest("details");
  if (around) around.open = true;
  draw(nameOf(form), said.get(nameOf(form)) ?? ["restored"]);
}

function formNamed(name) {
  return [...document.querySelectorAll("form[data-keep]")].find((form) => nameOf(form) === name);
}

function draw(name, [state, what]) {
  said.set(name, [state, what]);
  document.querySelector("[data-unsent]").hidden = ![...said.values()].some(([one]) => one === "waiting");
  const form = formNamed(name);
  if (!form) return;
  form.querySelector("[data-kept]")?.remove();
  for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = courier.isUnderWay(name);
  if (!words.has(state)) return;
  const line = document.createElement("div");
  line.className = `kept kept--${state}`;
  line.dataset.kept = state;
  line.setAttribute("role", state === "refused" ? "alert" : "status");
  line.append(words.get(state).content.cloneNode(true));
  if (what) line.append(` ${what}`);
  line.querySelector("[data-stop]")?.addEventListener("click", () => courier.stop(name));
  form.append(line);
}

async function post({ action, body }) {
  const answer = await fetch(action, {
    method: "POST", body, headers: { Accept: "application/json" }, cache: "no-store", redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.ok) return (await answer.json()).to;
  if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
  throw new Refused((await answer.json()).detail);
}

const courier = new Courier({
  send: post,
  tell(name, state, what) {
    draw(name, [state, state === "refused" ? what : ""]);
    if (state !== "done") return;
    said.delete(name);
    drafts.drop(name);
    openBefore(what).catch(() => location.assign(what)); // the button that was pressed is gone
  },
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

function send(event) {
  const form = event.target.closest("form[data-keep]");
  if (!form) return;
  event.preventDefault();
  keep(form);
  courier.deliver(nameOf(form), { action: form.action, body: new URLSearchParams(new FormData(form)) });
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function take(page, places) {
  for (const place of places) replaceKept(document.querySelector(place), page.querySelector(place));
}

/** Open an address of this room without leaving the page; rejects when the server does not answer. */
export async function open(address) {
  const there = new URL(address, location.href);
  const page = await fetched(there);
  if (there.pathname !== location.pathname || !page.querySelector("[data-panel]")) {
    location.assign(there);
    return;
  }
  take(page, inPlace);
  for (const old of document.querySelectorAll(".flash")) old.remove();
  document.querySelector(".pagehead").after(...page.querySelectorAll(".flash"));
  room.dataset.written = page.querySelector("[data-console]").dataset.written;
  for (const seat of room.querySelectorAll("[data-seat]")) {
    seat.toggleAttribute("aria-current", false);
    if (page.querySelector(`[data-seat="${seat.dataset.seat}"][aria-current]`)) seat.setAttribute("aria-current", "true");
  }
  history.replaceState(null, "", there);
  restoreAll();
  document.dispatchEvent(new CustomEvent("room-opened"));
}

/** Open an address of this room for whoever went there: they stand before it, unless they went on elsewhere meanwhile. */
export async function openBefore(address, part = "[data-panel]") {
  await open(address);
  const stands = document.activeElement;
  if (stands === document.body || stands.href === address) standBefore(room.querySelector(part));
}

/** Show what others have written down since; what is being typed here stays. */
export async function catchUp(version) {
  if (version === room.dataset.written) return;
  take(await fetched(location.href), ["[data-incidents]"]);
  room.dataset.written = version;
}

function restoreAll() {
  for (const form of document.querySelectorAll("form[data-keep]")) restore(form);
}

/** Begin to tell an incident of a seat. */
export function tellOf(seat) {
  const around = room.querySelector("[data-tell]");
  around.open = true;
  const seats = around.querySelector("[data-seats]");
  if (!seats.value) seats.value = seat;
  around.querySelector("select").focus();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (form) keep(form);
});
document.addEventListener("submit", send);
restoreAll();
