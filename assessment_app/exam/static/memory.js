/**
 * What a page must know to go on without the server: where the sitting stands, the part that is worked on with its
 * content and the answers known so far, and the time left. Written through a locker, newest last; where the browser has
 * none (no secure context, no storage) nothing is remembered. Knows no DOM.
 */

const SITTING = "sitting";
const WORK = "work";

/**
 * The time left by a clock that goes on over a reload and ignores the computer's own. Never more than the server gave;
 * where that clock went back nothing is known, and then nothing is given until the server speaks.
 */
export function remainingNow({ remaining_ms: told, told_at: toldAt }, steadyNow) {
  const passed = steadyNow - toldAt;
  return passed < 0 ? 0 : Math.max(0, told - passed);
}

export class Memory {
  #locker;
  #steady;
  #newest = new Map();
  #unwritten = new Set();
  #writing = null;
  /** The last error of the storage while something could not be remembered, else null. */
  trouble = null;

  /**
   * @param locker or null
   * @param {() => number} steady milliseconds; goes on over a reload of the page
   */
  constructor(locker, steady) {
    this.#locker = locker;
    this.#steady = steady;
  }

  get isOpen() {
    return this.#locker !== null;
  }

  keepSitting(sitting) {
    this.#keep(SITTING, sitting);
  }

  /** How far the server's promise goes; kept before the outbox forgets what was promised. */
  keepAcked(seq) {
    const sitting = this.#newest.get(SITTING);
    if (sitting && seq > sitting.acked_seq) this.#keep(SITTING, { ...sitting, acked_seq: seq });
  }

  /** A part was entered: `started` is the server's answer to its start, or what was remembered of it. */
  keepWork(n, started) {
    const { content, answers } = started;
    this.#keep(WORK, { n, content, answers: answers ?? {}, ...this.#toldNow(started) });
  }

  keepAnswers(answers) {
    this.#change({ answers });
  }

  /** The server's newest word on the time: it was spoken up to a whole round trip ago. */
  keepTime(answer) {
    this.#change(this.#toldNow(answer));
  }

  /** The part is over, or another device goes on: a reload must not lead back into it. */
  forgetWork() {
    this.#keep(WORK, null);
  }

  keepContent(url, presentation) {
    this.#keep(url, presentation);
  }

  async content(url) {
    return this.#newest.get(url) ?? (await this.#locker?.get(url)) ?? null;
  }

  /** { sitting, attempt, started, presentation } of the part that was worked on, or null. */
  async restore() {
    if (!this.#locker) return null;
    const [sitting, work] = await Promise.all([this.#locker.get(SITTING), this.#locker.get(WORK)]);
    const attempt = sitting?.attempts.find((one) => one.n === work?.n);
    const presentation = attempt ? await this.content(work.content) : null;
    if (!presentation) return null;
    this.#newest.set(SITTING, sitting).set(WORK, work);
    const { content, answers } = work;
    const started = { content, answers, remaining_ms: remainingNow(work, this.#steady()) };
    const open = { ...attempt, state: "open" }; // the sitting may have been told before the part was entered
    const attempts = sitting.attempts.map((one) => (one.n === work.n ? open : one));
    return { sitting: { ...sitting, attempts, server_time: null }, attempt: open, started, presentation };
  }

  /** Resolves once all that was given is written, or was refused by the storage. */
  settled() {
    return this.#writing ?? Promise.resolve();
  }

  async clear() {
    this.#unwritten.clear();
    this.#newest.clear();
    await this.settled();
    await this.#locker?.clear();
  }

  #toldNow({ remaining_ms: remaining, round_trip_ms: roundTrip = 0 }) {
    return { remaining_ms: Math.max(0, remaining - roundTrip), told_at: this.#steady() };
  }

  #change(what) {
    const work = this.#newest.get(WORK);
    if (work) this.#keep(WORK, { ...work, ...what });
  }

  #keep(name, document) {
    if (!this.#locker) return;
    this.#newest.set(name, document);
    this.#unwritten.add(name);
    this.#writing ??= this.#writeAll();
  }

  async #writeAll() {
    await null; // what is told in one breath is written once
    while (this.#unwritten.size) {
      const [name] = this.#unwritten;
      this.#unwritten.delete(name);
      try {
        await this.#locker.put(name, this.#newest.get(name));
        this.trouble = null;
      } catch (error) {
        this.trouble = error;
      }
    }
    this.#writing = null;
  }
}
