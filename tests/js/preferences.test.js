import assert from "node:assert/strict";
import test from "node:test";
import { chosenSize, chosenTheme, usesLetterKeys } from "../../assessment_app/exam/static/preferences.js";

const storage = (values) => ({ getItem: (name) => values[name] ?? null });

test("nothing chosen means middle size, light theme, letter keys on", () => {
  assert.equal(chosenSize(storage({})), "m");
  assert.equal(chosenTheme(storage({})), "terang");
  assert.equal(usesLetterKeys(storage({})), true);
});

test("what was chosen is found again, what makes no sense is not", () => {
  assert.equal(chosenSize(storage({ "proasn.size": "l" })), "l");
  assert.equal(chosenTheme(storage({ "proasn.theme": "kontras" })), "kontras");
  assert.equal(usesLetterKeys(storage({ "proasn.letters": "off" })), false);
  assert.equal(chosenSize(storage({ "proasn.size": "gigantic" })), "m");
});

test("storage that is forbidden does not stop the page", () => {
  const forbidden = { getItem: () => { throw new Error("denied"); } };
  assert.equal(chosenTheme(forbidden), "terang");
});
