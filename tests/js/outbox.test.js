import assert from "node:assert/strict";
import test from "node:test";
import { BATCH_LIMIT, LEAP, Outbox } from "../../assessment_app/exam/static/outbox.js";

/** Storage that can be full, and that a second page can open as the first left it. */
class Shelf {
  records = new Map();
  isFull = false;

  async load() {
    return [...this.records.values()].map((record) => structuredClone(record));
  }

  async write(keep, forget) {
    if (this.isFull) throw new Error("full");
    forget.forEach((seq) => this.records.delete(seq));
    keep.forEach((record) => this.records.set(record.seq, structuredClone(record)));
  }
}

const answer = (item, response) => ({ item, response, at_ms: 0, spent_ms: 0 });
const open = (shelf, ackedSeq = 0, epoch = 1) => Outbox.open(shelf, { epoch, ackedSeq });
const seqs = (outbox) => outbox.batch()?.changes.map((change) => change.seq) ?? [];

test("seqs start after the highest that the server knows", async () => {
  const outbox = await open(new Shelf(), 41);
  await outbox.put(1, answer("a", "p"));
  assert.deepEqual(seqs(outbox), [42]);
});

test("only the newest change of an item waits, in the order of the seqs", async () => {
  const shelf = new Shelf();
  const outbox = await open(shelf);
  await outbox.put(1, answer("a", "p"));
  await outbox.put(1, answer("b", "p"));
  await outbox.put(1, answer("a", "q"));
  assert.deepEqual(outbox.batch(), {
    attempt: 1,
    changes: [{ seq: 2, ...answer("b", "p") }, { seq: 3, ...answer("a", "q") }],
  });
  assert.deepEqual([...shelf.records.keys()].sort(), [2, 3]);
});

test("a batch holds one attempt and at most its limit", async () => {
  const outbox = await open(new Shelf());
  for (let index = 0; index <= BATCH_LIMIT; index += 1) outbox.put(1, answer(`i${index}`, "p"));
  await outbox.put(2, answer("other", "p"));
  assert.equal(outbox.batch().changes.length, BATCH_LIMIT);
  await outbox.ack(BATCH_LIMIT);
  assert.deepEqual(outbox.batch().changes.map((change) => change.item), [`i${BATCH_LIMIT}`]);
  await outbox.ack(BATCH_LIMIT + 1);
  assert.equal(outbox.batch().attempt, 2);
});

test("a change made while its item is on the way is not forgotten with the older one", async () => {
  const shelf = new Shelf();
  const outbox = await open(shelf);
  await outbox.put(1, answer("a", "p"));
  const sent = outbox.batch();
  await outbox.put(1, answer("a", "q"));
  await outbox.ack(sent.changes.at(-1).seq);
  assert.deepEqual(outbox.batch().changes.map((change) => change.response), ["q"]);
  assert.equal(shelf.records.get(2).response, "q");
});

test("what a reload finds is what waited", async () => {
  const shelf = new Shelf();
  const before = await open(shelf);
  await before.put(1, answer("a", "p"));
  await before.put(1, answer("b", "q"));
  await before.ack(1);
  const after = await open(shelf, 1);
  assert.deepEqual(after.batch(), before.batch());
  await after.put(1, answer("c", "r"));
  assert.deepEqual(seqs(after), [2, 3]);
});

test("what the server promised before the reload is dropped, here and on storage", async () => {
  const shelf = new Shelf();
  await (await open(shelf)).put(1, answer("a", "p"));
  const after = await open(shelf, 1);
  assert.equal(after.size, 0);
  assert.equal(shelf.records.size, 0);
});

test("merging: what waits wins over what the server told, also when it clears", async () => {
  const outbox = await open(new Shelf());
  await outbox.put(1, answer("a", "new"));
  await outbox.put(1, answer("b", null));
  await outbox.put(2, answer("c", "of another form"));
  const merged = outbox.merged(1, { a: "old", b: "old", c: "told", d: "told" });
  assert.deepEqual(Object.fromEntries(merged), { a: "new", b: null, c: "told", d: "told" });
});

test("a refused change stops being sent, stays visible over a reload, and goes when answered anew", async () => {
  const shelf = new Shelf();
  const first = await open(shelf);
  await first.put(1, answer("a", "zz"));
  await first.refuse([{ seq: 1, item: "a", reason: "no such option" }]);
  await first.ack(1);
  assert.equal(first.batch(), null);
  const second = await open(shelf, 1);
  assert.equal(second.refusal(1, "a"), "no such option");
  assert.equal(second.merged(1, {}).get("a"), "zz");
  await second.put(1, answer("a", "p"));
  assert.equal(second.refusal(1, "a"), null);
  assert.deepEqual(seqs(second), [2]);
  assert.deepEqual([...shelf.records.keys()], [2]);
});

