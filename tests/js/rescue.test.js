import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "../../assessment_app/exam/static/outbox.js";
import { canSeal, fileName, seal } from "../../assessment_app/exam/static/rescue.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const { subtle } = crypto;
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const changes = [{ attempt: 2, epoch: 1, seq: 7, item: "i1", response: { most: "é", least: "b" }, at_ms: 5, spent_ms: 3 }];

async function server() {
  const pair = await subtle.generateKey(CURVE, true, ["deriveBits"]);
  const raw = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  return { pair, raw, serverKey: btoa(String.fromCharCode(...raw)) };
}

function parted(file) {
  const end = file.indexOf(10) + 1;
  return { line: file.slice(0, end), head: JSON.parse(new TextDecoder().decode(file.slice(0, end))), body: file.slice(end) };
}

/** Open a file as the office does, from the other side of the same agreement. */
async function opened({ pair, raw }, { line, head, body }) {
  const sender = bytes(head.sender);
  const theirs = await subtle.importKey("raw", sender, CURVE, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("proasn/rescue/1");
  const derive = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array([...sender, ...raw]), info };
  const key = await subtle.deriveKey(derive, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const plain = await subtle.decrypt({ name: "AES-GCM", iv: bytes(head.nonce), additionalData: line }, key, body);
  return JSON.parse(new TextDecoder().decode(plain));
}

test("only the holder of the server's key reads what was sealed, every letter of it", async () => {
  const [ours, other] = [await server(), await server()];
  const file = parted(await seal({ serverKey: ours.serverKey, token: "12.1.abc", changes }));
  assert.deepEqual(await opened(ours, file), { token: "12.1.abc", changes });
  await assert.rejects(opened(other, file));
});

test("what stands in the clear is bound to the sealed part and names no person, answer or sitting", async () => {
  const ours = await server();
  const { line, head, body } = parted(await seal({ serverKey: ours.serverKey, token: "12.1.abc", changes }));
  assert.deepEqual(Object.keys(head), ["format", "key", "sender", "nonce"]);
  line[12] ^= 1;
  await assert.rejects(opened(ours, { line, head, body }));
});

test("no two files share a key or a nonce", async () => {
  const { serverKey } = await server();
  const files = await Promise.all([1, 2].map(() => seal({ serverKey, token: "1.1.a", changes })));
  const [one, two] = files.map((file) => parted(file).head);
  assert.notEqual(one.sender, two.sender);
  assert.notEqual(one.nonce, two.nonce);
});

test("a file's name tells the seat and the time and nothing else", () => {
  assert.equal(fileName("7", "10.32.05"), "jawaban-kursi-07-1032.proasn");
  assert.equal(fileName("Meja A/3", ""), "jawaban-kursi-Meja-A-3.proasn");
});

test("a page without cryptography offers no file", () => {
  assert.equal(canSeal({}), false);
  assert.equal(canSeal(undefined), true);
});

test("everything unsent is what waits, what was refused and what another device left here", async () => {
  const record = (seq, item, more) => ({ seq, item, response: "p", at_ms: 1, spent_ms: 1, attempt: 1, epoch: 2, base: 4, ...more });
  const kept = [record(3, "a", { epoch: 1, base: 0 }), record(5, "b", { refused: "incomplete" }), record(6, "c", {})];
  const storage = { load: async () => kept, write: async () => {} };
  const outbox = await Outbox.open(storage, { epoch: 2, ackedSeq: 4 });
  await outbox.put(2, { item: "d", response: null, at_ms: 9, spent_ms: 8 });
  assert.deepEqual(outbox.unsent.map(({ epoch, attempt, seq }) => [epoch, attempt, seq]), [[1, 1, 3], [2, 1, 5], [2, 1, 6], [2, 2, 7]]);
  assert.deepEqual(outbox.unsent[3], { attempt: 2, epoch: 2, seq: 7, item: "d", response: null, at_ms: 9, spent_ms: 8 });
  assert.equal((await Outbox.open({ ...storage, load: async () => [] }, { epoch: 2, ackedSeq: 4 })).unsent.length, 0);
});
