/** Plays histories from the standard input to the browser's own outbox and writes down what it held after each step. */

import { Outbox } from "../../assessment_app/exam/static/outbox.js";

const records = new Map();
const storage = {
  load: async () => [...records.values()].map((record) => structuredClone(record)),
  write: async (keep, forget) => {
    forget.forEach((seq) => records.delete(seq));
    keep.forEach((record) => records.set(record.seq, structuredClone(record)));
  },
};

const bySeq = (one, other) => one.seq - other.seq;
const seen = (outbox) => ({
  size: outbox.size,
  last: outbox.lastSeq,
  stranded: outbox.strandedCount,
  batch: outbox.batch(3),
  disk: [...records.values()].sort(bySeq),
});

async function play(history) {
  records.clear();
  let outbox = await Outbox.open(storage, { epoch: 1, ackedSeq: 0 });
  const states = [];
  for (const { act, ...told } of history) {
    if (act === "put") await outbox.put(told.attempt, told.change);
    else if (act === "ack") await outbox.ack(told.seq);
    else if (act === "refuse") await outbox.refuse(told.rejected);
    else outbox = await Outbox.open(storage, { epoch: told.epoch, ackedSeq: told.seq });
    states.push(seen(outbox));
  }
  return states;
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const all = [];
for (const history of JSON.parse(Buffer.concat(chunks).toString())) all.push(await play(history));
process.stdout.write(JSON.stringify(all));
