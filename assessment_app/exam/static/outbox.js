/**
 * Changes of answers that the server has not promised to keep. Knows no DOM and no network; storage is injected:
 * `load()` gives all records kept for this sitting, `write(keep, forget, acked)` keeps records and drops seqs in one go;
 * `acked` is given when seqs are dropped because the server promised everything up to it.
 *
 * Laws: the newest change of an item wins; what was promised may be forgotten, nothing else; a refused change stays;
 * a seq is never used twice.
 */

export const BATCH_LIMIT = 500;

/**
 * How far a page goes on above every seq it knows when it cannot know all: the server was not asked, or another tab may
 * still be writing. What was promised left no trace here, and nobody makes so many changes in a sitting.
 */
export const LEAP = 1_000_000;

const nameOf = ({ attempt, item }) => `${attempt} ${item}`;
/** A kept record as a file of unsent changes holds it. */
export const asUnsent = (record) => ({ attempt: record.attempt, epoch: record.epoch, ...onTheWire(record) });
const onTheWire = ({ seq, item, response, at_ms, spent_ms }) => ({ seq, item, response, at_ms, spent_ms });

/** What keeps storage from writing, for the words that people read. */
export const troubleOf = (error) => (error?.name === "QuotaExceededError" ? "full" : "refused");

export class Outbox {
  #storage;
  #epoch;
  #acked;
  #last;
  #waiting = new Map(); // by item, oldest seq first
  #refused = new Map(); // by item
  #stranded = []; // of an earlier ownership: another device may have answered since
  #writing = new Set(); // seqs on their way to storage
  #unkept = new Set(); // seqs that storage would not take
  #trouble = null; // why, while it is so
  #isClosed = false;
  #underWay = new Set(); // promises of writes

  constructor(storage, epoch, ackedSeq) {
    this.#storage = storage;
    this.#epoch = epoch;
    this.#acked = ackedSeq;
    this.#last = ackedSeq;
  }

  /**
   * Take up what an earlier page of this computer left behind.
   * @param options.isBehind some seqs that are in use may be unknown here
   */
  static async open(storage, { epoch, ackedSeq, isBehind = false }) {
    const outbox = new Outbox(storage, epoch, ackedSeq);
    const records = await storage.load();
    await outbox.#takeUp(records.sort((a, b) => a.seq - b.seq));
    if (isBehind) outbox.#last += LEAP;
    return outbox;
  }

