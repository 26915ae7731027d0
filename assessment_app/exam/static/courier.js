/**
 * Carries changes from the outbox to the server, one request at a time and in order, for as long as it takes.
 * Beats the heart when nothing else was sent. Knows no DOM; timers, clock and chance are injected.
 */

import { Busy, Closed, Locked, Refused, Unreachable, delay } from "./protocol.js";
import { BATCH_LIMIT } from "./outbox.js";

const HEARTBEAT_MS = 30_000;
const GATHER_MS = 200; // changes made in one breath travel together
const LOCKED_MS = 5_000;
const SILENCE_MS = 5_000;
const ABOUT_THE_BATCH = [400, 404, 413, 422]; // statuses that blame what was sent, not who or when

const soon = (act, ms) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

export class Courier {
  #client;
  #outbox;
  #epoch;
  #now;
  #random;
  #later;
  #cancel = null;
  #attempt = null;
  #busy = false;
  #stopped = false;
  #tries = 0;
  #limit = BATCH_LIMIT;
  #sentAt = 0;
  #askedAt = null; // while an answer is waited for
  #silentSince = null; // from the first question without an answer
  #focusLost = 0;
  #waitingForDrain = [];

  /** Called with each answer of the server and the attempt it is about; may be replaced. */
  onAnswer = () => {};
  /** Called with what the courier cannot settle by waiting (SignedOut, Elsewhere, Locked, Closed). */
  onRefusal = () => {};

  /**
   * @param later calls a function after milliseconds and returns what cancels it
   * @param isCut the server was asked in vain just now: this begins as the silence that it is
   */
  constructor({ client, outbox, epoch, now, random = Math.random, later = soon, isCut = false }) {
    this.#client = client;
    this.#outbox = outbox;
    this.#epoch = epoch;
    this.#now = now;
    this.#random = random;
    this.#later = later;
    this.#sentAt = isCut ? -Infinity : now();
    if (isCut) this.#silentSince = now() - SILENCE_MS;
  }

  /** Beat the heart for this attempt; null when there is none. What was stopped goes on with a new attempt. */
  attend(attempt) {
    this.#attempt = attempt;
    if (attempt !== null) this.#stopped = false;
    this.#schedule(this.#nextMs());
  }

  /** Something was put into the outbox. While the server is silent the next try is already set. */
  nudge() {
    if (this.#tries === 0) this.#schedule(GATHER_MS);
  }

  /** Ask at once, whatever is set: the network came back or went, or the page was woken. */
  check() {
    this.#sentAt = -Infinity;
    this.#schedule(0);
  }

  /** Moment (of `now`) since which an answer is owed, or null. */
  get silentSince() {
    return this.#silentSince ?? this.#askedAt;
  }

  /** A short silence is nobody's concern; a longer one is called by its name, also while a call still hangs. */
  get isOffline() {
    return this.silentSince !== null && this.#now() - this.silentSince >= SILENCE_MS;
  }

  noteFocusLost() {
    this.#focusLost += 1;
  }

  stop() {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Resolves when nothing waits any more. */
  drained() {
    if (this.#outbox.size === 0) return Promise.resolve();
    this.nudge();
    return new Promise((resolve) => this.#waitingForDrain.push(resolve));
  }

  #schedule(ms) {
    this.#cancel?.();
    if (!this.#stopped) this.#cancel = this.#later(() => this.#turn(), ms);
  }

  async #turn() {
    if (this.#busy) return;
    this.#busy = true;
    const batch = this.#outbox.batch(this.#limit);
    let pause = null;
    this.#askedAt = this.#now();
    try {
      if (batch) await this.#deliver(batch);
      else if (this.#beatDue()) await this.#beat();
    } catch (error) {
      pause = await this.#answerTo(error, batch);
    } finally {
      this.#busy = false;
      this.#askedAt = null;
    }
    if (this.#outbox.size === 0) this.#waitingForDrain.splice(0).forEach((resolve) => resolve());
    this.#schedule(pause ?? this.#nextMs());
  }

  async #deliver(batch) {
    const answer = await this.#client.answers({ ...batch, epoch: this.#epoch });
    await this.#outbox.refuse(answer.rejected ?? []);
    await this.#outbox.ack(answer.acked_seq);
    this.#heard();
    this.onAnswer(answer, batch.attempt);
  }

  async #beat() {
    const beat = { attempt: this.#attempt, epoch: this.#epoch, focus_lost: this.#focusLost };
    const answer = await this.#client.heartbeat(beat);
    this.#focusLost = 0;
    await this.#outbox.ack(answer.acked_seq);
    this.#heard();
    this.onAnswer(answer, beat.attempt);
  }

  #heard() {
    this.#tries = 0;
    this.#silentSince = null;
    this.#sentAt = this.#now();
    if (this.#outbox.size === 0) this.#limit = BATCH_LIMIT;
  }

  /** What passes is waited for; what is wrong with a change is put aside; the rest is for others to settle. */
  async #answerTo(error, batch) {
    if (error instanceof Unreachable || error instanceof Busy) {
      this.#tries += 1;
      this.#silentSince ??= this.#askedAt;
      return delay(this.#tries, error.retryAfterMs ?? 0, this.#random);
    }
    if (!(error instanceof Refused)) throw error;
    this.#heard();
    if (error instanceof Locked) {
      this.onRefusal(error);
      return LOCKED_MS;
    }
    const isClosed = error instanceof Closed;
    const isAboutTheBatch = isClosed || ABOUT_THE_BATCH.includes(error.status);
    if (!isAboutTheBatch) this.stop();
    else if (batch) await this.#putAside(batch, error);
    if (isClosed || !isAboutTheBatch) this.onRefusal(error);
    return null;
  }

  /** One change may spoil its whole batch: it is halved until only the bad one stays behind. */
  async #putAside(batch, error) {
    if (error instanceof Closed || batch.changes.length === 1) {
      const reason = error.sentence || error.name;
      await this.#outbox.refuse(batch.changes.map(({ seq }) => ({ seq, reason })));
    } else {
      this.#limit = Math.floor(batch.changes.length / 2);
    }
  }

  #beatDue() {
    return this.#attempt !== null && this.#now() - this.#sentAt >= HEARTBEAT_MS;
  }

  #nextMs() {
    if (this.#outbox.size) return 0;
    if (this.#attempt === null) return HEARTBEAT_MS;
    return Math.max(0, HEARTBEAT_MS - (this.#now() - this.#sentAt));
  }
}
