import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { PracticePaper, isDue, noteDone } from "../../assessment_app/exam/static/practice_paper.js";

const { items: tries } = JSON.parse(readFileSync(new URL("../../assessment_app/exam/practice.json", import.meta.url), "utf8"));
const paper = () => new PracticePaper({ title: "Latihan", tries });
const ANSWERS = ["b", { most: "a", least: "d" }, "c"];

function memory() {
  const kept = new Map();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
}

test("an item counts as tried once its answer is complete, and not before", async () => {
  const made = paper();
  await made.answer(made.items[1], { most: "a" });
  assert.deepEqual(made.progress().map(({ isDone }) => isDone), [false, false, false]);
  for (const [index, item] of made.items.entries()) await made.answer(item, ANSWERS[index]);
  assert.deepEqual(made.progress().map(({ isDone }) => isDone), [true, true, true]);
  assert.deepEqual(made.tally(), { answered: 3, doubted: 0, unanswered: 0, pending: 0, refused: 0 });
});

test("the tip says what to try, and what was seen once it is done", async () => {
  const made = paper();
  for (const [index, item] of made.items.entries()) {
    assert.equal(made.tip(item), tries[index].hint);
    await made.answer(item, ANSWERS[index]);
    assert.equal(made.tip(item), tries[index].done);
  }
});

test("a second round begins with nothing answered, nothing in doubt, at the first item", async () => {
  const made = paper();
  await made.answer(made.items[0], "b");
  made.toggleDoubt(made.items[0]);
  made.show(2);
  assert.equal(made.cells()[0].state, "doubt");
  made.startAgain();
  assert.equal(made.response(made.items[0]), null);
  assert.equal(made.cells()[0].state, "blank");
  assert.equal(made.position, 0);
});

test("a doubt can be taken back", () => {
  const made = paper();
  made.toggleDoubt(made.items[0]);
  made.toggleDoubt(made.items[0]);
  assert.equal(made.isDoubted(made.items[0]), false);
});

test("practice is due until it was left, for each person at this computer, and never once a part was begun", () => {
  const session = memory();
  const fresh = { attempts: [{ state: "waiting" }, { state: "waiting" }] };
  assert.equal(isDue(session, "one", fresh), true);
  noteDone(session, "one");
  assert.equal(isDue(session, "one", fresh), false);
  assert.equal(isDue(session, "another", fresh), true);
  assert.equal(isDue(session, "another", { attempts: [{ state: "sealed" }, { state: "waiting" }] }), false);
});

test("nothing is said that no item of the practice has", () => {
  for (const { name, hint, done, words } of tries) {
    assert.ok(name && hint && done && words.question);
    assert.ok(["choice", "most_least"].includes(words.kind));
  }
});
