/** The browser's durable storage: IndexedDB, a change on the disk before its promise resolves. */

const DATABASE = "proasn-exam";
const VERSION = 2;
const CHANGES = "changes"; // what the server has not promised to keep, readable: it outlives the session that wrote it
const KEPT = "kept"; // what only the session that wrote it can read, see locker.js
const KEYS = { [CHANGES]: ["sitting", "seq"], [KEPT]: ["owner", "name"] };
const CHECK = "readiness-check"; // stands for a sitting while storage is tried

/** What keeps two sittings on one computer apart. */
export const nameOf = ({ participant: { agency, wave, nip } }) => JSON.stringify([agency, wave, nip]);

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

function furnish(database) {
  for (const [name, keyPath] of Object.entries(KEYS)) {
    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name, { keyPath });
  }
}

async function connect() {
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => furnish(request.result);
  const database = await settled(request);
  database.onversionchange = () => database.close(); // a newer page may bring it up to date
  return database;
}

const allOf = (first) => IDBKeyRange.bound([first, -Infinity], [first, []]); // numbers and texts come before lists

/** Storage of one sitting, as the outbox wants it. */
export async function openStore(sitting) {
  const database = await connect();
  const range = allOf(sitting);
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

/** Storage of what sessions keep, as the locker wants it. */
export async function openKept() {
  const database = await connect();
  const change = async (act, ...stores) => {
    const transaction = database.transaction(stores, "readwrite");
    const done = committed(transaction);
    await act(...stores.map((name) => transaction.objectStore(name)));
    await done;
  };
  return {
    get: (owner, name) => settled(database.transaction(KEPT).objectStore(KEPT).get([owner, name])),
    put: (record) => change((kept) => kept.put(record), KEPT),
    clear: (owner) => change((kept) => kept.delete(allOf(owner)), KEPT),
    /** Drop what other sessions left behind, unless somebody else's changes wait here for the server or the proctor. */
    tidy: (owner, sitting) => change((...stores) => tidy(owner, sitting, stores), KEPT, CHANGES),
  };
}

async function tidy(owner, sitting, [kept, changes]) {
  const writers = (await settled(changes.getAllKeys())).map(([name]) => name);
  if (writers.some((name) => name !== sitting && name !== CHECK)) return;
  for (const key of await settled(kept.getAllKeys())) if (key[0] !== owner) kept.delete(key);
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
  const store = await openStore(CHECK);
  const records = Array.from({ length: count }, (_, index) => ({ seq: index + 1, response: `check ${index}` }));
  await store.write(records, []);
  const read = await store.load();
  await store.write([], read.map((record) => record.seq));
  return { kept: read.length === count, tookMs: now() - began };
}
