import assert from "node:assert/strict";
import test from "node:test";
import { cellState, gridStep, isComplete, sameResponse, tally, toSend } from "../../assessment_app/exam/static/answers.js";

const options = ["p", "q", "r"].map((id) => ({ id, text: id }));
const limits = { at_most: 2, low: 0, high: 5, max_length: 4 };
const item = (kind) => ({ id: "i", kind, options, ...limits });

test("knows per kind when a response is complete", () => {
  const complete = {
    choice: ["p"], choices: [["p"], ["q", "p"]], order: [["r", "p", "q"]], most_least: [{ most: "p", least: "q" }],
    rating: [0, 5], number: ["3.5", "-12", "0.0000000001"], text: ["ya", "    "], hotspot: [["a1"], ["a1", "b"]],
    simulation: [["s"], ["s", "s"]],
  };
  const incomplete = {
    choice: ["", ["p"]], choices: [[], ["p", "q", "r"], ["p", "p"], "p", [1]], order: [["r", "p"], ["r", "p", "p"]],
    most_least: [{ most: "p", least: null }, { most: "p", least: "p" }], rating: [1.5, -1, 6, "3"],
    number: ["", "3,5", ".5", "1e3", { written: "1.250" }, 3], text: ["", "lebih", 4], hotspot: [[], ["a", "b", "c"]],
    simulation: [[], ["s", "s", "s"], [{ step: 1 }]],
  };
  for (const kind of Object.keys(complete)) {
    for (const one of complete[kind]) assert.equal(isComplete(item(kind), one), true, `${kind} ${JSON.stringify(one)}`);
    for (const one of [null, undefined, ...incomplete[kind]]) {
      assert.equal(isComplete(item(kind), one), false, `${kind} ${JSON.stringify(one)}`);
    }
  }
});

test("a kind that nobody knows is never complete", () => {
  assert.equal(isComplete(item("hologram"), "anything"), false);
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
  assert.equal(toSend(item("number"), "12", { written: "1.250" }), null);
  assert.equal(toSend(item("simulation"), ["s"], null), null);
});

test("the order of members says nothing, the order of a list does", () => {
  assert.equal(sameResponse({ most: "p", least: "q" }, { least: "q", most: "p" }), true);
  assert.equal(sameResponse(["p", "q"], ["q", "p"]), false);
  assert.equal(sameResponse(null, undefined), true);
});

test("beside the item and before the end the same is counted: what is doubted is answered or not", () => {
  const cells = [
    { answered: true, doubted: false }, { answered: true, doubted: true },
    { answered: false, doubted: true }, { answered: false, doubted: false },
  ].map((cell) => ({ ...cell, state: cellState(cell), pending: false, refused: false }));
  const { answered, doubted, unanswered } = tally(cells);
  assert.deepEqual({ answered, doubted, unanswered }, { answered: 2, doubted: 2, unanswered: 2 });
  assert.deepEqual(cells.map((cell) => cell.state), ["answered", "doubt", "doubt-blank", "blank"]);
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
