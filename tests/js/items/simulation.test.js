import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
  asResponse, gone, namesOf, offeredOn, saidAfter, screenAfter, take, takeBack,
} from "../../../assessment_app/platform/static/items/simulation.js";

const form = JSON.parse(readFileSync(new URL("../every-kind.json", import.meta.url), "utf8"));
const item = form.items.map(({ words }) => words).find(({ kind }) => kind === "simulation");
const at = (...taken) => screenAfter(item, taken).id;

test("begins at the first screen, and goes where the last step led that led anywhere", () => {
  assert.equal(at(), "kotak");
  assert.equal(at("buka"), "isi");
  assert.equal(at("buka", "lapor"), "tanya");
  assert.equal(at("sandi", "ganti", "ganti"), "brankas");
  assert.equal(at("buka", "hapus"), "kotak");
});

test("a screen offers its buttons and its rows", () => {
  assert.deepEqual([...offeredOn(item.screens[0])].sort(), ["buka", "lembar", "obrolan", "sandi"]);
  assert.deepEqual([...offeredOn({ id: "bare", look: "page", title: "t" })], []);
});

test("only what the screen offers can be taken, and not too often", () => {
  assert.deepEqual(take(item, [], "buka"), { taken: ["buka"], refused: null });
  assert.deepEqual(take(item, [], "lapor"), { taken: [], refused: "not-offered" });
  const many = ["sandi", ...Array(item.at_most - 1).fill("ganti")];
  assert.deepEqual(take(item, many, "ganti"), { taken: many, refused: "too-many" });
  assert.equal(take(item, takeBack(many), "ganti").refused, null);
});

test("the program says the words of the last step and of no earlier one", () => {
  assert.equal(saidAfter(item, ["buka", "hapus"]), "Surel dihapus.");
  assert.equal(saidAfter(item, ["buka", "hapus", "buka"]), "");
  assert.equal(saidAfter(item, []), "");
});

test("taking back shows the screen before", () => {
  assert.equal(at(...takeBack(["buka", "lapor"])), "isi");
  assert.deepEqual(takeBack([]), []);
});

test("no step is no answer", () => {
  assert.equal(asResponse([]), null);
  assert.deepEqual(asResponse(["buka"]), ["buka"]);
});

test("a kept response is gone again as far as it can be gone", () => {
  assert.deepEqual(gone(item, ["buka", "lapor", "ya"]), ["buka", "lapor", "ya"]);
  assert.deepEqual(gone(item, ["buka", "ya", "lapor"]), ["buka"]);
  assert.deepEqual(gone(item, ["zap"]), []);
  assert.deepEqual(gone(item, null), []);
});

test("wherever one clicks, what was taken can be gone again", () => {
  let seed = 3;
  const chance = (count) => (seed = (seed * 48271) % 2147483647) % count;
  let taken = [];
  for (let click = 0; click < 400; click += 1) {
    const offered = [...offeredOn(screenAfter(item, taken))];
    const { taken: next, refused } = take(item, taken, offered[chance(offered.length)]);
    taken = refused || chance(5) === 0 ? takeBack(next) : next;
    assert.deepEqual(gone(item, taken), taken);
    assert.ok(taken.length <= item.at_most);
  }
});

test("rows that bear the same words are told apart by their first filled cell", () => {
  const steps = ["a", "b", "c", "d"].map((id) => ({ id, text: id === "d" ? "Tutup" : "Sambungkan" }));
  const rows = [
    { cells: ["", "Stasiun Gratis"], step: "a" }, { cells: ["Kantor", "aman"], step: "b" },
    { cells: ["Keluar"], step: "d" }, { cells: ["Catatan"] },
  ];
  const screens = [{ id: "s", steps: ["c"], rows }, { id: "later", rows: [{ cells: ["Nama lain"], step: "a" }] }];
  const names = namesOf({ steps, screens }, (words, cell) => `${words}: ${cell}`);
  assert.deepEqual([...names.values()], ["Sambungkan: Stasiun Gratis", "Sambungkan: Kantor", "Sambungkan", "Tutup"]);
});
