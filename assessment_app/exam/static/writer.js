/**
 * One tab of a browser writes, the others look on. A tab that wants to go on asks the writer, which brings to storage
 * what is on its way and steps back; a writer that does not answer is overruled. Knows no DOM.
 *
 * Web Locks hold firmly, also over a crash. Where they are missing (a page without TLS) the tabs settle it among
 * themselves by messages.
 */

const NAME = "proasn.sitting";
const PATIENCE = {
  claimMs: 1000, // a page that is reloaded lets go of its lock a little later than the new one asks for it
  answerMs: 400,
  stepBackMs: 3000,
};

export function openWriter({ locks = navigator.locks, channel = new BroadcastChannel(NAME), patience = PATIENCE } = {}) {
  return locks ? new LockingWriter(channel, patience, locks) : new TalkingWriter(channel, patience);
}

class Writer {
  #isStepping = false;
  /** Another tab goes on: stop, and resolve when nothing is on its way to storage any more. */
  onLost = async () => {};

  constructor(channel, patience) {
    this.channel = channel;
    this.patience = patience;
    channel.onmessage = ({ data }) => this.hear(data);
  }

  /** Step back once, however often it is asked. */
  async stepBack() {
    if (!this.holds || this.#isStepping) return;
    this.#isStepping = true;
    try {
      await this.onLost();
    } finally {
      this.#isStepping = false;
      this.release();
    }
  }

  say(message) {
    this.channel.postMessage(message);
  }
}

class LockingWriter extends Writer {
  #locks;
  #letGo = null;

  constructor(channel, patience, locks) {
    super(channel, patience);
    this.#locks = locks;
  }

  get holds() {
    return this.#letGo !== null;
  }

  /** Resolves to whether this tab writes from now on. */
  claim() {
    return this.holds || this.#request({ signal: AbortSignal.timeout(this.patience.claimMs) });
  }

  /** Resolves once this tab writes; to true if the other one was overruled and may still be writing. */
  async takeOver() {
    this.say("step back");
    if (await this.#request({ signal: AbortSignal.timeout(this.patience.stepBackMs) })) return false;
    await this.#request({ steal: true });
    return true;
  }

  release() {
    this.#letGo?.();
    this.#letGo = null;
  }

  hear(message) {
    if (message === "step back") this.stepBack();
  }

  #request(options) {
    return new Promise((resolve) => {
      const hold = () => new Promise((letGo) => {
        this.#letGo = letGo;
        resolve(true);
      });
      // Rejected when nobody let go in time, or later, when the lock was taken by force.
      this.#locks.request(NAME, options, hold).catch(() => {
        this.stepBack();
        resolve(false);
      });
    });
  }
}

class TalkingWriter extends Writer {
  #id = Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
  #isAsking = false;
  #isTaken = false;
  #onSteppedBack = () => {};
  holds = false;

  async claim() {
    this.#isAsking = true;
    this.#isTaken = false;
    this.say({ ask: this.#id });
    await new Promise((resolve) => setTimeout(resolve, this.patience.answerMs));
    this.#isAsking = false;
    this.holds ||= !this.#isTaken;
    return this.holds;
  }

  async takeOver() {
    const isGiven = await new Promise((resolve) => {
      this.#onSteppedBack = () => resolve(true);
      setTimeout(() => resolve(false), this.patience.stepBackMs);
      this.say("step back");
    });
    this.holds = true;
    return !isGiven;
  }

  release() {
    this.holds = false;
    this.say("stepped back");
  }

  hear(message) {
    if (message === "step back") this.stepBack();
    else if (message === "stepped back") this.#onSteppedBack();
    else if (message.taken === this.#id) this.#isTaken = true;
    // Of two that ask at the same moment one must not get it: the smaller name does.
    else if (message.ask && (this.holds || (this.#isAsking && this.#id < message.ask))) this.say({ taken: message.ask });
  }
}
