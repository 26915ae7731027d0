import assert from "node:assert/strict";
import test from "node:test";
import { letters, newest } from "../../assessment_app/review/static/letters.js";

test("white space counts once, and not at the ends", () => {
  assert.equal(letters("  dua   kata\n\n "), 8);
  assert.equal(letters(" \n\t "), 0);
});

test("a letter outside of the basic plane is one letter", () => assert.equal(letters("a\u{1F600}b"), 3));

test("only the answer to the newest question counts", async () => {
  const waiting = [];
  const ask = newest(() => new Promise((resolve) => waiting.push(resolve)));
  const [first, second] = [ask(), ask()];
  waiting[1]("new");
  waiting[0]("old");
  assert.deepEqual([await first, await second], [null, "new"]);
});

test("an old question that fails is nobody's fault any more, the newest one's is told", async () => {
  const waiting = [];
  const ask = newest(() => new Promise((_resolve, reject) => waiting.push(reject)));
  const [first, second] = [ask(), ask()];
  waiting[0](new Error("old"));
  waiting[1](new Error("new"));
  assert.equal(await first, null);
  await assert.rejects(second, /new/);
});
