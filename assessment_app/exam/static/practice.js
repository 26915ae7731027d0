/** Practice before the first part, with the screens of the assessment itself; skipped or repeated as one likes. */

import { at } from "./dom.js";
import { PracticePaper, noteDone } from "./practice_paper.js";
import { showPractice } from "./screens/practice.js";
import { QuestionScreen } from "./screens/question.js";
import { text } from "./texts.js";

export { isDue } from "./practice_paper.js";

export class Practice {
  #frame;
  #paper;
  #screen = null;
  #name;
  #onHelp;
  #onDone;

  constructor({ frame, name, onHelp, onDone }) {
    const { items } = JSON.parse(at(document, "practice-document").textContent);
    this.#frame = frame;
    this.#paper = new PracticePaper({ title: text("practice.title"), tries: items });
    this.#name = name;
    this.#onHelp = onHelp;
    this.#onDone = onDone;
  }

  /** Before and after the items: what they are, which were tried, and the way on. */
  show() {
    this.#screen = null;
    showPractice({
      frame: this.#frame,
      progress: this.#paper.progress(),
      onTry: () => this.#try(),
      onAgain: () => {
        this.#paper.startAgain();
        this.#try();
      },
      onDone: () => this.#end(),
    });
  }

  onKey(event) {
    this.#screen?.onKey(event);
  }

  #try() {
    this.#screen = new QuestionScreen({
      paper: this.#paper,
      place: text("practice.place"),
      frame: this.#frame,
      onHelp: this.#onHelp,
      onReview: () => this.show(),
      onSkip: () => this.#end(),
      onChange: () => {},
    });
  }

  #end() {
    noteDone(sessionStorage, this.#name);
    this.#onDone();
  }
}
