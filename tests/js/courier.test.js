import assert from "node:assert/strict";
import test from "node:test";
import { Courier } from "../../assessment_app/exam/static/courier.js";
import { Outbox } from "../../assessment_app/exam/static/outbox.js";
import {
  Busy, Closed, Elsewhere, Locked, Refused, Unreachable,
} from "../../assessment_app/exam/static/protocol.js";

const noShelf = { load: async () => [], write: async () => {} };
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A courier on a clock that the test moves, with a server that does as `script` says, then accepts all. */
async function office({ script = [], isCut = false } = {}) {
  const time = { ms: 0 };
  const timers = [];
  const calls = [];
  const outbox = await Outbox.open(noShelf, { epoch: 1, ackedSeq: 0 });
  const respond = (kind) => async (body) => {
    calls.push({ kind, at: time.ms, ...body });
    if (time.hangs) await new Promise(() => {});
    const next = script.shift();
    if (next instanceof Error) throw next;
    const seq = Math.max(0, ...(body.changes ?? []).map((change) => change.seq));
    return { acked_seq: seq, remaining_ms: 1000, notices: [], rejected: [], ...next };
  };
  const later = (act, ms) => {
    const timer = { act, at: time.ms + ms };
    timers.push(timer);
    return () => timers.splice(timers.indexOf(timer), 1);
  };
  const client = { answers: respond("answers"), heartbeat: respond("heartbeat") };
  const courier = new Courier({ client, outbox, epoch: 1, now: () => time.ms, random: () => 1, later, isCut });
  const pass = async (ms) => {
    const end = time.ms + ms;
    for (;;) {
      await settle();
      const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      timers.splice(timers.indexOf(due), 1);
      time.ms = Math.max(time.ms, due.at);
      due.act();
    }
    time.ms = end;
  };
  const put = (item, response = "p", attempt = 1) => {
    outbox.put(attempt, { item, response, at_ms: 0, spent_ms: 0 });
    courier.nudge();
  };
  const hang = () => (time.hangs = true);
  return { courier, outbox, calls, pass, put, hang };
}

const items = (call) => call.changes.map((change) => change.item);

test("changes made in one breath travel together, with attempt and epoch", async () => {
  const { calls, pass, put } = await office();
  put("a");
  put("b");
  await pass(1000);
  assert.equal(calls.length, 1);
  assert.deepEqual(items(calls[0]), ["a", "b"]);
  assert.deepEqual([calls[0].attempt, calls[0].epoch], [1, 1]);
});

test("what failed is sent again, later and later, and silence is dated from its start", async () => {
  const { courier, outbox, calls, pass, put } = await office({
    script: [new Unreachable("x"), new Unreachable("x"), new Unreachable("x")],
  });
  put("a");
  await pass(1500);
  assert.equal(courier.silentSince, 200);
  assert.equal(outbox.size, 1);
  await pass(10_000);
  assert.deepEqual(calls.map((call) => call.at), [200, 700, 1700, 3700]);
  assert.equal(courier.silentSince, null);
  assert.equal(outbox.size, 0);
});

test("a call that hangs is silence too, and only a long silence is called offline", async () => {
  const { courier, pass, put, hang } = await office();
  put("a");
  hang();
  await pass(4000);
  assert.equal(courier.silentSince, 200);
  assert.equal(courier.isOffline, false);
  await pass(2000);
  assert.equal(courier.isOffline, true);
});

test("answers given while the server is silent do not hammer it", async () => {
  const { calls, pass, put } = await office({ script: Array.from({ length: 3 }, () => new Unreachable("x")) });
  put("a");
  await pass(250);
  for (let index = 0; index < 10; index += 1) put(`i${index}`);
  await pass(400);
  assert.equal(calls.length, 1);
});

test("the server's wish to come back later is kept", async () => {
  const { calls, pass, put } = await office({ script: [new Busy(503, {}, 20_000)] });
  put("a");
  await pass(20_100);
  assert.equal(calls.length, 1);
  await pass(10_000);
  assert.equal(calls.length, 2);
});

test("the heart beats only when nothing else was sent for half a minute", async () => {
  const { courier, calls, pass, put } = await office();
  courier.attend(1);
  await pass(20_000);
  put("a");
  await pass(29_000);
  assert.deepEqual(calls.map((call) => call.kind), ["answers"]);
  courier.noteFocusLost();
  await pass(5000);
  assert.deepEqual(calls.map((call) => call.kind), ["answers", "heartbeat"]);
  assert.equal(calls[1].focus_lost, 1);
  await pass(30_000);
  assert.equal(calls[2].focus_lost, 0);
});

