// Asks the server again and again how a room stands. Knows no DOM; time and network come in, so Node can test it.

export const EVERY_MS = 10_000;
export const PATIENCE_MS = 8_000;

/** The server says that asking on is of no use: nobody is signed in any more, or the session is not theirs. */
export class Gone extends Error {}

/** Watches one room: `ask` fetches, `show` draws, `away` hears since when there is no news. */
export class Watch {
  #ask;
  #listener;
  #now;
  #lastNews;

  constructor({ ask, listener, now }) {
    [this.#ask, this.#listener, this.#now] = [ask, listener, now];
    this.#lastNews = now();
  }

  /** Ask once; tells whether it makes sense to ask again. What fails leaves everything as it was. */
  async look() {
    try {
      const news = await this.#ask();
      this.#lastNews = this.#now();
      this.#listener.show(news);
      this.#listener.away(null);
      return true;
    } catch (error) {
      if (error instanceof Gone) {
        this.#listener.gone();
        return false;
      }
      this.#listener.away(this.#lastNews);
      return true;
    }
  }
}

/** Write a duration as a countdown shows it: 00.41.26. */
export function clockFace(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(".");
}

/** Tell which seat the arrow leads to, in rows of six; the same seat at the edge. */
export function neighbour(index, key, count, columns = 6) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (step === undefined || index + step < 0 || index + step >= count) return index;
  return index + step;
}
