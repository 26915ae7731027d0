import assert from "node:assert/strict";
import test from "node:test";
import { fitting, sentence } from "../../assessment_app/scheduling/static/tick_list.js";

test("ticks until the seats are full and leaves earlier ticks alone", () => {
  assert.deepEqual(fitting([false, true, false, false], 2), [true, true, false, false]);
  assert.deepEqual(fitting([false, false], 9), [true, true]);
  assert.deepEqual(fitting([true, true], 1), [true, true]);
});

test("says when more are ticked than there are seats", () => {
  assert.equal(sentence("{ticked} dari {free}", "terlalu banyak", 2, 3), "2 dari 3");
  assert.equal(sentence("{ticked} dari {free}", "{ticked} lebih dari {free}", 4, 3), "4 lebih dari 3");
});
