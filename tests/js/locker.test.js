import assert from "node:assert/strict";
import test from "node:test";
import { Locker } from "../../assessment_app/exam/static/locker.js";

const TOKEN = "12.1.5f0c3b0d0f3a4e6c9b1d2e3f4a5b6c7d";

/** Storage as IndexedDB is: records by owner and name, copied on the way in and out. */
function shelf() {
  const records = new Map();
  const nameOf = (owner, name) => JSON.stringify([owner, name]);
  return {
    records,
    get: async (owner, name) => structuredClone(records.get(nameOf(owner, name))),
    put: async (record) => void records.set(nameOf(record.owner, record.name), structuredClone(record)),
    clear: async (owner) => {
      for (const [key, record] of records) if (record.owner === owner) records.delete(key);
    },
  };
}

test("the session that wrote a document reads it back, also after a reload", async () => {
  const storage = shelf();
  await (await Locker.open({ token: TOKEN, storage })).put("work", { answers: { a: "p", b: null } });
  const after = await Locker.open({ token: TOKEN, storage });
  assert.deepEqual(await after.get("work"), { answers: { a: "p", b: null } });
  assert.equal(await after.get("sitting"), null);
});

test("nothing on the disk tells what was written or by which token", async () => {
  const storage = shelf();
  await (await Locker.open({ token: TOKEN, storage })).put("work", { stem: "Jadwal piket hari besar" });
  const [{ owner, sealed, iv }] = [...storage.records.values()];
  const onDisk = `${owner} ${Buffer.from(sealed).toString("latin1")} ${Buffer.from(iv).toString("latin1")}`;
  assert.doesNotMatch(onDisk, /Jadwal|stem/);
  assert.ok(!onDisk.includes(TOKEN.split(".")[2]));
});

test("another session finds nothing and reads nothing, though the record lies there", async () => {
  const storage = shelf();
  await (await Locker.open({ token: TOKEN, storage })).put("work", "mine");
  const other = await Locker.open({ token: TOKEN.replace("12.1.", "12.2."), storage });
  assert.equal(await other.get("work"), null);
  const [record] = [...storage.records.values()];
  await storage.put({ ...record, owner: other.owner });
  assert.equal(await other.get("work"), null);
});

test("a record that was changed, or moved under another name, is not believed", async () => {
  const storage = shelf();
  const locker = await Locker.open({ token: TOKEN, storage });
  await locker.put("work", "mine");
  const [record] = [...storage.records.values()];
  await storage.put({ ...record, name: "sitting" });
  assert.equal(await locker.get("sitting"), null);
  new Uint8Array(record.sealed)[0] ^= 1;
  await storage.put(record);
  assert.equal(await locker.get("work"), null);
});

test("no two writings look alike, even of the same document", async () => {
  const storage = shelf();
  const locker = await Locker.open({ token: TOKEN, storage });
  const seen = new Set();
  for (let round = 0; round < 50; round += 1) {
    await locker.put("work", "the same");
    const [{ iv, sealed }] = [...storage.records.values()];
    seen.add(Buffer.from(iv).toString("hex")).add(Buffer.from(sealed).toString("hex"));
  }
  assert.equal(seen.size, 100);
});

test("clearing takes this session's records and leaves the others'", async () => {
  const storage = shelf();
  const mine = await Locker.open({ token: TOKEN, storage });
  const other = await Locker.open({ token: "another", storage });
  await mine.put("work", 1);
  await other.put("work", 2);
  await mine.clear();
  assert.equal(await mine.get("work"), null);
  assert.equal(await other.get("work"), 2);
});