  /** Write nothing more, another tab goes on with what is there; resolves when nothing is on its way to storage. */
  async close() {
    this.#isClosed = true;
    await Promise.all(this.#underWay);
  }

  /** Note a new answer. Resolves to true once it is on storage, to false when storage would not take it. */
  async put(attempt, { item, response, at_ms, spent_ms }) {
    this.#last += 1;
    const change = { attempt, item, response, at_ms, spent_ms, seq: this.#last, epoch: this.#epoch, base: this.#acked };
    const name = nameOf(change);
    const outdated = [this.#waiting.get(name)?.seq, this.#refused.get(name)?.seq].filter(Boolean);
    this.#refused.delete(name);
    this.#waiting.delete(name); // so that the order of the map stays the order of the seqs
    this.#waiting.set(name, change);
    return this.#keep([change], outdated);
  }

  /** The oldest changes of one attempt, ready to be sent, or null. Sent again until they are promised. */
  batch(limit = BATCH_LIMIT) {
    const changes = [];
    for (const change of this.#waiting.values()) {
      if (changes.length === limit || (changes.length && change.attempt !== changes[0].attempt)) break;
      changes.push(change);
    }
    return changes.length ? { attempt: changes[0].attempt, changes: changes.map(onTheWire) } : null;
  }

  /** The server keeps every change up to this seq. Late and repeated promises do no harm. */
  async ack(seq) {
    this.#acked = Math.max(this.#acked, seq);
    this.#last = Math.max(this.#last, seq);
    const promised = [...this.#waiting.values()].filter((change) => change.seq <= this.#acked);
    if (promised.length === 0) return;
    for (const change of promised) {
      this.#waiting.delete(nameOf(change));
      this.#unkept.delete(change.seq);
    }
    // The last one left remembers how far the promise went: see #takeUp.
    const left = [...this.#waiting.values()].slice(-1).map((change) => ({ ...change, base: this.#acked }));
    left.forEach((change) => this.#waiting.set(nameOf(change), change));
    await this.#keep(left, promised.map((change) => change.seq), this.#acked);
  }

  /** The server will not take these: they stop being sent and stay, with the reason, until answered anew. */
  async refuse(refusals) {
    const kept = [];
    for (const { seq, reason } of refusals) {
      const change = [...this.#waiting.values()].find((waiting) => waiting.seq === seq);
      if (!change) continue; // answered anew meanwhile
      this.#waiting.delete(nameOf(change));
      const refused = { ...change, refused: reason || "?" };
      this.#refused.set(nameOf(change), refused);
      kept.push(refused);
    }
    if (kept.length) await this.#keep(kept, []);
  }

  /** What this computer holds against what the server told: what waits is newer, what was refused was seen. */
  merged(attempt, serverAnswers) {
    const answers = new Map(Object.entries(serverAnswers));
    for (const change of [...this.#refused.values(), ...this.#waiting.values()]) {
      if (change.attempt === attempt) answers.set(change.item, change.response);
    }
    return answers;
  }

  isPending(attempt, item) {
    return this.#waiting.has(nameOf({ attempt, item }));
  }

  /** Why the server refused the newest answer to this item, or null. */
  refusal(attempt, item) {
    return this.#refused.get(nameOf({ attempt, item }))?.refused ?? null;
  }

  get size() {
    return this.#waiting.size;
  }

  /** The one number of changes that are only here: those that wait, and those that the server refused. */
  get pending() {
    return this.#waiting.size + this.#refused.size;
  }

  /** Nothing was answered in this sitting, here or as far as the server told. */
  get isUntouched() {
    return this.lastSeq === 0 && this.pending === 0;
  }

  /** What finish must name: the highest seq that the server has or will be sent. */
  get lastSeq() {
    return Math.max(this.#acked, ...[...this.#waiting.values()].map((change) => change.seq));
  }

  /** Everything that the server may not have: what waits, what it refused, what another device's page left here. */
  get unsent() {
    return [...this.#stranded, ...this.#refused.values(), ...this.#waiting.values()].map(asUnsent);
  }

  get strandedCount() {
    return this.#stranded.length;
  }

  /** "kept", "writing", or "failed" while an answer is neither on storage nor promised by the server. */
  get durability() {
    if (this.#unkept.size) return "failed";
    return this.#writing.size ? "writing" : "kept";
  }

  /** "full" or "refused" while storage takes nothing, else null: what the last attempt to write met. */
  get trouble() {
    return this.#trouble;
  }

  /**
   * Same ownership: what the server promised is done, the rest waits. After a move of ownership the rest may be older
   * than what another device wrote; it is taken up only if nobody wrote since, else it stays for the proctor.
   */
  async #takeUp(records) {
    const foreign = records.filter((record) => record.epoch !== this.#epoch && !record.refused);
    const untouched = this.#acked <= Math.max(-1, ...foreign.map((record) => record.base));
    const done = [];
    const adopted = [];
    for (const record of records) {
      const isForeign = record.epoch !== this.#epoch;
      if (record.refused) this.#refused.set(nameOf(record), record);
      else if (isForeign && !untouched) this.#stranded.push(record);
      else if (record.seq <= this.#acked) done.push(record.seq);
      else {
        const change = isForeign ? { ...record, epoch: this.#epoch } : record;
        this.#waiting.delete(nameOf(change));
        this.#waiting.set(nameOf(change), change);
        if (isForeign) adopted.push(change);
      }
      this.#last = Math.max(this.#last, record.seq);
    }
    if (done.length || adopted.length) await this.#keep(adopted, done, done.length ? this.#acked : null);
  }

  async #keep(records, outdated, acked = null) {
    const done = this.#write(records, outdated, acked);
    this.#underWay.add(done);
    const isKept = await done;
    this.#underWay.delete(done);
    return isKept;
  }

  async #write(records, outdated, acked) {
    const seqs = records.map((record) => record.seq);
    seqs.forEach((seq) => this.#writing.add(seq));
    try {
      if (this.#isClosed) throw new Error("another tab writes");
      await this.#storage.write(records, outdated, acked);
      seqs.forEach((seq) => this.#unkept.delete(seq));
      this.#trouble = null;
      return true;
    } catch (error) {
      console.warn("storage took no change", error);
      this.#trouble = troubleOf(error);
      seqs.filter((seq) => seq > this.#acked).forEach((seq) => this.#unkept.add(seq));
      return false;
    } finally {
      seqs.forEach((seq) => this.#writing.delete(seq));
    }
  }
}
