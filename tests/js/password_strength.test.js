import assert from "node:assert/strict";
import test from "node:test";
import { strengthOf } from "../../assessment_app/accounts/static/password_strength.js";

test("length counts", () => {
  assert.equal(strengthOf("sebelas-hur", "dewi"), "short");
  assert.equal(strengthOf("duabelas-hur", "dewi"), "fair");
  assert.equal(strengthOf("enam belas huruf", "dewi"), "good");
  assert.equal(strengthOf("lebih dari dua puluh huruf", "dewi"), "strong");
});

test("a name or a pattern spoils any length", () => {
  assert.equal(strengthOf("saya DEWI dari kota lampung", "dewi"), "guessable");
  assert.equal(strengthOf("abcabcabcabcabcabcabcabc", "dewi"), "guessable");
});
