/** The sign-in page: NIP and PIN in, token and the sitting's page out. */

import { at, fill } from "./dom.js";
import { ServerClock, formatClock, formatDuration, zoneName } from "./countdown.js";
import { NIP_DIGITS, caretAfterGrouping, digitsOf, groupNip } from "./nip.js";
import { AGAIN, DONE, SIGNED_OUT, SITTING_PAGE } from "./pages.js";
import { keepShell } from "./shell.js";
import { Client, OtherBrowser, Refused, SignedOut, delay, deviceName, sleep } from "./protocol.js";
import { isSafeBrowser, shownKeys } from "./safe_browser.js";
import { text } from "./texts.js";

const GREET_EVERY_MS = 30_000;
const CUT_TRIES = 2; // silences in a row that are told in the middle of the page

const now = () => performance.now();
const page = document.querySelector('[data-screen="sign-in"]');
const client = new Client({ fetch: fetch.bind(window), now, session: sessionStorage });
const clock = new ServerClock(now);
const nip = at(page, "nip");
const pins = [...page.querySelectorAll("[data-pin]")];

const pinText = () => pins.map((box) => box.value).join("");

function say(field, message) {
  fill(page, { [`${field}-error`]: message });
  at(page, `${field}-error`).hidden = !message;
  at(page, `${field}-field`).classList.toggle("field--error", Boolean(message));
  for (const box of field === "nip" ? [nip] : pins) {
    if (message) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}

function sayAbove(message) {
  fill(page, { message });
  at(page, "message").hidden = !message;
}

function onNip() {
  const caret = caretAfterGrouping(nip.value, nip.selectionStart);
  nip.value = groupNip(nip.value);
  nip.setSelectionRange(caret, caret);
  showNip();
  say("nip", "");
}

function showNip() {
  const complete = digitsOf(nip.value).length === NIP_DIGITS;
  fill(page, { "nip-hint": text(complete ? "signin.complete" : "signin.hint") });
  at(page, "nip-hint").classList.toggle("is-complete", complete);
  at(page, "nip-tick").hidden = !complete;
}

/** Spread what was typed or pasted over the boxes from this one on. */
function onPin(index) {
  const characters = [...pins[index].value.toUpperCase().replace(/[^A-Z0-9]/g, "")];
  pins[index].value = "";
  characters.slice(0, pins.length - index).forEach((character, offset) => {
    pins[index + offset].value = character;
  });
  if (characters.length) pins[Math.min(index + characters.length, pins.length - 1)].focus();
  say("pin", "");
}

function onPinKey(event, index) {
  const empties = event.key === "Backspace" && pins[index].value === "" && index > 0;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  if (empties) pins[index - 1].value = "";
  if (empties || step) {
    event.preventDefault();
    pins[Math.min(Math.max(0, index + (empties ? -1 : step)), pins.length - 1)].focus();
  }
}

/** Complain next to the first field that is wrong; true when there is nothing to complain about. */
function isFilledIn() {
  const digits = digitsOf(nip.value).length;
  say("nip", digits === NIP_DIGITS ? "" : text("signin.nipShort", { count: digits }));
  say("pin", pinText().length === pins.length ? "" : text("signin.pinShort"));
  if (digits !== NIP_DIGITS) nip.focus();
  else if (pinText().length !== pins.length) pins.find((box) => box.value === "").focus();
  return digits === NIP_DIGITS && pinText().length === pins.length;
}

function explain(error) {
  if (!(error instanceof Refused)) return sayAbove(text("signin.unreachable"));
  const wait = error.retryAfterMs ? text("signin.wait", { time: formatDuration(error.retryAfterMs) }) : "";
  if (error instanceof SignedOut) {
    const left = error.problem.attempts_left;
    say("pin", `${text("signin.wrong")} ${left === undefined ? wait : text("signin.left", { count: left })}`.trim());
    pins.forEach((box) => (box.value = ""));
    return pins[0].focus();
  }
  if (error instanceof OtherBrowser) return location.assign(error.problem.page);
  if (error.status === 403) {
    say("nip", error.sentence);
    return nip.focus();
  }
  return sayAbove(`${error.sentence || text("signin.unreachable")} ${wait}`.trim());
}

let isSending = false;

async function signIn() {
  if (isSending || !isFilledIn()) return;
  isSending = true;
  sayAbove("");
  const words = page.querySelector('[data-field="submit"]').textContent;
  fill(page, { submit: text("signin.sending") });
  try {
    const device = deviceName(localStorage);
    await client.signIn(digitsOf(nip.value), pinText(), device, await shownKeys(window));
    location.assign(SITTING_PAGE);
  } catch (error) {
    explain(error);
  } finally {
    isSending = false;
    fill(page, { submit: words });
  }
}

/** Show for as long as the page is open whether the server answers, and its time. */
async function greet() {
  for (let tries = 0; ; ) {
    try {
      const { date, round_trip_ms } = await client.greeting();
      if (date) clock.set(date, round_trip_ms);
      fill(page, { linked: text("signin.linked", { ms: Math.round(round_trip_ms) }) });
      if (tries >= CUT_TRIES) sayAbove("");
      tries = 0;
    } catch {
      tries += 1;
      fill(page, { unlinked: text("signin.unlinked") });
      if (tries === CUT_TRIES) sayAbove(text("signin.cut"));
    }
    at(page, "linked").hidden = tries > 0;
    at(page, "unlinked").hidden = tries === 0;
    await sleep(tries ? delay(tries) : GREET_EVERY_MS);
  }
}

function showClock() {
  const time = clock.time();
  at(page, "clock").hidden = time === null;
  if (time) fill(page, { clock: formatClock(time, clock.zone), zone: zoneName(clock.zone) });
}

function wire() {
  nip.addEventListener("input", onNip);
  pins.forEach((box, index) => {
    box.addEventListener("input", () => onPin(index));
    box.addEventListener("keydown", (event) => onPinKey(event, index));
    box.addEventListener("focus", () => box.select());
  });
  at(page, "form").addEventListener("submit", (event) => {
    event.preventDefault();
    signIn();
  });
  showNip();
  for (const other of page.querySelectorAll("[data-other-browser]")) other.hidden = isSafeBrowser(window);
  const why = sessionStorage.getItem(SIGNED_OUT);
  if (why === AGAIN) sayAbove(text("signin.again"));
  at(page, "left").hidden = why !== DONE;
  sessionStorage.removeItem(SIGNED_OUT);
  setInterval(showClock, 500);
  keepShell();
  greet();
}

if (client.isSignedIn) location.replace(SITTING_PAGE);
else wire();
