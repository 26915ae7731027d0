/**
 * What participant and proctor say to each other. It is fetched when an answer of the server numbers something newer than
 * what is known, and now and then while a call for help is open. While no part runs, nothing is saved and no heart beats:
 * then the number is asked for. Knows no DOM; timers and chance are injected.
 */

import { Refused, Unreachable } from "./protocol.js";

const ASK_AGAIN_MS = 15_000;
const LOOK_MS = 15_000; // and up to half as long again, so that a whole lab does not ask in one breath

const soon = (act, ms) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

export class Conversation {
  #client;
  #later;
  #random;
  #isQuiet;
  #cancel = () => {};
  #known = 0;
  #isAsking = false;
  #words = [];
  #read = 0; // up to which number the participant said so
  #told = 0; // up to which number the server knows it
  /** The call for help that is open, as the server tells it, or null. */
  openCall = null;
  /** Called whenever the call or the word to show changed; may be replaced. */
  onChange = () => {};

  /**
   * @param isQuiet tells whether no answer of the server numbers anything now
   * @param later calls a function after milliseconds and returns what cancels it
   */
  constructor({ client, isQuiet = () => false, later = soon, random = Math.random }) {
    [this.#client, this.#isQuiet, this.#later, this.#random] = [client, isQuiet, later, random];
  }

  /** Hear of what is new for as long as the page is open. */
  listen() {
    this.#later(() => this.#look(), LOOK_MS * (1 + this.#random() / 2));
  }

  /** What a proctor wrote and nobody said yet to have read, oldest first: all of it, for the newest may be urgent. */
  get unread() {
    return this.#words.filter(({ number }) => number > this.#read);
  }

  /** An answer of the server numbered the newest thing to show; 0 or nothing where there is none. */
  async hear(number) {
    if (this.#told < this.#read) await this.#tellRead();
    if (number && number !== this.#known) await this.#ask();
  }

  /** Call for a proctor; rejects when the call did not reach the server. */
  async call(reason) {
    this.#take(await this.#client.assistance({ wanted: true, reason }));
  }

  /** Take the call back; what does not reach the server now is open still, and says so. */
  async callOff() {
    this.#take(await this.#client.assistance({ wanted: false }));
  }

  /** The participant read what is shown. */
  async read() {
    const shown = this.unread;
    if (shown.length === 0) return;
    this.#read = shown[shown.length - 1].number;
    this.onChange();
    await this.#tellRead();
  }

  async #look() {
    this.listen();
    if (!this.#isQuiet()) return;
    try {
      await this.hear((await this.#client.newest()).newest_message);
    } catch (error) {
      this.#letPass(error);
    }
  }

  #take({ newest, call, words }) {
    this.#known = newest;
    this.openCall = call;
    this.#words = words.filter(({ read }) => !read);
    this.#cancel();
    this.#cancel = call ? this.#later(() => this.#ask(), ASK_AGAIN_MS) : () => {};
    this.onChange();
  }

  async #ask() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      this.#take(await this.#client.messages());
    } catch (error) {
      this.#letPass(error);
      if (this.openCall) this.#cancel = this.#later(() => this.#ask(), ASK_AGAIN_MS);
    } finally {
      this.#isAsking = false;
    }
  }

  async #tellRead() {
    const number = this.#read;
    try {
      await this.#client.read(number);
      this.#told = Math.max(this.#told, number);
    } catch (error) {
      this.#letPass(error);
    }
  }

  /** The next answer numbers it again; whatever else the refusal means, the next save hears it too and settles it. */
  #letPass(error) {
    if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
  }
}
