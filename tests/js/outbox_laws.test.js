/** Laws of the outbox, tried on random histories: lost and repeated requests, late promises, reloads with and without net. */

import assert from "node:assert/strict";
import test from "node:test";
import { LEAP, Outbox } from "../../assessment_app/exam/static/outbox.js";

const ITEMS = ["a", "b", "c", "d"];

function dice(seed) {
  let state = seed;
  return (count) => (state = (state * 48271) % 2147483647) % count;
}

function shelf() {
  const records = new Map();
  return {
    load: async () => [...records.values()].map((record) => structuredClone(record)),
    write: async (keep, forget) => {
      forget.forEach((seq) => records.delete(seq));
      keep.forEach((record) => records.set(record.seq, structuredClone(record)));
    },
  };
}

/** The server's side of the protocol: highest seq per item wins, what was seen is promised. */
class Server {
  acked = 0;
  newest = new Map();

  receive({ changes }) {
    for (const { seq, item, response } of changes) {
      if (seq > (this.newest.get(item)?.seq ?? 0)) this.newest.set(item, { seq, response });
      this.acked = Math.max(this.acked, seq);
    }
    return this.acked;
  }
}

/** What a page remembers beside the outbox: all answers, and how far the server's promise went when it forgot. */
function withMemory(storage) {
  const known = { answers: {}, acked: 0 };
  const write = async (keep, forget, acked) => {
    if (acked !== null) known.acked = Math.max(known.acked, acked);
    await storage.write(keep, forget);
  };
  return { known, storage: { load: storage.load, write } };
}

/** One history: answers, deliveries whose request or promise gets lost or comes again, reloads of the page. */
async function live(roll, steps) {
  const { known, storage } = withMemory(shelf());
  const server = new Server();
  const truth = new Map();
  const promises = [];
  const seen = new Set();
  let outbox = await Outbox.open(storage, { epoch: 1, ackedSeq: 0 });
  for (let step = 0; step < steps; step += 1) {
    const what = roll(7);
    const batch = outbox.batch(1 + roll(3));
    if (what <= 1) {
      const item = ITEMS[roll(ITEMS.length)];
      truth.set(item, step);
      known.answers[item] = step;
      const before = outbox.lastSeq;
      await outbox.put(1, { item, response: step, at_ms: step, spent_ms: 0 });
      assert.ok(outbox.lastSeq > before && !seen.has(outbox.lastSeq), "a seq is never used twice");
      seen.add(outbox.lastSeq);
    } else if (what === 2 && batch) promises.push(server.receive(batch)); // promise on its way
    else if (what === 3 && batch) server.receive(batch); // promise lost
    else if (what === 4 && promises.length) await outbox.ack(promises[roll(promises.length)]); // late, twice
    else if (what === 5) outbox = await Outbox.open(storage, { epoch: 1, ackedSeq: server.acked });
    else if (what === 6) outbox = await Outbox.open(storage, { epoch: 1, ackedSeq: known.acked, isBehind: true });
  }
  return { outbox, server, truth, known };
}

test("no history loses the newest answer of an item", async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const { outbox, server, truth } = await live(dice(seed), 120);
    while (outbox.size) await outbox.ack(server.receive(outbox.batch(2)));
    for (const [item, response] of truth) {
      assert.equal(server.newest.get(item)?.response, response, `seed ${seed}, item ${item}`);
    }
  }
});

test("at any moment the newest answer is with the server or waiting", async () => {
  for (let seed = 1001; seed <= 1150; seed += 1) {
    const { outbox, server, truth } = await live(dice(seed), 1 + (seed % 60));
    const told = Object.fromEntries([...server.newest].map(([item, { response }]) => [item, response]));
    const merged = outbox.merged(1, told);
    for (const [item, response] of truth) assert.equal(merged.get(item), response, `seed ${seed}, item ${item}`);
  }
});

test("a page that is opened without the server shows the newest answer of every item", async () => {
  for (let seed = 2001; seed <= 2150; seed += 1) {
    const { outbox, truth, known } = await live(dice(seed), 1 + (seed % 90));
    const merged = outbox.merged(1, known.answers);
    for (const [item, response] of truth) assert.equal(merged.get(item), response, `seed ${seed}, item ${item}`);
  }
});

test("a leap is longer than any sitting, and a thousand of them fit below what the protocol can count", () => {
  assert.ok(LEAP > 100_000 && 1000 * LEAP < 2 ** 40);
});
