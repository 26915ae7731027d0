import assert from "node:assert/strict";
import test from "node:test";
import { Chosen } from "../../assessment_app/talent/static/chosen.js";

test("who was chosen on one page stays chosen on the next one of the same list", () => {
  const chosen = new Chosen();
  chosen.of("wave talent 9");
  chosen.put("1", true);
  chosen.put("2", true);
  chosen.of("wave talent 9");
  chosen.put("3", true);
  assert.equal(chosen.count, 3);
  assert.deepEqual(chosen.elsewhere(["3", "4"]), ["1", "2"]);
});

test("another list begins with nobody", () => {
  const chosen = new Chosen();
  chosen.of("wave talent 9");
  chosen.put("1", true);
  chosen.of("wave talent 8");
  assert.equal(chosen.count, 0);
  assert.equal(chosen.has("1"), false);
});

test("to choose twice is to choose once, and to put back is to forget", () => {
  const chosen = new Chosen();
  chosen.put("1", true);
  chosen.put("1", true);
  assert.equal(chosen.count, 1);
  chosen.put("1", false);
  chosen.put("2", false);
  assert.equal(chosen.count, 0);
  chosen.put("1", true);
  chosen.clear();
  assert.deepEqual(chosen.elsewhere([]), []);
});
