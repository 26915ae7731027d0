/** What lets a sitting outlive the network, the page and the tab. Joins the writer among tabs, storage and memory. */

import { Courier } from "./courier.js";
import { Locker } from "./locker.js";
import { Marks } from "./marks.js";
import { Memory } from "./memory.js";
import { Outbox, troubleOf } from "./outbox.js";
import { Paper } from "./paper.js";
import { briefly, passes, patiently } from "./protocol.js";
import { nameOf, noStore, openKept, openStore } from "./store.js";
import { openWriter } from "./writer.js";

const PATIENCE_MS = 3000; // who can go on without the server does not look at a blank page for longer

/** Goes on over a reload and ignores a clock that is set: within one run of the browser it is monotonic. */
const steady = () => performance.timeOrigin + performance.now();

export class Survival {
  #client;
  #writer = openWriter();
  #kept = null; // storage of the locker
  #owner = "";
  #wasForced = false;
  #isCut = false; // the server was asked in vain: the page goes on from what it remembers
  memory = new Memory(null, steady);

  constructor({ client, onLost }) {
    this.#client = client;
    this.#writer.onLost = onLost;
  }

  /** Become the one tab that writes; false while another one is. */
  claim = () => this.#writer.claim();

  async takeOver() {
    this.#wasForced = await this.#writer.takeOver();
  }

  /** Other tabs may go on from here: this page writes nothing any more. */
  letGo() {
    this.#writer.release();
  }

  /** Another device goes on: this computer must not lead back into the work. */
  giveUp() {
    this.memory.forgetWork();
    this.letGo();
  }

  /** Where the sitting stands: as the server says, or as it is remembered while nobody answers. */
  async sitting({ onWait }) {
    await this.#openMemory();
    const kept = await this.memory.restore();
    this.#isCut = false;
    if (kept === null) return patiently(this.#client.sitting, { onWait });
    try {
      return await briefly(PATIENCE_MS, this.#client.sitting);
    } catch (error) {
      if (!passes(error)) throw error;
      this.#isCut = true;
      return kept.sitting;
    }
  }

  /** The part as it is remembered, if `enter` meets silence. */
  async work(attempt, enter) {
    const kept = await this.memory.restore();
    const isOfThisPart = kept !== null && kept.attempt.n === attempt.n;
    if (!isOfThisPart) return enter({ isPatient: true });
    if (!this.#isCut) {
      try {
        return await briefly(PATIENCE_MS, () => enter({ isPatient: false }));
      } catch (error) {
        if (!passes(error)) throw error;
        this.#isCut = true;
      }
    }
    return kept;
  }

  async openOutbox(sitting) {
    const name = nameOf(sitting);
    const store = await openStore(name).catch(() => noStore);
    await this.#kept?.tidy(this.#owner, name).catch((error) => console.warn("leftovers stay", error));
    const storage = { load: store.load, write: (...change) => this.#write(store, ...change) };
    const isBehind = this.#isCut || this.#wasForced;
    return Outbox.open(storage, { epoch: sitting.epoch, ackedSeq: sitting.acked_seq, isBehind });
  }

  openCourier({ epoch }, outbox, now) {
    return new Courier({ client: this.#client, outbox, epoch, now, isCut: this.#isCut });
  }

  /** A part is entered: from now on a reload leads back to it. */
  paper({ sitting, attempt, started, ...rest }) {
    const { memory } = this;
    memory.keepWork(attempt.n, started);
    const marks = new Marks(localStorage, nameOf(sitting), attempt.n);
    return new Paper({ attempt, started, marks, remember: (answers) => memory.keepAnswers(answers), ...rest });
  }

  /** Why this computer keeps nothing at the moment ("full", "refused"), or null. */
  trouble(outbox) {
    return outbox?.trouble ?? (this.memory.trouble && troubleOf(this.memory.trouble));
  }

  /** The sitting is sealed, or was not this person's: nothing of it stays but what the server does not have. */
  async wipe(sitting, outbox) {
    if (outbox?.size) return;
    await this.memory.clear().catch((error) => console.warn("the locker was not emptied", error));
    Marks.wipe(localStorage, nameOf(sitting));
  }

  async #openMemory() {
    this.memory = new Memory(null, steady);
    if (!globalThis.crypto?.subtle) return;
    try {
      this.#kept = await openKept();
      const locker = await Locker.open({ token: this.#client.token, storage: this.#kept });
      this.#owner = locker.owner;
      this.memory = new Memory(locker, steady);
    } catch (error) {
      console.warn("nothing is remembered on this computer", error);
    }
  }

  /** What the server promised is known here before the outbox forgets it, or a reload would show it as unanswered. */
  async #write(store, keep, forget, acked) {
    if (acked !== null) {
      this.memory.keepAcked(acked);
      await this.memory.settled();
    }
    return store.write(keep, forget);
  }
}
