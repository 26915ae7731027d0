/** What a participant marks on one form: doubts, the place, half-made choices, time spent. No answers. */

const FAMILY = "proasn.marks";
const EMPTY = { doubts: [], position: 0, drafts: {}, spent: {} };

export class Marks {
  #storage;
  #name;
  #kept;

  /** @param storage localStorage or alike; what it cannot keep is kept until the page closes */
  constructor(storage, sitting, attempt) {
    this.#storage = storage;
    this.#name = `${FAMILY}.${sitting}.${attempt}`;
    this.#kept = { ...structuredClone(EMPTY), ...this.#read() };
  }

  /** Forget all marks of a sitting. */
  static wipe(storage, sitting) {
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    names.filter((name) => name.startsWith(`${FAMILY}.${sitting}.`)).forEach((name) => storage.removeItem(name));
  }

  get position() {
    return this.#kept.position;
  }

  set position(index) {
    this.#kept.position = index;
    this.#write();
  }

  isDoubted(item) {
    return this.#kept.doubts.includes(item);
  }

  toggleDoubt(item) {
    const doubts = this.#kept.doubts;
    this.#kept.doubts = doubts.includes(item) ? doubts.filter((other) => other !== item) : [...doubts, item];
    this.#write();
  }

  draft(item) {
    return this.#kept.drafts[item] ?? null;
  }

  /** A choice that is not complete yet; null when there is none any more. */
  keepDraft(item, response) {
    if (response === null) delete this.#kept.drafts[item];
    else this.#kept.drafts[item] = response;
    this.#write();
  }

  spent(item) {
    return this.#kept.spent[item] ?? 0;
  }

  keepSpent(item, ms) {
    this.#kept.spent[item] = Math.round(ms);
    this.#write();
  }

  #read() {
    try {
      return JSON.parse(this.#storage.getItem(this.#name)) ?? {};
    } catch {
      return {};
    }
  }

  #write() {
    try {
      this.#storage.setItem(this.#name, JSON.stringify(this.#kept));
    } catch {
      // Full or forbidden: marks then last as long as the page, and no answer depends on them.
    }
  }
}
