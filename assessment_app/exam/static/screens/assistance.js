/** The call for a proctor, and the bars that show it and what a proctor wrote. */

import { Conversation } from "../conversation.js";
import { at, element, fill, onAct } from "../dom.js";
import { Refused, Unreachable } from "../protocol.js";
import { text } from "../texts.js";

const MOST_LETTERS = 100;

/** What was pressed is gone from the page: whoever uses no mouse stands where the work is. */
const backToWork = () => document.querySelector("#content")?.focus({ preventScroll: true });

export class Assistance {
  #conversation;
  #clock;
  #dialog = at(document, "assistance");
  #called = at(document, "called");
  #word = at(document, "word");

  /** @param parts client (what is said goes through it), clock (the server's time), isQuiet (whether no part runs) */
  constructor({ client, clock, isQuiet }) {
    const conversation = new Conversation({ client, isQuiet });
    [this.#conversation, this.#clock] = [conversation, clock];
    conversation.onChange = () => this.#draw();
    conversation.listen();
    onAct(at(document, "player"), {
      assist: () => this.#open(),
      "call-off": () => this.#callOff(),
      "word-read": () => this.#read(),
    });
    onAct(this.#dialog, { "assist-cancel": () => this.#dialog.close(), "assist-call": () => this.#call() });
    this.#dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault(); // Enter in the line is the button
      this.#call();
    });
  }

  /** An answer of the server numbered the newest thing to show. */
  hear(number) {
    return this.#conversation.hear(number);
  }

  #open() {
    this.#say("");
    this.#dialog.querySelector("form").reset();
    this.#dialog.showModal();
  }

  async #call() {
    const chosen = new FormData(this.#dialog.querySelector("form"));
    const reason = [chosen.get("why"), chosen.get("more").trim()].filter(Boolean).join(": ").slice(0, MOST_LETTERS);
    if (await this.#tell("assist.unreachable", () => this.#conversation.call(reason))) this.#dialog.close();
  }

  /** Do what needs the server; where it does not answer, the hand is the way, and the page says so. */
  async #tell(unreachable, act) {
    this.#say("");
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
      this.#say(text(unreachable));
      return false;
    }
  }

  #say(words) {
    fill(document, { "assist-trouble": words });
    for (const line of document.querySelectorAll('[data-at="assist-trouble"]')) line.hidden = words === "";
  }

  async #callOff() {
    if (await this.#tell("assist.unreachable.off", () => this.#conversation.callOff())) backToWork();
  }

  #read() {
    backToWork();
    return this.#conversation.read();
  }

  #draw() {
    const { openCall, unread } = this.#conversation;
    this.#called.hidden = !openCall;
    if (openCall) fill(this.#called, { called: text("assist.called", { time: this.#clock.say(new Date(openCall.since)) }) });
    this.#word.hidden = unread.length === 0;
    at(this.#word, "words").replaceChildren(...unread.map((word) => {
      const from = element("b", { text: text(word.to_all ? "assist.toAll" : "assist.toSeat") });
      return element("li", {}, [from, ` ${word.text}`]);
    }));
  }
}