test("no heart beats when nothing is worked on", async () => {
  const { courier, calls, pass } = await office();
  courier.attend(null);
  courier.check();
  await pass(200_000);
  assert.equal(calls.length, 0);
});

test("the network's return is used at once", async () => {
  const { courier, calls, pass, put } = await office({ script: Array.from({ length: 6 }, () => new Unreachable("x")) });
  put("a");
  await pass(20_000);
  const before = calls.length;
  courier.check();
  await pass(1);
  assert.equal(calls.length, before + 1);
});

test("says which attempt an answer is about: its time is not that of another one", async () => {
  const { courier, pass, put } = await office();
  const told = [];
  courier.onAnswer = (_, attempt) => told.push(attempt);
  courier.attend(2);
  put("late", "p", 1);
  put("b", "p", 2);
  await pass(40_000);
  assert.deepEqual(told, [1, 2, 2]);
});

test("what the server rejects item by item is put aside with its reason", async () => {
  const script = [{ rejected: [{ seq: 1, item: "a", reason: "no such option" }], acked_seq: 2 }];
  const { outbox, pass, put } = await office({ script });
  put("a");
  put("b");
  await pass(1000);
  assert.equal(outbox.size, 0);
  assert.equal(outbox.refusal(1, "a"), "no such option");
});

test("one bad change does not keep the others from arriving", async () => {
  const bad = () => new Refused(400, { title: "Tidak dapat dibaca." }, 0);
  const { outbox, calls, pass, put } = await office({ script: [bad(), bad(), {}, bad(), {}] });
  ["a", "b", "c", "d"].forEach((item) => put(item));
  await pass(1000);
  assert.deepEqual(calls.map(items), [["a", "b", "c", "d"], ["a", "b"], ["a"], ["b"], ["c"], ["d"]]);
  assert.equal(outbox.size, 0);
  assert.equal(outbox.refusal(1, "b"), "Tidak dapat dibaca.");
  assert.equal(outbox.refusal(1, "c"), null);
});

test("a closed attempt keeps what it was refused and does not stop the next one", async () => {
  const { courier, outbox, calls, pass, put } = await office({ script: [new Closed(409, { title: "Ditutup." }, 0)] });
  const told = [];
  courier.onRefusal = (error) => told.push(error.name);
  put("a", "p", 1);
  put("b", "p", 2);
  await pass(1000);
  assert.deepEqual(told, ["Closed"]);
  assert.equal(outbox.refusal(1, "a"), "Ditutup.");
  assert.deepEqual(calls.map((call) => call.attempt), [1, 2]);
});

test("another owner stops everything and nothing is forgotten", async () => {
  const { courier, outbox, calls, pass, put } = await office({ script: [new Elsewhere(409, {}, 0)] });
  const told = [];
  courier.onRefusal = (error) => told.push(error.name);
  put("a");
  await pass(500);
  put("b");
  await pass(60_000);
  assert.deepEqual(told, ["Elsewhere"]);
  assert.equal(calls.length, 1);
  assert.equal(outbox.size, 2);
});

test("a paused sitting is asked again until it is free", async () => {
  const { outbox, calls, pass, put } = await office({ script: [new Locked(423, {}, 0), new Locked(423, {}, 0)] });
  put("a");
  await pass(11_000);
  assert.equal(calls.length, 3);
  assert.equal(outbox.size, 0);
});

test("drained waits for the last change, also for one made meanwhile", async () => {
  const { courier, pass, put } = await office({ script: [new Unreachable("x")] });
  let isDrained = false;
  put("a");
  courier.drained().then(() => (isDrained = true));
  await pass(300);
  put("b");
  assert.equal(isDrained, false);
  await pass(5000);
  assert.equal(isDrained, true);
});

test("a page that came back without the server says so at once, and asks for it again", async () => {
  const { courier, calls, pass } = await office({ isCut: true });
  assert.equal(courier.isOffline, true);
  courier.attend(1);
  await pass(1);
  assert.deepEqual(calls.map((call) => call.kind), ["heartbeat"]);
  assert.equal(courier.isOffline, false);
});
