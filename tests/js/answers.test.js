import assert from "node:assert/strict";
import test from "node:test";
import {
  cellState, chooseInColumn, chosenCount, gridStep, isComplete, letterOf, optionByLetter, sameResponse, tally, toSend,
} from "../../assessment_app/exam/static/answers.js";

const options = ["p", "q", "r"].map((id) => ({ id, text: id }));
const item = (kind) => ({ id: "i", kind, options });

test("knows per kind when a response is complete", () => {
  const complete = {
    choice: "p", choices: ["p"], order: ["r", "p", "q"], most_least: { most: "p", least: "q" }, rating: 0,
    number: "3,5", text: "ya", hotspot: ["a1"], simulation: [{ step: 1 }],
  };
  const incomplete = {
    choice: "", choices: [], order: ["r", "p"], most_least: { most: "p", least: null }, rating: 1.5,
    number: "", text: "", hotspot: [], simulation: [],
  };
  for (const kind of Object.keys(complete)) {
    assert.equal(isComplete(item(kind), complete[kind]), true, kind);
    assert.equal(isComplete(item(kind), incomplete[kind]), false, kind);
    assert.equal(isComplete(item(kind), null), false, kind);
  }
});

test("a kind that nobody knows is never complete", () => {
  assert.equal(isComplete(item("hologram"), "anything"), false);
});

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
  let seed = 7;
  const chance = (count) => (seed = (seed * 48271) % 2147483647) % count;
  let response = null;
  for (let click = 0; click < 500; click += 1) {
    const column = ["most", "least"][chance(2)];
    const option = ["p", "q", "r"][chance(3)];
    ({ response } = chooseInColumn(response, column, option));
    assert.equal(response[column], option);
    assert.notEqual(response.most, response.least);
  }
});

test("sends what changed for the server and nothing else", () => {
  const block = item("most_least");
  const whole = { most: "p", least: "q" };
  assert.equal(toSend(item("choice"), undefined, "p"), "p");
  assert.equal(toSend(item("choice"), "p", "p"), undefined);
  assert.equal(toSend(item("choice"), "p", null), null);
  assert.equal(toSend(block, null, { most: "p", least: null }), undefined);
  assert.equal(toSend(block, whole, { most: "p", least: null }), null);
  assert.equal(toSend(block, whole, { least: "q", most: "p" }), undefined);
});

test("the order of members says nothing, the order of a list does", () => {
  assert.equal(sameResponse({ most: "p", least: "q" }, { least: "q", most: "p" }), true);
  assert.equal(sameResponse(["p", "q"], ["q", "p"]), false);
  assert.equal(sameResponse(null, undefined), true);
});

test("each cell is counted once in the legend; the review counts all unanswered", () => {
  const cells = [
    { answered: true, doubted: false }, { answered: true, doubted: true },
    { answered: false, doubted: true }, { answered: false, doubted: false },
  ].map((cell) => ({ ...cell, state: cellState(cell), pending: false, refused: false }));
  const { answered, doubt, blank, unanswered } = tally(cells);
  assert.deepEqual({ answered, doubt, blank, unanswered }, { answered: 1, doubt: 2, blank: 1, unanswered: 2 });
});

test("grid keys stay inside the grid", () => {
  assert.equal(gridStep(0, "ArrowLeft", 10, 7), 0);
  assert.equal(gridStep(0, "ArrowDown", 10, 7), 7);
  assert.equal(gridStep(5, "ArrowDown", 10, 7), 5);
  assert.equal(gridStep(8, "ArrowUp", 10, 7), 1);
  assert.equal(gridStep(3, "End", 10, 7), 9);
  assert.equal(gridStep(3, "Home", 10, 7), 0);
  assert.equal(gridStep(3, "Enter", 10, 7), null);
});

test("letters name options that exist", () => {
  assert.equal(optionByLetter(item("choice"), "a"), "p");
  assert.equal(optionByLetter(item("choice"), "C"), "r");
  assert.equal(optionByLetter(item("choice"), "d"), null);
  assert.equal(optionByLetter(item("choice"), "Enter"), null);
  assert.equal(letterOf(4), "E");
});
