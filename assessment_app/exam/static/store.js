/** The browser's durable storage for the outbox: IndexedDB, on the disk before a promise resolves. */

const DATABASE = "proasn-exam";
const CHANGES = "changes";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("storage is held by another page"));
  });

const committed = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });

function connect() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(CHANGES, { keyPath: ["sitting", "seq"] });
  return settled(request);
}

/** Storage of one sitting, as the outbox wants it. */
export async function openStore(sitting) {
  const database = await connect();
  const range = IDBKeyRange.bound([sitting, -Infinity], [sitting, Infinity]);
  return {
    async load() {
      return settled(database.transaction(CHANGES).objectStore(CHANGES).getAll(range));
    },
    async write(keep, forget) {
      const transaction = database.transaction(CHANGES, "readwrite", { durability: "strict" });
      const changes = transaction.objectStore(CHANGES);
      for (const seq of forget) changes.delete([sitting, seq]);
      for (const record of keep) changes.put({ ...record, sitting });
      await committed(transaction);
    },
  };
}

/** Stands in where the browser has no storage: every write is refused, so the screen never says 'saved here'. */
export const noStore = {
  load: async () => [],
  write: async () => {
    throw new Error("this browser has no storage");
  },
};

/** Write records, read them back, drop them: tells whether answers survive on this computer, and how fast. */
export async function tryStore(count, now) {
  const began = now();
  const store = await openStore("readiness-check");
  const records = Array.from({ length: count }, (_, index) => ({ seq: index + 1, response: `check ${index}` }));
  await store.write(records, []);
  const read = await store.load();
  await store.write([], read.map((record) => record.seq));
  return { kept: read.length === count, tookMs: now() - began };
}
