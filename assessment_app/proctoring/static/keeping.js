// Keeps what somebody types until the server has acknowledged it, and sends it as often as that takes. Knows no DOM;
// storage, network and time come in, so Node can test it.

export const AGAIN_MS = 5_000;
export const KEPT_MS = 24 * 3_600_000;

/** The server said no, in words; asking the same again is of no use. */
export class Refused extends Error {}

/** What was typed into the forms of one room, on this computer's disk. */
export class Drafts {
  #storage;
  #prefix;
  #now;

  constructor({ storage, room, now }) {
    [this.#storage, this.#prefix, this.#now] = [storage, `proasn.room.${room}.`, now];
  }

  keep(name, fields) {
    this.#storage.setItem(this.#prefix + name, JSON.stringify({ at: this.#now(), fields }));
  }

  /** Give what was typed into a form, or null; what is a day old is of another session's day and is let go. */
  of(name) {
    const kept = this.#storage.getItem(this.#prefix + name);
    if (kept === null) return null;
    const { at, fields } = JSON.parse(kept);
    if (this.#now() - at < KEPT_MS) return fields;
    this.drop(name);
    return null;
  }

  drop(name) {
    this.#storage.removeItem(this.#prefix + name);
  }
}

/** Brings forms to the server. `tell` hears of each one: sending, waiting, refused (why), stopped, done (answer). */
export class Courier {
  #send;
  #tell;
  #wait;
  #under = new Map();

  constructor({ send, tell, wait }) {
    [this.#send, this.#tell, this.#wait] = [send, tell, wait];
  }

  /** Tell how many forms are on their way. */
  get size() {
    return this.#under.size;
  }

  isUnderWay(name) {
    return this.#under.has(name);
  }

  /** Send a form until an answer comes; while it is under way, a second click sends nothing. */
  async deliver(name, form) {
    if (this.#under.has(name)) return;
    const trip = { stopped: false };
    this.#under.set(name, trip);
    this.#tell(name, "sending");
    while (!(await this.#attempt(name, form))) {
      this.#tell(name, "waiting");
      await this.#wait(AGAIN_MS);
      if (trip.stopped) {
        this.#end(name, "stopped");
        return;
      }
    }
  }

  async #attempt(name, form) {
    try {
      const answer = await this.#send(form);
      this.#end(name, "done", answer);
    } catch (error) {
      if (!(error instanceof Refused)) return false;
      this.#end(name, "refused", error.message);
    }
    return true;
  }

  #end(name, state, what) {
    this.#under.delete(name);
    this.#tell(name, state, what);
  }

  /** Try a form no more; what was typed stays. */
  stop(name) {
    const trip = this.#under.get(name);
    if (trip) trip.stopped = true;
  }
}
