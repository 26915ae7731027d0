import assert from "node:assert/strict";
import test from "node:test";
import {
  looksNumeric, readDecimal, readingsOf, showDecimal, writtenDecimal,
} from "../../../assessment_app/platform/static/items/numbers.js";

const UNDERSTOOD = {
  "3,5": "3.5", "3.5": "3.5", " 12 ": "12", "-4": "-4", "\u22124,25": "-4.25", "1250": "1250", "1 250": "1250",
  "1.250,5": "1250.5", "1.250.000": "1250000", "0.250": "0.250", "1234.567": "1234.567", "1,250": "1.250",
  "12.75": "12.75", "007": "007", "999999999999999,0123456789": "999999999999999.0123456789",
};

test("reads what Indonesians write", () => {
  for (const [written, decimal] of Object.entries(UNDERSTOOD)) {
    assert.deepEqual(readDecimal(written), { decimal, problem: null }, written);
  }
});

test("whatever is understood is a decimal of the protocol", () => {
  for (const decimal of Object.values(UNDERSTOOD)) assert.match(decimal, /^-?[0-9]{1,15}(\.[0-9]{1,10})?$/);
});

test("what can be a thousand or a unit is neither", () => {
  for (const written of ["1.250", "12.500", "999.999", "-1.250"]) {
    assert.deepEqual(readDecimal(written), { decimal: null, problem: "ambiguous" }, written);
  }
  assert.deepEqual(readingsOf("\u22121.250"), { thousand: "-1250", unit: "-1,250" });
  for (const reading of Object.values(readingsOf("1.250"))) assert.equal(readDecimal(reading).problem, null);
});

test("says what is wrong with the rest", () => {
  const wrong = ["Rp 5", "3,", ",5", ".5", "5.", "-", "1,2,3", "1,250,000", "1.25.0", "1.2,5", "1,250.5", "1e3", "--1", "12%"];
  for (const written of wrong) assert.deepEqual(readDecimal(written), { decimal: null, problem: "not-a-number" }, written);
  for (const written of ["1234567890123456", "0,12345678901"]) assert.equal(readDecimal(written).problem, "too-long");
  assert.equal(readDecimal("  ").problem, "empty");
});

test("shows how a number was understood", () => {
  assert.equal(showDecimal("1250000.50"), "1.250.000,5");
  assert.equal(showDecimal("1.250"), "1,25");
  assert.equal(showDecimal("-0.5"), "\u22120,5");
  assert.equal(showDecimal("007"), "7");
  assert.equal(showDecimal("0"), "0");
  assert.equal(showDecimal("1250.5", "en"), "1,250.5");
});

test("a decimal that comes back stands in the field as it was understood", () => {
  for (const decimal of ["3.5", "-1250.25", "12"]) assert.equal(readDecimal(writtenDecimal(decimal)).decimal, decimal);
});

test("knows the figures of a table", () => {
  for (const cell of ["12", "1.250,5", "12,5%", "-3", "Rp 1.500", "Rp4 juta", "(4)", "-", "\u2013"]) assert.ok(looksNumeric(cell), cell);
  for (const cell of ["", "Juli", "3 November", "A1", "12 orang"]) assert.ok(!looksNumeric(cell), cell);
});
