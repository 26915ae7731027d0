import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { CATALOGUES, text, worded } from "../../assessment_app/exam/static/texts.js";
import { CATALOGUES as OF_ITEMS } from "../../assessment_app/platform/static/items/texts.js";

const HOUSE = new URL("../../assessment_app/", import.meta.url);
const MADE = /`([a-z.]*)\$\{[\w.]+\}([a-z.]*)`/g; // `sync.${kind}`: a family of keys
const SPOKEN = ["reason.", "notice."]; // families whose members the server names
const blanks = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

function sourceOf(...folders) {
  const modules = folders.flatMap((folder) => {
    const place = new URL(`${folder}/`, HOUSE);
    return readdirSync(place).filter((name) => name.endsWith(".js") && name !== "texts.js").map((name) => new URL(name, place));
  });
  return modules.map((place) => readFileSync(place, "utf8")).join("\n");
}

const PAGES = [
  { pages: "exam", catalogues: CATALOGUES, source: sourceOf("exam/static", "exam/static/screens") },
  { pages: "items", catalogues: OF_ITEMS, source: sourceOf("platform/static/items") },
];

for (const { pages, catalogues, source } of PAGES) {
  test(`${pages}: both languages say the same things with the same blanks`, () => {
    assert.deepEqual(Object.keys(catalogues.id), Object.keys(catalogues.en));
    for (const key of Object.keys(catalogues.id)) {
      assert.deepEqual(blanks(catalogues.id[key]), blanks(catalogues.en[key]), key);
    }
  });

  test(`${pages}: every text that a module names exists`, () => {
    for (const [, key] of source.matchAll(/text\(\s*"([^"]+)"/g)) assert.ok(key in catalogues.id, key);
  });

  test(`${pages}: every text is used`, () => {
    const families = [...source.matchAll(MADE)].map(([, before, after]) => [before, after]);
    const fits = (key) => ([before, after]) => (before || after) && key.startsWith(before) && key.endsWith(after);
    for (const key of Object.keys(catalogues.id)) {
      const isMade = SPOKEN.some((family) => key.startsWith(family)) || families.some(fits(key));
      assert.ok(source.includes(`"${key}"`) || isMade, key);
    }
  });

  test(`${pages}: no sentence for a participant says that something failed`, () => {
    for (const sentence of Object.values(catalogues.id)) assert.doesNotMatch(sentence, /gagal|error/i);
  });
}

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
