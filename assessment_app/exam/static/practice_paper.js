/** The practice items as a paper to work on: as a part of the assessment looks, but nothing of it is kept or sent. */

import { cellState, isComplete, tally } from "./answers.js";

const DONE = "proasn.practised"; // kept for the tab: whose practice is over

/** Once any part was begun there is nothing left to practise for. */
export const isDue = (session, name, { attempts }) =>
  attempts.every(({ state }) => state === "waiting") && session.getItem(DONE) !== name;

export const noteDone = (session, name) => session.setItem(DONE, name);

export class PracticePaper {
  #tries;
  #responses = new Map();
  #doubts = new Set();
  position = 0;
  isDemonstration = false;
  instructions = [];

  /** @param tries the practice document's items: name, hint, done, words */
  constructor({ title, tries }) {
    this.title = title;
    this.#tries = tries;
    this.items = tries.map(({ words }) => words);
  }

  show(index) {
    this.position = index;
  }

  response(item) {
    return this.#responses.get(item.id) ?? null;
  }

  async answer(item, response) {
    this.#responses.set(item.id, response);
    return true;
  }

  isDoubted(item) {
    return this.#doubts.has(item.id);
  }

  toggleDoubt(item) {
    if (!this.#doubts.delete(item.id)) this.#doubts.add(item.id);
  }

  refusal() {
    return null;
  }

  /** What to try, and once it is done, what was seen. */
  tip(item) {
    const { hint, done } = this.#tries.find(({ words }) => words === item);
    return isComplete(item, this.response(item)) ? done : hint;
  }

  /** Each item by its name, and whether it was tried. */
  progress() {
    return this.#tries.map(({ name, words }) => ({ name, isDone: isComplete(words, this.response(words)) }));
  }

  startAgain() {
    this.#responses.clear();
    this.#doubts.clear();
    this.position = 0;
  }

  cells() {
    return this.items.map((item) => {
      const answered = isComplete(item, this.response(item));
      const doubted = this.isDoubted(item);
      return { answered, doubted, pending: false, refused: false, state: cellState({ answered, doubted }) };
    });
  }

  tally() {
    return tally(this.cells());
  }
}
