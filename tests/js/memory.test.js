import assert from "node:assert/strict";
import test from "node:test";
import { Locker } from "../../assessment_app/exam/static/locker.js";
import { Memory, remainingNow } from "../../assessment_app/exam/static/memory.js";

const ATTEMPTS = [{ n: 1, state: "sealed" }, { n: 2, state: "waiting" }];
const SITTING = { epoch: 1, acked_seq: 3, server_time: "2026-11-25T01:00:00.000Z", attempts: ATTEMPTS };
const FORM = { title: "Contoh", items: [{ id: "a" }] };
const CONTENT = "/api/exam/v1/content/f00";
const STARTED = { remaining_ms: 60_000, round_trip_ms: 40, content: CONTENT, answers: { a: "p" } };

/** A disk that outlives pages, and can be full. */
function disk() {
  const records = new Map();
  const made = { isFull: false, writes: 0, records };
  made.get = async (owner, name) => records.get(name);
  made.put = async (record) => {
    made.writes += 1;
    if (made.isFull) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
    records.set(record.name, structuredClone(record));
  };
  made.clear = async () => records.clear();
  return made;
}

async function page(storage, time) {
  return new Memory(await Locker.open({ token: "a token", storage }), () => time.ms);
}

async function atWork(storage, time) {
  const memory = await page(storage, time);
  memory.keepSitting(SITTING);
  memory.keepContent(CONTENT, FORM);
  memory.keepWork(2, STARTED);
  await memory.settled();
  return memory;
}

test("a page that is opened again finds the part, its content, its answers and the time that is left", async () => {
  const [storage, time] = [disk(), { ms: 1000 }];
  const before = await atWork(storage, time);
  before.keepAnswers({ a: "q", b: null });
  await before.settled();
  time.ms += 5000;
  const { sitting, attempt, started, presentation } = await (await page(storage, time)).restore();
  assert.deepEqual(presentation, FORM);
  assert.deepEqual(started, { content: CONTENT, answers: { a: "q", b: null }, remaining_ms: 60_000 - 40 - 5000 });
  assert.deepEqual([attempt.n, attempt.state, sitting.attempts[1].state], [2, "open", "open"]);
  assert.equal(sitting.server_time, null, "a server's time that is not now is no clock");
});

test("without part, content or key there is nothing to go on from", async () => {
  const time = { ms: 0 };
  const storage = disk();
  const memory = await page(storage, time);
  memory.keepSitting(SITTING);
  memory.keepWork(2, STARTED);
  await memory.settled();
  assert.equal(await (await page(storage, time)).restore(), null, "no content");
  await atWork(storage, time);
  const stranger = new Memory(await Locker.open({ token: "another", storage }), () => 0);
  assert.equal(await stranger.restore(), null, "no key");
  assert.equal(await new Memory(null, () => 0).restore(), null, "no locker");
});

test("a part that is over is not gone back to", async () => {
  const [storage, time] = [disk(), { ms: 0 }];
  const memory = await atWork(storage, time);
  memory.forgetWork();
  await memory.settled();
  assert.equal(await (await page(storage, time)).restore(), null);
  memory.keepAnswers({ a: "late" });
  memory.keepTime({ remaining_ms: 9 });
  await memory.settled();
  assert.equal(await (await page(storage, time)).restore(), null);
});

test("the newest of everything is on the disk once it is settled, however fast it was told", async () => {
  const [storage, time] = [disk(), { ms: 0 }];
  const memory = await atWork(storage, time);
  const before = storage.writes;
  for (let round = 0; round < 100; round += 1) memory.keepAnswers({ a: round });
  memory.keepAcked(7);
  memory.keepAcked(5);
  await memory.settled();
  assert.ok(storage.writes - before <= 3, "what is told in one breath is written once");
  const kept = await (await page(storage, time)).restore();
  assert.deepEqual([kept.started.answers, kept.sitting.acked_seq], [{ a: 99 }, 7]);
});

test("a change told while another is being written is written too", async () => {
  const [storage, time] = [disk(), { ms: 0 }];
  const memory = await atWork(storage, time);
  const put = storage.put;
  storage.put = async (record) => {
    storage.put = put;
    memory.keepAnswers({ a: "during" });
    return put(record);
  };
  memory.keepAnswers({ a: "before" });
  await memory.settled();
  assert.deepEqual((await (await page(storage, time)).restore()).started.answers, { a: "during" });
});

test("a full disk is told, and no longer once it takes what is newest", async () => {
  const [storage, time] = [disk(), { ms: 0 }];
  const memory = await atWork(storage, time);
  storage.isFull = true;
  memory.keepAnswers({ a: "q" });
  await memory.settled();
  assert.equal(memory.trouble.name, "QuotaExceededError");
  storage.isFull = false;
  memory.keepAnswers({ a: "r" });
  await memory.settled();
  assert.equal(memory.trouble, null);
});

test("clearing leaves nothing, also of what was just told", async () => {
  const [storage, time] = [disk(), { ms: 0 }];
  const memory = await atWork(storage, time);
  memory.keepAnswers({ a: "q" });
  await memory.clear();
  memory.keepAnswers({ a: "r" });
  await memory.settled();
  assert.equal(storage.records.size, 0);
});

test("where the browser has no locker nothing is remembered and nothing is missed", async () => {
  const memory = new Memory(null, () => 0);
  memory.keepSitting(SITTING);
  memory.keepWork(2, STARTED);
  memory.keepAnswers({ a: "q" });
  await memory.settled();
  await memory.clear();
  assert.deepEqual([memory.isOpen, memory.trouble, await memory.content(CONTENT)], [false, null, null]);
});

test("law: reloads at any moment, with a clock set anywhere, never give more time than the server gave", () => {
  let state = 7;
  const roll = (count) => (state = (state * 48271) % 2147483647) % count;
  const DAY = 86_400_000;
  for (let round = 0; round < 2000; round += 1) {
    let steady = 1000 + roll(DAY);
    let server = roll(DAY); // what the server would say
    let kept = { remaining_ms: server, told_at: steady };
    for (let step = 0; step < 6; step += 1) {
      const passed = roll(600_000);
      const set = [0, 0, DAY, -DAY][roll(4)]; // a new run of the browser takes the computer's clock anew
      server = Math.max(0, server - passed);
      steady += passed + set;
      const left = remainingNow(kept, steady);
      if (set >= 0) assert.ok(left <= server, `${left} of ${server}`);
      assert.ok(left >= 0 && left <= kept.remaining_ms);
      if (set === 0) assert.equal(left, server);
      kept = { remaining_ms: left, told_at: steady };
      server = left; // from here the page must not give more than it said itself
    }
  }
});

test("a clock that went back tells nothing, so nothing is given until the server speaks", () => {
  assert.equal(remainingNow({ remaining_ms: 60_000, told_at: 5000 }, 4999), 0);
  assert.equal(remainingNow({ remaining_ms: 60_000, told_at: 5000 }, 5000), 60_000);
});
