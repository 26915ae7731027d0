import assert from "node:assert/strict";
import test from "node:test";
import { AGAIN_MS, Courier, Drafts, KEPT_MS, Refused } from "../../assessment_app/proctoring/static/keeping.js";

function shelf() {
  const kept = new Map();
  return {
    kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
}

function line(answers) {
  const heard = [];
  const sent = [];
  const waits = [];
  const send = async (form) => {
    sent.push(form);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const wait = (ms) => new Promise((resolve) => waits.push({ ms, resolve }));
  const courier = new Courier({ send, tell: (...what) => heard.push(what), wait });
  return { heard, sent, waits, courier };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

test("what was typed is there again after the page was closed, and gone once it is dropped", () => {
  const storage = shelf();
  const first = new Drafts({ storage, room: "a", now: () => 1 });
  first.keep("incident", { told: "Listrik padam" });
  const next = new Drafts({ storage, room: "a", now: () => 2 });
  assert.deepEqual(next.of("incident"), { told: "Listrik padam" });
  assert.equal(new Drafts({ storage, room: "b", now: () => 2 }).of("incident"), null);
  next.drop("incident");
  assert.equal(next.of("incident"), null);
});

test("what is a day old is let go", () => {
  const storage = shelf();
  new Drafts({ storage, room: "a", now: () => 0 }).keep("incident", {});
  assert.equal(new Drafts({ storage, room: "a", now: () => KEPT_MS }).of("incident"), null);
  assert.equal(storage.kept.size, 0);
});

test("a second click while a form is under way sends nothing", async () => {
  const { sent, courier } = line(["/room"]);
  await Promise.all([courier.deliver("one", "form"), courier.deliver("one", "form")]);
  assert.deepEqual(sent, ["form"]);
});

test("a form is sent again until the server answers, always the same", async () => {
  const { heard, sent, waits, courier } = line([new Error("off"), new Error("off"), "/room"]);
  const trip = courier.deliver("one", "form");
  for (let turn = 0; turn < 2; turn += 1) {
    await turns();
    assert.ok(courier.isUnderWay("one"));
    const { ms, resolve } = waits.shift();
    assert.equal(ms, AGAIN_MS);
    resolve();
  }
  await trip;
  assert.deepEqual(sent, ["form", "form", "form"]);
  assert.deepEqual(heard.map(([, state]) => state), ["sending", "waiting", "waiting", "done"]);
  assert.equal(courier.size, 0);
});

test("what the server refuses is told with its reason, not repeated, and can be sent again by hand", async () => {
  const { heard, courier } = line([new Refused("Kursi dipakai."), "/room"]);
  await courier.deliver("one", "form");
  assert.deepEqual(heard.at(-1), ["one", "refused", "Kursi dipakai."]);
  await courier.deliver("one", "form");
  assert.deepEqual(heard.at(-1), ["one", "done", "/room"]);
});

test("whoever gives up is not surprised later", async () => {
  const { heard, sent, waits, courier } = line([new Error("off"), "/room"]);
  const trip = courier.deliver("one", "form");
  await turns();
  courier.stop("one");
  waits.shift().resolve();
  await trip;
  assert.deepEqual([heard.at(-1), sent.length], [["one", "stopped", undefined], 1]);
});
