import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { CATALOGUES, text, worded } from "../../assessment_app/exam/static/texts.js";

const FOLDER = new URL("../../assessment_app/exam/static/", import.meta.url);
const modules = ["", "screens/"].flatMap((folder) =>
  readdirSync(new URL(folder || ".", FOLDER)).filter((name) => name.endsWith(".js")).map((name) => folder + name),
);
const read = (name) => readFileSync(new URL(name, FOLDER), "utf8");
const source = modules.filter((name) => name !== "texts.js").map(read).join("\n");
const MADE = /`([a-z.]*)\$\{\w+(?:\.\w+)?\}([a-z.]*)`/g; // `sync.${kind}`: a family of keys
const blanks = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("both languages say the same things with the same blanks", () => {
  assert.deepEqual(Object.keys(CATALOGUES.id), Object.keys(CATALOGUES.en));
  for (const key of Object.keys(CATALOGUES.id)) {
    assert.deepEqual(blanks(CATALOGUES.id[key]), blanks(CATALOGUES.en[key]), key);
  }
});

test("every text that a module names exists", () => {
  for (const [, key] of source.matchAll(/text\(\s*"([^"]+)"/g)) assert.ok(key in CATALOGUES.id, key);
});

test("every text is used", () => {
  const spoken = ["reason.", "notice."]; // families whose members the server names
  const families = [...source.matchAll(MADE)].map(([, before, after]) => [before, after]);
  const fits = (key) => ([before, after]) => (before || after) && key.startsWith(before) && key.endsWith(after);
  for (const key of Object.keys(CATALOGUES.id)) {
    const isMade = spoken.some((family) => key.startsWith(family)) || families.some(fits(key));
    assert.ok(source.includes(`"${key}"`) || isMade, key);
  }
});

test("fills in blanks and falls back to Indonesian", () => {
  assert.equal(text("section", { number: 2, count: 6 }, "id"), "Bagian 2 dari 6");
  assert.equal(text("section", { number: 2, count: 6 }, "en"), "Section 2 of 6");
  assert.equal(text("next", {}, "fr"), "Berikutnya");
  assert.throws(() => text("no such key"));
});

test("slugs of the server become words, sentences stay, and a new slug is no riddle", () => {
  assert.equal(worded("reason", "unknown-option"), CATALOGUES.id["reason.unknown-option"]);
  assert.equal(worded("notice", "Waktu ditambah 10 menit."), "Waktu ditambah 10 menit.");
  assert.equal(worded("notice", "brand-new"), CATALOGUES.id["notice.other"]);
});

test("no sentence for a participant says that something failed", () => {
  for (const sentence of Object.values(CATALOGUES.id)) assert.doesNotMatch(sentence, /gagal|error/i);
});
