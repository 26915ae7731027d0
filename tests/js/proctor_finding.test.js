import assert from "node:assert/strict";
import test from "node:test";
import { calling, isMeant, newlyCalling } from "../../assessment_app/proctoring/static/finding.js";

const SEATS = [
  { number: 1, who: "Agus Setiawan, S.Sos.", nip: "198503122010012014", state: "working" },
  { number: 12, who: "Putu Ayu Saraswati", nip: "199001012015031001", state: "calling" },
  { number: 21, who: "Sri Wahyuningsih", nip: "197512312000012007", state: "offline" },
  { number: 24, who: "", nip: "", state: "free" },
];
const meant = (words, only = null) => SEATS.filter((seat) => isMeant(seat, words, only)).map((seat) => seat.number);

test("a seat is found by its number, any part of a name, and a piece of a NIP however it is spaced", () => {
  const looked = [["", [1, 12, 21, 24]], ["12", [12]], ["1", [1]], [" 01 ", [1]], ["sri wah", [21]], ["AYU", [12]],
    ["wah sri", [21]], ["19850312 201001", [1]], ["1985 0312", [1]], ["2007", [21]], ["nobody", []], ["99", []]];
  for (const [words, numbers] of looked) assert.deepEqual(meant(words), numbers, words);
});

test("a state asked for leaves out all others, also those that the words mean", () => {
  assert.deepEqual(meant("", "offline"), [21]);
  assert.deepEqual(meant("putu", "offline"), []);
  assert.deepEqual(meant("putu", "calling"), [12]);
});

test("who asks for somebody comes first, then the newest", () => {
  const seats = [[1, "locked", 0], [2, "idle", 400], [3, "calling", 900], [4, "offline", 100], [5, "calling", 50], [6, "working", 0]];
  const listed = calling(seats.map(([number, state, quiet]) => ({ number, state, quiet_ms: quiet })));
  assert.deepEqual(listed.map((seat) => seat.number), [5, 3, 1, 4, 2]);
});

test("says which seats have come to call for somebody, once", () => {
  const stood = new Map([[1, "working"], [2, "offline"], [3, "working"], [4, "idle"], [5, "present"], [7, "idle"]]);
  const seats = [[1, "offline"], [2, "offline"], [3, "done"], [4, "locked"], [5, "working"], [6, "idle"], [7, "calling"]];
  const news = seats.map(([number, state]) => ({ number, state, quiet_ms: 0 }));
  assert.deepEqual(newlyCalling(stood, news).map((seat) => seat.number), [7, 1, 4]);
  assert.deepEqual(newlyCalling(new Map(), news), []);
});
