/** The item screen: one item, the way to the others, the list of all. */

import { draw } from "../../platform/items/kinds.js";
import { optionByLetter } from "../../platform/items/picking.js";
import { at, fill, icon, onAct } from "../dom.js";
import { usesLetterKeys } from "../preferences.js";
import { text, worded } from "../texts.js";
import { Grid } from "./grid.js";

const MORE_PX = 24;

/** Letters and Delete belong to a field that is written in; in a text also the keys that go from word to word. */
const isInText = (element) => element instanceof HTMLTextAreaElement;
const isWriting = (element) => isInText(element) || element?.matches?.("input[inputmode]");

export class QuestionScreen {
  #root;
  #paper;
  #frame;
  #onReview;
  #onChange;
  #index = 0;
  #grid;
  #drawn = null;
  #isLocked = false;
  #isPractice;

  /** @param place which part this is, in words; @param onSkip given for practice alone: leaves it */
  constructor({ paper, place, frame, onReview, onChange, onHelp, onSkip = null }) {
    this.#paper = paper;
    this.#frame = frame;
    this.#onReview = onReview;
    this.#onChange = onChange;
    this.#isPractice = onSkip !== null;
    this.#root = frame.show("question");
    fill(this.#root, { section: place, title: paper.title, list: text("list.item") });
    at(this.#root, "demonstration").hidden = !paper.isDemonstration;
    if (this.#isPractice) this.#dressForPractice();
    this.#grid = new Grid(at(this.#root, "grid"), {
      count: paper.items.length,
      onOpen: (index) => this.open(index),
    });
    onAct(this.#root, {
      next: () => this.#step(1),
      previous: () => this.#step(-1),
      doubt: () => this.#toggleDoubt(),
      review: onReview,
      help: onHelp,
      skip: onSkip,
      panel: () => this.#togglePanel(),
    });
    at(this.#root, "item").addEventListener("scroll", () => this.#showMore());
    new ResizeObserver(() => this.#showMore()).observe(at(this.#root, "form"));
    this.open(paper.position);
  }

  #dressForPractice() {
    for (const name of ["practice", "skip"]) at(this.#root, name).hidden = false;
    fill(this.#root, { end: text("practice.end") });
  }

  get #item() {
    return this.#paper.items[this.#index];
  }

  open(index) {
    const paper = this.#paper;
    this.#index = index;
    paper.show(index);
    this.#frame.say(""); // what was said of another item
    const where = { number: index + 1, count: paper.items.length };
    const item = this.#item;
    this.#drawn = draw(item, {
      response: paper.response(item),
      legend: text("item.legend", { ...where, question: item.question }),
      change: (response) => this.#answer(item, response),
      say: (words) => this.#frame.say(words),
    });
    const last = text(this.#isPractice ? "practice.end" : "toReview");
    const next = index === paper.items.length - 1 ? last : text("next");
    fill(this.#root, { next, here: text("item.here", where), of: text("item.of", where) });
    at(this.#root, "form").replaceChildren(this.#drawn.form);
    this.refresh();
    this.#bringIntoSight();
    this.#showMore();
  }

  /** Wide pages scroll inside item and list; narrow ones as a whole, and the list then lies below the item. */
  #bringIntoSight() {
    const item = at(this.#root, "item");
    item.scrollTop = 0;
    this.#grid.reveal(this.#index, at(this.#root, "panel"));
    item.focus({ preventScroll: true });
    if (item.getBoundingClientRect().top < 0) item.scrollIntoView({ block: "start" });
  }

  /** Show anew what outbox and marks know; the item itself stays as it is. */
  refresh() {
    const cells = this.#paper.cells();
    const { answered, doubted, unanswered, pending } = this.#paper.tally();
    this.#grid.update(cells, this.#index);
    fill(at(this.#root, "panel"), { answered, doubted, unanswered, pending });
    const isDoubted = this.#paper.isDoubted(this.#item);
    this.#root.querySelector('[data-act="doubt"]').setAttribute("aria-pressed", String(isDoubted));
    at(this.#root, "tick").replaceChildren(...(isDoubted ? [icon("check")] : []));
    const reason = this.#paper.refusal(this.#item);
    at(this.#root, "refused").hidden = reason === null;
    if (reason !== null) fill(this.#root, { refused: text("item.refused", { reason: worded("reason", reason) }) });
    if (this.#isPractice) fill(this.#root, { tip: this.#paper.tip(this.#item) });
    const previous = this.#root.querySelector('[data-act="previous"]');
    previous.setAttribute("aria-disabled", String(this.#index === 0));
  }

  /** Time is over: what stands, stands. */
  lock() {
    this.#isLocked = true;
    this.#drawn.form.querySelector("fieldset").disabled = true;
  }

  onKey(event) {
    if (event.altKey || event.metaKey || event.shiftKey) return;
    const step = event.ctrlKey ? { ArrowRight: 1, ArrowLeft: -1 }[event.key] : undefined;
    const isInItem = at(this.#root, "item").contains(document.activeElement);
    if (step && isInText(document.activeElement)) return;
    if (step) {
      event.preventDefault();
      this.#step(step);
    } else if (!event.ctrlKey && isInItem && !isWriting(document.activeElement) && !this.#isLocked) {
      this.#onItemKey(event);
    }
  }

  #onItemKey(event) {
    if (event.key === "Delete" && this.#drawn.clear) {
      this.#drawn.clear();
      this.#frame.say(text("item.cleared"));
    } else if (usesLetterKeys() && event.key.toLowerCase() === "r") {
      this.#toggleDoubt();
    } else if (usesLetterKeys()) {
      const option = optionByLetter(this.#item, event.key);
      if (option !== null) this.#drawn.choose(option);
    }
  }

  #step(by) {
    if (this.#isLocked) return;
    const target = this.#index + by;
    if (target === this.#paper.items.length) this.#onReview();
    else if (target >= 0) this.open(target);
  }

  async #answer(item, response) {
    if (this.#isLocked) return;
    const kept = this.#paper.answer(item, response);
    this.refresh();
    this.#onChange();
    await kept;
    this.#onChange();
  }

  #toggleDoubt() {
    if (this.#isLocked) return;
    this.#paper.toggleDoubt(this.#item);
    const key = this.#paper.isDoubted(this.#item) ? "item.doubtOn" : "item.doubtOff";
    this.#frame.say(text(key, { number: this.#index + 1 }));
    this.refresh();
  }

  #togglePanel() {
    const panel = at(this.#root, "panel");
    panel.hidden = !panel.hidden;
    at(this.#root, "body").classList.toggle("is-wide", panel.hidden);
    at(this.#root, "panel-open").hidden = !panel.hidden;
    for (const button of this.#root.querySelectorAll('[data-act="panel"]')) {
      button.setAttribute("aria-expanded", String(!panel.hidden));
    }
    (panel.hidden ? at(this.#root, "panel-open") : panel.querySelector('[data-act="panel"]')).focus();
  }

  #showMore() {
    const item = at(this.#root, "item");
    at(this.#root, "more").hidden = item.scrollHeight - item.scrollTop - item.clientHeight <= MORE_PX;
  }
}
