// Who is chosen in a list that has pages: kept from page to page of one list, forgotten with another. Knows no page.

export class Chosen {
  #list = "";
  #who = new Set();

  /** Say which list is shown now; another list begins with nobody. */
  of(list) {
    if (list !== this.#list) this.#who.clear();
    this.#list = list;
  }

  get count() {
    return this.#who.size;
  }

  has(who) {
    return this.#who.has(who);
  }

  put(who, isChosen) {
    if (isChosen) this.#who.add(who);
    else this.#who.delete(who);
  }

  clear() {
    this.#who.clear();
  }

  /** Give those who are chosen and not on the page that shows these. */
  elsewhere(shown) {
    const here = new Set(shown);
    return [...this.#who].filter((who) => !here.has(who));
  }
}