test("a refusal of an older change does not touch the newer one", async () => {
  const outbox = await open(new Shelf());
  await outbox.put(1, answer("a", "zz"));
  await outbox.put(1, answer("a", "p"));
  await outbox.refuse([{ seq: 1, item: "a", reason: "no such option" }]);
  assert.equal(outbox.refusal(1, "a"), null);
  assert.deepEqual(seqs(outbox), [2]);
});

test("finish names only what the server has or will be sent", async () => {
  const outbox = await open(new Shelf(), 4);
  assert.equal(outbox.lastSeq, 4);
  await outbox.put(1, answer("a", "zz"));
  assert.equal(outbox.lastSeq, 5);
  await outbox.refuse([{ seq: 5, item: "a", reason: "closed" }]);
  assert.equal(outbox.lastSeq, 4);
});

test("says so while storage does not take a change, and until the server has it", async () => {
  const shelf = new Shelf();
  shelf.isFull = true;
  const outbox = await open(shelf);
  assert.equal(await outbox.put(1, answer("a", "p")), false);
  assert.equal(outbox.durability, "failed");
  assert.deepEqual(seqs(outbox), [1]);
  await outbox.ack(1);
  assert.equal(outbox.durability, "kept");
});

test("is not called kept before storage has it", async () => {
  const shelf = new Shelf();
  const outbox = await open(shelf);
  const put = outbox.put(1, answer("a", "p"));
  assert.equal(outbox.durability, "writing");
  assert.equal(await put, true);
  assert.equal(outbox.durability, "kept");
});

test("after a move back, older unsent changes stay for the proctor when another device wrote since", async () => {
  const shelf = new Shelf();
  await (await open(shelf, 9, 1)).put(1, answer("a", "old"));
  const back = await open(shelf, 12, 3);
  assert.equal(back.size, 0);
  assert.equal(back.strandedCount, 1);
  assert.equal(back.merged(1, { a: "newer elsewhere" }).get("a"), "newer elsewhere");
  await back.put(1, answer("a", "newest"));
  assert.deepEqual(seqs(back), [13]);
  assert.equal(shelf.records.size, 2);
});

test("after a new epoch on the same computer, unsent changes are taken up when nobody wrote since", async () => {
  const shelf = new Shelf();
  const before = await open(shelf, 9, 1);
  await before.put(1, answer("a", "p"));
  await before.put(1, answer("b", "q"));
  await before.ack(10);
  const after = await open(shelf, 10, 2);
  assert.deepEqual(seqs(after), [11]);
  assert.equal(after.strandedCount, 0);
});

test("without the server, seqs go on far above all that may be in use", async () => {
  const shelf = new Shelf();
  const before = await open(shelf, 3);
  await before.put(1, answer("a", "p"));
  await before.ack(4); // promised and forgotten: nothing here tells that 4 was used
  const after = await Outbox.open(shelf, { epoch: 1, ackedSeq: 3, isBehind: true });
  await after.put(1, answer("a", "q"));
  assert.deepEqual(seqs(after), [3 + LEAP + 1]);
});

test("a closed outbox writes nothing more, and is closed once what was on its way is written", async () => {
  const shelf = new Shelf();
  const outbox = await open(shelf);
  const write = shelf.write.bind(shelf);
  let isWritten = false;
  shelf.write = async (...change) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await write(...change);
    isWritten = true;
  };
  outbox.put(1, answer("a", "p"));
  await outbox.close();
  assert.equal(isWritten, true);
  assert.equal(await outbox.put(1, answer("b", "p")), false);
  await outbox.ack(1);
  assert.deepEqual([...shelf.records.keys()], [1]);
});

test("says why storage took nothing, until it takes something", async () => {
  const shelf = new Shelf();
  const outbox = await open(shelf);
  const { write } = shelf;
  const meet = async (name) => {
    shelf.write = async () => Promise.reject(Object.assign(new Error("no"), { name }));
    await outbox.put(1, answer("a", "p"));
    return outbox.trouble;
  };
  assert.equal(outbox.trouble, null);
  assert.equal(await meet("QuotaExceededError"), "full");
  assert.equal(await meet("InvalidStateError"), "refused");
  shelf.write = write;
  await outbox.put(1, answer("a", "q"));
  assert.equal(outbox.trouble, null);
});
