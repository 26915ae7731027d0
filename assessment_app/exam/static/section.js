/** The work on one section: items, review, and the way to its end. Ends once, by the participant or by time. */

import { Closed, Unsaved, patiently, sleep } from "./protocol.js";
import { sectionOf, showNotice } from "./screens/plain.js";
import { QuestionScreen } from "./screens/question.js";
import { ReviewScreen } from "./screens/review.js";

const UNSAVED_MS = 2000;
const WORTH_MS = 2000; // less time than that is not gone back for

export class Section {
  #parts;
  #screen = null;
  #say = null;
  #isEnding = false;
  #isAbandoned = false;
  #pending = 0; // what the screen says of it

  /** @param parts client, outbox, courier, frame, sitting, attempt, paper; onHelp, onChange, onFinish, onStuck */
  constructor(parts) {
    this.#parts = parts;
  }

  get attempt() {
    return this.#parts.attempt;
  }

  get instructions() {
    return this.#parts.paper.instructions;
  }

  showQuestions(index = null) {
    const { paper, sitting, attempt, frame, courier, onHelp, onChange } = this.#parts;
    if (index !== null) paper.show(index);
    this.#screen = new QuestionScreen({
      paper,
      place: sectionOf(attempt, sitting),
      frame,
      onHelp,
      onReview: () => this.#review(),
      onChange: () => {
        courier.nudge();
        onChange();
      },
    });
  }

  #review() {
    this.#screen = new ReviewScreen({
      ...this.#parts,
      onOpen: (index) => this.showQuestions(index),
      onBack: () => this.showQuestions(),
    });
  }

  onKey(event) {
    this.#screen?.onKey(event);
  }

  /** The outbox changed or the server spoke. */
  refresh() {
    this.#pending = this.#parts.outbox.pending;
    this.#screen?.refresh();
    this.#say?.();
    this.#parts.onChange();
  }

  /** Several times a second: list and header never count differently; while the end waits, a way out is offered. */
  tick() {
    if (this.#pending !== this.#parts.outbox.pending) this.refresh();
    if (!this.#say || !this.#parts.courier.isOffline) return;
    this.#say();
    this.#parts.onStuck();
  }

  /** Another screen took over: whatever still runs here ends silently. */
  abandon() {
    this.#isAbandoned = true;
  }

  /**
   * Stop input, bring everything to the server, close the attempt. Resolves to the sitting and the number of answers; to
   * `more`, the server's word that there is time left, when only this page thought that time was over; or to null when it
   * was ending already or something else took over.
   */
  async end(name) {
    if (this.#isEnding) return null;
    this.#isEnding = true;
    const { frame, paper, courier } = this.#parts;
    this.#screen?.lock();
    this.#screen = null;
    const write = showNotice({ frame, name, iconName: "clock" });
    this.#say = () => write(courier.isOffline ? "ending.waiting" : `${name}.body`);
    const answered = paper.items.length - paper.tally().unanswered;
    const { more = null, sitting = null } = await this.#close(name, () => write("ending.waiting"));
    this.#isEnding = more === null;
    return this.#isAbandoned ? null : { more, sitting, answered };
  }

  /** Only the server ends a part by time: it may have given more while nothing was heard of it. */
  async #timeLeft(onWait) {
    const { client, sitting, attempt } = this.#parts;
    const beat = { attempt: attempt.n, epoch: sitting.epoch, focus_lost: 0 };
    const answer = await patiently(() => client.heartbeat(beat), { onWait });
    return answer.remaining_ms > WORTH_MS ? answer : null;
  }

  async #close(name, onWait) {
    const { client, outbox, courier, attempt } = this.#parts;
    while (!this.#isAbandoned) {
      this.#say();
      await courier.drained();
      const more = name === "over" ? await this.#timeLeft(onWait) : null;
      if (more) return { more };
      try {
        return { sitting: await patiently(() => client.finish(attempt.n, outbox.lastSeq), { onWait }) };
      } catch (error) {
        if (error instanceof Closed) return { sitting: await patiently(client.sitting, { onWait }) };
        if (!(error instanceof Unsaved)) throw error;
        onWait();
        await sleep(UNSAVED_MS);
      }
    }
    return {};
  }
}
