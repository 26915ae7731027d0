import assert from "node:assert/strict";
import test from "node:test";
import { Marks } from "../../assessment_app/exam/static/marks.js";
import { Outbox } from "../../assessment_app/exam/static/outbox.js";
import { Paper } from "../../assessment_app/exam/static/paper.js";

const options = ["p", "q", "r"].map((id) => ({ id, text: id }));
const presentation = {
  title: "Contoh",
  items: [{ id: "a", kind: "choice", options }, { id: "b", kind: "most_least", options }],
};

function memory() {
  const kept = new Map();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
}

async function desk({ storage = memory(), answers = {}, remaining_ms = 60_000, remember } = {}) {
  const time = { ms: 500 };
  const outbox = await Outbox.open({ load: async () => [], write: async () => {} }, { epoch: 1, ackedSeq: 0 });
  const paper = new Paper({
    attempt: { n: 1, time_limit_ms: 60_000 },
    presentation,
    started: { remaining_ms, answers },
    outbox,
    marks: new Marks(storage, "someone", 1),
    now: () => time.ms,
    remember,
  });
  return { paper, outbox, time, storage, changes: () => outbox.batch()?.changes ?? [] };
}

const [choice, block] = presentation.items;

test("an answer carries the time since the attempt's start and the time spent on its item", async () => {
  const { paper, time, changes } = await desk({ remaining_ms: 50_000 });
  paper.show(0);
  time.ms += 3000;
  await paper.answer(choice, "p");
  assert.deepEqual(changes(), [{ seq: 1, item: "a", response: "p", at_ms: 13_000, spent_ms: 3000 }]);
});

test("time spent adds up over visits", async () => {
  const { paper, time, changes } = await desk();
  paper.show(0);
  time.ms += 1000;
  paper.show(1);
  time.ms += 5000;
  paper.show(0);
  time.ms += 500;
  await paper.answer(choice, "p");
  assert.equal(changes()[0].spent_ms, 1500);
});

test("half a block is kept here and not sent; undoing a whole one clears it at the server", async () => {
  const { paper, changes } = await desk();
  paper.show(1);
  await paper.answer(block, { most: "p", least: null });
  assert.deepEqual(changes(), []);
  assert.deepEqual(paper.response(block), { most: "p", least: null });
  assert.equal(paper.cells()[1].answered, false);
  await paper.answer(block, { most: "p", least: "q" });
  assert.deepEqual(changes().map((change) => change.response), [{ most: "p", least: "q" }]);
  await paper.answer(block, { most: null, least: "p" });
  assert.deepEqual(changes().map((change) => change.response), [null]);
});

test("a reload finds doubts, place and half-made choices", async () => {
  const first = await desk();
  first.paper.show(1);
  first.paper.toggleDoubt(choice);
  await first.paper.answer(block, { most: "p", least: null });
  const { paper } = await desk({ storage: first.storage });
  assert.equal(paper.position, 1);
  assert.equal(paper.isDoubted(choice), true);
  assert.deepEqual(paper.response(block), { most: "p", least: null });
});

test("cells tell answered, doubted and on its way", async () => {
  const { paper } = await desk({ answers: { a: "q" } });
  assert.deepEqual(paper.cells().map((cell) => cell.state), ["answered", "blank"]);
  assert.equal(paper.cells()[0].pending, false);
  paper.show(0);
  await paper.answer(choice, "r");
  assert.equal(paper.cells()[0].pending, true);
  paper.toggleDoubt(choice);
  assert.equal(paper.cells()[0].state, "doubt");
});

test("a position beyond the form leads to its last item", async () => {
  const storage = memory();
  new Marks(storage, "someone", 1).position = 99;
  assert.equal((await desk({ storage })).paper.position, 1);
});

test("marks survive storage that is broken or full", () => {
  const broken = { getItem: () => "{not json", setItem: () => { throw new Error("full"); } };
  const marks = new Marks(broken, "someone", 1);
  marks.toggleDoubt("a");
  assert.equal(marks.isDoubted("a"), true);
});

test("wiping takes the marks of one sitting and leaves what is not its own", () => {
  const kept = new Map([["proasn.device", "d"], ["proasn.marks.other.1", "{}"]]);
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
    key: (index) => [...kept.keys()][index],
    get length() {
      return kept.size;
    },
  };
  for (const n of [1, 2, 3]) new Marks(storage, "someone", n).toggleDoubt("a");
  Marks.wipe(storage, "someone");
  assert.deepEqual([...kept.keys()], ["proasn.device", "proasn.marks.other.1"]);
});

test("all answers are told at once when one of them changes, also a cleared one", async () => {
  const told = [];
  const { paper } = await desk({ answers: { b: { most: "p", least: "q" } }, remember: (answers) => told.push(answers) });
  await paper.answer(choice, "p");
  await paper.answer(choice, "p");
  await paper.answer(choice, null);
  const b = { most: "p", least: "q" };
  assert.deepEqual(told, [{ b, a: "p" }, { b, a: null }]);
});

test("what is not sent is counted once, as the header counts it: what waits, and what the server refused", async () => {
  const { paper, outbox } = await desk();
  assert.deepEqual([outbox.isUntouched, outbox.pending, paper.tally().pending], [true, 0, 0]);
  await paper.answer(choice, "p");
  await outbox.put(2, { item: "of another part", response: "p", at_ms: 0, spent_ms: 0 });
  assert.deepEqual([outbox.isUntouched, outbox.pending, paper.tally().pending], [false, 2, 2]);
  await outbox.refuse([{ seq: 1, reason: "unknown-option" }]);
  assert.deepEqual([outbox.size, outbox.pending, paper.tally().pending], [1, 2, 2]);
  await outbox.ack(2);
  assert.deepEqual([outbox.isUntouched, outbox.size, outbox.pending, paper.tally().pending], [false, 0, 1, 1]);
});

test("a clock that jumps by a day costs no answer: no time is told that the protocol refuses", async () => {
  const { paper, time, changes } = await desk();
  paper.show(0);
  time.ms += 86_400_000 + 5000;
  await paper.answer(choice, "p");
  assert.deepEqual([changes()[0].at_ms, changes()[0].spent_ms], [86_400_000, 86_400_000]);
});
