import assert from "node:assert/strict";
import test from "node:test";
import { Gone, Watch, clockFace, neighbour } from "../../assessment_app/proctoring/static/watch.js";

function room(answers) {
  const heard = [];
  const clock = { ms: 1000 };
  const listener = {
    show: (news) => heard.push(["show", news]),
    away: (since) => heard.push(["away", since]),
    gone: () => heard.push(["gone"]),
  };
  const ask = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { heard, clock, watch: new Watch({ ask, listener, now: () => clock.ms }) };
}

test("keeps what is shown while the server is away, and says since when", async () => {
  const { heard, clock, watch } = room([{ n: 1 }, new Error("off"), new Error("off"), { n: 2 }]);
  for (let look = 0; look < 4; look += 1) {
    clock.ms += 10_000;
    assert.equal(await watch.look(), true);
  }
  assert.deepEqual(heard, [
    ["show", { n: 1 }], ["away", null], ["away", 11_000], ["away", 11_000], ["show", { n: 2 }], ["away", null],
  ]);
});

test("stops asking once it is of no use", async () => {
  const { heard, watch } = room([new Gone()]);
  assert.equal(await watch.look(), false);
  assert.deepEqual(heard, [["gone"]]);
});

test("writes a countdown that never goes below zero", () => {
  assert.deepEqual([2_486_999, 0, -1, 3_600_000].map(clockFace), ["00.41.26", "00.00.00", "00.00.00", "01.00.00"]);
});

test("arrows move within the room and stop at its walls", () => {
  const moves = [["ArrowRight", 0, 1], ["ArrowDown", 0, 6], ["ArrowUp", 3, 3], ["ArrowLeft", 0, 0],
    ["ArrowRight", 35, 35], ["ArrowDown", 33, 33], ["Home", 20, 0], ["End", 2, 35], ["Enter", 7, 7]];
  for (const [key, from, to] of moves) assert.equal(neighbour(from, key, 36), to, key);
});
