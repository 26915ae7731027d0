/** One form being worked on: its items, what was answered, and what of it is on its way. Knows no DOM. */

import { cellState, isComplete, tally, toSend } from "./answers.js";

const LONGEST_MS = 86_400_000; // the protocol takes no longer time, and a clock that jumped may cost no answer

const told = (ms) => Math.min(Math.max(0, Math.round(ms)), LONGEST_MS);

export class Paper {
  #answers;
  #outbox;
  #marks;
  #now;
  #remember;
  #elapsedAtOpening;
  #openedAt;
  #shown = null;

  /**
   * @param attempt of the sitting: n, time_limit_ms
   * @param presentation what the participant may see of the form
   * @param started the server's answer to start: remaining_ms, answers
   * @param remember is told all answers whenever one of them changed
   */
  constructor({ attempt, presentation, started, outbox, marks, now, remember = () => {} }) {
    this.n = attempt.n;
    this.title = presentation.title;
    this.instructions = presentation.instructions ?? [];
    this.isDemonstration = Boolean(presentation.demonstration);
    this.items = presentation.items;
    this.#outbox = outbox;
    this.#marks = marks;
    this.#now = now;
    this.#remember = remember;
    this.#answers = outbox.merged(attempt.n, started.answers ?? {});
    this.#elapsedAtOpening = Math.max(0, attempt.time_limit_ms - started.remaining_ms);
    this.#openedAt = now();
  }

  get position() {
    return Math.min(Math.max(0, this.#marks.position), this.items.length - 1);
  }

  /** Bring an item to the screen: from now on time is spent on it. */
  show(index) {
    this.#noteSpent();
    this.#marks.position = index;
    this.#shown = { item: this.items[index].id, since: this.#now(), before: this.#marks.spent(this.items[index].id) };
  }

  /** What stands on the screen for an item: a half-made choice, else the answer, else null. */
  response(item) {
    return this.#marks.draft(item.id) ?? this.#answers.get(item.id) ?? null;
  }

  /** Take a new response. Resolves to true once what had to be kept is kept, to false if it could not be. */
  async answer(item, response) {
    const change = toSend(item, this.#answers.get(item.id), response);
    const isDraft = response !== null && !isComplete(item, response);
    this.#marks.keepDraft(item.id, isDraft ? response : null);
    if (change === undefined) return true;
    this.#answers.set(item.id, change);
    this.#remember(Object.fromEntries(this.#answers));
    const at_ms = told(this.#elapsedAtOpening + this.#now() - this.#openedAt);
    return this.#outbox.put(this.n, { item: item.id, response: change, at_ms, spent_ms: this.#noteSpent() });
  }

  isDoubted(item) {
    return this.#marks.isDoubted(item.id);
  }

  toggleDoubt(item) {
    this.#marks.toggleDoubt(item.id);
  }

  refusal(item) {
    return this.#outbox.refusal(this.n, item.id);
  }

  cells() {
    return this.items.map((item) => {
      const answered = isComplete(item, this.#answers.get(item.id));
      const doubted = this.isDoubted(item);
      const refused = this.refusal(item) !== null;
      const pending = this.#outbox.isPending(this.n, item.id) || refused;
      return { answered, doubted, pending, refused, state: cellState({ answered, doubted }) };
    });
  }

  /** Counts of this form; what is not sent yet is counted once for all, as the header tells it. */
  tally() {
    return { ...tally(this.cells()), pending: this.#outbox.pending };
  }

  #noteSpent() {
    if (this.#shown === null) return 0;
    const spent = told(this.#shown.before + this.#now() - this.#shown.since);
    this.#marks.keepSpent(this.#shown.item, spent);
    return spent;
  }
}
