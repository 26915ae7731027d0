import assert from "node:assert/strict";
import test from "node:test";
import { step } from "../../assessment_app/talent/static/steps.js";

test("arrows lead to the neighbours", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => step(4, key)), [3, 5, 1, 7]);
});

test("at an edge one stays", () => {
  assert.equal(step(0, "ArrowLeft"), 0);
  assert.equal(step(0, "ArrowUp"), 0);
  assert.equal(step(5, "ArrowRight"), 5);
  assert.equal(step(8, "ArrowDown"), 8);
});

test("Home and End stay in the row", () => {
  assert.deepEqual([step(4, "Home"), step(4, "End")], [3, 5]);
});

test("other keys are nobody's", () => {
  for (const key of ["Enter", "a", "toString"]) assert.equal(step(4, key), null);
});
