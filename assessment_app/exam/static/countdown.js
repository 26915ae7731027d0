/** Time that is counted here but never decided here: the server names durations, a monotonic clock counts them. */

const TOLERANCE_MS = 1000; // a smaller difference is the network's delay, not the server's decision
const LOW_MS = 5 * 60_000;
const LOW_SHARE = 5; // of a short part: a warning that stands from the first second warns of nothing
const LAST_MS = 60_000;
const SPOKEN_MINUTES = [15, 5, 1];
const ZONE_NAMES = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const ZONE = "Asia/Jakarta"; // until it is known in which room somebody sits

export class Countdown {
  #now;
  #endsAt = null;
  #limitMs = Infinity;

  /** @param {() => number} now a monotonic clock in milliseconds */
  constructor(now) {
    this.#now = now;
  }

  /** A part is entered: what was counted is over, and a warning belongs to the end of this part's own time. */
  begin(limitMs, remainingMs, roundTripMs = 0) {
    this.#limitMs = limitMs;
    this.clear();
    this.set(remainingMs, roundTripMs);
  }

  /** Take the server's word. Half the round trip has passed since the server spoke. */
  set(remainingMs, roundTripMs = 0) {
    const endsAt = this.#now() + remainingMs - roundTripMs / 2;
    if (this.#endsAt === null || Math.abs(endsAt - this.#endsAt) > TOLERANCE_MS) this.#endsAt = endsAt;
  }

  clear() {
    this.#endsAt = null;
  }

  get runs() {
    return this.#endsAt !== null;
  }

  /** Milliseconds left, never below 0; without a server's word there is no end. */
  get remaining() {
    return this.#endsAt === null ? Infinity : Math.max(0, this.#endsAt - this.#now());
  }

  get phase() {
    return phase(this.remaining, this.#limitMs);
  }
}

/** The server's wall clock, as far as its last answer tells, in the zone of the room; the computer's own are not asked. */
export class ServerClock {
  #now;
  #offset = null;
  zone = ZONE;

  constructor(now) {
    this.#now = now;
  }

  set(isoTime, roundTripMs = 0) {
    const time = Date.parse(isoTime);
    if (!Number.isNaN(time)) this.#offset = time + roundTripMs / 2 - this.#now();
  }

  /** The server's time, or null before its first answer. */
  time() {
    return this.#offset === null ? null : new Date(this.#offset + this.#now());
  }

  /** A moment, or the server's time, as people read it: 08.47.12 WITA. Empty while it is not known. */
  say(moment = this.time()) {
    return moment === null ? "" : `${formatClock(moment, this.zone)} ${zoneName(this.zone)}`;
  }
}

/** The warning begins five minutes before the end, or for the last fifth of a shorter part; it is urgent in the end. */
export function phase(remainingMs, limitMs = Infinity) {
  const low = Math.min(LOW_MS, limitMs / LOW_SHARE);
  if (remainingMs <= 0) return "over";
  if (remainingMs <= Math.min(LAST_MS, low / 2)) return "last";
  return remainingMs <= low ? "low" : "normal";
}

/** The minute mark passed between two readings (15, 5 or 1), or null: what is spoken to those who do not look. */
export function minuteMark(beforeMs, afterMs) {
  const passed = SPOKEN_MINUTES.filter((minutes) => beforeMs > minutes * 60_000 && afterMs <= minutes * 60_000);
  return passed.length ? Math.min(...passed) : null;
}

const two = (number) => String(number).padStart(2, "0");

/** 00.41.26. Rounded up, so that zero is shown only when time is over. */
export function formatDuration(ms) {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(".");
}

/** 08.47.12 on the wall clock of a zone. */
export function formatClock(date, zone) {
  const digits = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...digits }).formatToParts(date);
  return ["hour", "minute", "second"].map((name) => parts.find(({ type }) => type === name).value).join(".");
}

/** WIB, WITA or WIT, as everybody writes them; the server's `platform/texts.py` names the same. */
export const zoneName = (zone) => ZONE_NAMES[zone] ?? zone;
