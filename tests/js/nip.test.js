import assert from "node:assert/strict";
import test from "node:test";
import { caretAfterGrouping, digitsOf, groupNip } from "../../assessment_app/exam/static/nip.js";

test("groups 8-6-1-3 as far as the digits go", () => {
  assert.equal(groupNip("198503122010012014"), "19850312 201001 2 014");
  assert.equal(groupNip("198503122"), "19850312 2");
  assert.equal(groupNip("19850312"), "19850312");
  assert.equal(groupNip(""), "");
});

test("takes a pasted NIP in any writing and no digit too many", () => {
  assert.equal(groupNip(" 19850312.201001-2.014 999"), "19850312 201001 2 014");
  assert.equal(digitsOf("NIP: 198503122010012014"), "198503122010012014");
});

test("grouping twice changes nothing", () => {
  for (let length = 0; length <= 20; length += 1) {
    const once = groupNip("12345678901234567890".slice(0, length));
    assert.equal(groupNip(once), once);
  }
});

test("keeps the caret behind the same digit", () => {
  const typed = "198503122010012014";
  for (let caret = 0; caret <= typed.length; caret += 1) {
    const grouped = groupNip(typed);
    assert.equal(digitsOf(grouped.slice(0, caretAfterGrouping(typed, caret))), typed.slice(0, caret));
  }
});
