import assert from "node:assert/strict";
import test from "node:test";
import { chosenSize, chosenTheme, presetLargeText, usesLetterKeys } from "../../assessment_app/exam/static/preferences.js";

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

test("large text is preset once for each sitting, and another choice of theirs stays", () => {
  const values = { "proasn.size": "s" };
  const kept = { getItem: (name) => values[name] ?? null, setItem: (name, value) => (values[name] = value) };
  globalThis.document = { documentElement: { dataset: {} }, querySelectorAll: () => [] };
  presetLargeText("one", kept);
  assert.equal(chosenSize(kept), "l");
  assert.equal(document.documentElement.dataset.fs, "l");
  values["proasn.size"] = "m";
  presetLargeText("one", kept);
  assert.equal(chosenSize(kept), "m");
  presetLargeText("another person at this computer", kept);
  assert.equal(chosenSize(kept), "l");
  delete globalThis.document;
});
