import assert from "node:assert/strict";
import test from "node:test";
import {
  chooseInColumn, chosenCount, isOrderOf, letterOf, moved, optionBeside, optionByLetter, toggled,
} from "../../../assessment_app/platform/static/items/picking.js";

const item = { id: "i", kind: "choice", options: ["p", "q", "r"].map((id) => ({ id, text: id })) };

function dice(seed) {
  let state = seed;
  return (count) => (state = (state * 48271) % 2147483647) % count;
}

test("one option cannot be most and least: choosing it again moves it", () => {
  const first = chooseInColumn(null, "most", "p");
  assert.deepEqual(first, { response: { most: "p", least: null }, moved: false });
  const second = chooseInColumn(first.response, "least", "p");
  assert.deepEqual(second, { response: { most: null, least: "p" }, moved: true });
  const third = chooseInColumn(second.response, "most", "q");
  assert.deepEqual(third, { response: { most: "q", least: "p" }, moved: false });
  assert.equal(chosenCount(third.response), 2);
});

test("however columns are clicked, most and least differ and the last click stands", () => {
  const chance = dice(7);
  let response = null;
  for (let click = 0; click < 500; click += 1) {
    const column = ["most", "least"][chance(2)];
    const option = ["p", "q", "r"][chance(3)];
    ({ response } = chooseInColumn(response, column, option));
    assert.equal(response[column], option);
    assert.notEqual(response.most, response.least);
  }
});

test("chooses up to a number, in the order of the item, and nothing chosen is no answer", () => {
  const ids = ["p", "q", "r"];
  assert.deepEqual(toggled(null, "r", ids, 2), { response: ["r"], isRefused: false });
  assert.deepEqual(toggled(["r"], "p", ids, 2), { response: ["p", "r"], isRefused: false });
  assert.deepEqual(toggled(["p", "r"], "q", ids, 2), { response: ["p", "r"], isRefused: true });
  assert.deepEqual(toggled(["p", "r"], "p", ids, 2), { response: ["r"], isRefused: false });
  assert.deepEqual(toggled(["r"], "r", ids, 2), { response: null, isRefused: false });
});

test("a row moves to its place and stays inside the list", () => {
  assert.deepEqual(moved(["p", "q", "r"], "p", 1), ["q", "p", "r"]);
  assert.deepEqual(moved(["p", "q", "r"], "r", 0), ["r", "p", "q"]);
  assert.deepEqual(moved(["p", "q", "r"], "p", -1), ["p", "q", "r"]);
  assert.deepEqual(moved(["p", "q", "r"], "r", 9), ["p", "q", "r"]);
});

test("however rows are moved, each is there once", () => {
  const chance = dice(11);
  const ids = ["p", "q", "r", "s", "t"];
  let order = ids;
  for (let move = 0; move < 500; move += 1) {
    const id = ids[chance(5)];
    const place = chance(5);
    order = moved(order, id, place);
    assert.equal(order[place], id);
    assert.ok(isOrderOf(ids, order));
  }
});

test("what is kept and is no order of this item is none", () => {
  for (const kept of [null, "pq", ["p"], ["p", "p"], ["p", "x"]]) assert.equal(isOrderOf(["p", "q"], kept), false);
});

test("letters name options that exist", () => {
  assert.equal(optionByLetter(item, "a"), "p");
  assert.equal(optionByLetter(item, "C"), "r");
  for (const key of ["d", "Enter", "1", ""]) assert.equal(optionByLetter(item, key), null);
  assert.equal(optionByLetter({ kind: "rating" }, "a"), null);
  assert.equal(letterOf(4), "E");
});

test("an arrow passes by what the other column holds, and goes round the ends", () => {
  const ids = ["p", "q", "r", "s"];
  assert.equal(optionBeside(ids, "p", 1, "q"), "r");
  assert.equal(optionBeside(ids, "r", -1, "q"), "p");
  assert.equal(optionBeside(ids, "s", 1, "p"), "q");
  assert.equal(optionBeside(ids, "p", -1, null), "s");
  assert.equal(optionBeside(ids, "p", 1, "p"), "q"); // the focus may stand on what the other column holds
});
