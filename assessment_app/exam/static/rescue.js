/**
 * What could not be sent, sealed into a file that only the exam's own office can open. Knows no DOM.
 *
 * One line of JSON in the clear, then sealed bytes bound to it: ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM. The
 * server's public key came with the page, so that a file can be made when the network is gone. Nothing in the clear
 * names person, sitting or answer: the token inside says whose changes they are.
 */

const FORMAT = "proasn/rescue/1";
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const utf8 = (text) => new TextEncoder().encode(text);
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Browsers have no cryptography for pages that came without TLS; without it nothing is ever written to a file. */
export const canSeal = (crypto = globalThis.crypto) => Boolean(crypto?.subtle);

async function nameOf(publicKey, subtle) {
  const digest = new Uint8Array(await subtle.digest("SHA-256", publicKey));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A key that only this file has, and the public half of what made it. */
async function agree(serverKey, subtle) {
  const server = await subtle.importKey("raw", serverKey, CURVE, false, []);
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const sender = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const shared = await subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const material = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derive = { name: "HKDF", hash: "SHA-256", salt: joined(sender, serverKey), info: utf8(FORMAT) };
  const key = await subtle.deriveKey(derive, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return { key, sender };
}

/**
 * The bytes of a file.
 * @param serverKey the server's public key, base64 of an uncompressed point
 * @param token what signed this page in, as the device that it is
 * @param changes attempt, epoch, seq, item, response, at_ms and spent_ms of each
 */
export async function seal({ serverKey, token, changes, crypto = globalThis.crypto }) {
  const { subtle } = crypto;
  const server = fromBase64(serverKey);
  const { key, sender } = await agree(server, subtle);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const head = { format: FORMAT, key: await nameOf(server, subtle), sender: base64(sender), nonce: base64(nonce) };
  const line = utf8(`${JSON.stringify(head)}\n`);
  const plain = utf8(JSON.stringify({ token, changes }));
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: line }, key, plain);
  return joined(line, new Uint8Array(sealed));
}

/** A name that tells the proctor the seat and when, and nobody whose it is. */
export function fileName(seat, time) {
  const number = String(seat).replace(/[^0-9A-Za-z]+/g, "-").padStart(2, "0");
  const clock = time ? `-${time.replace(/\D/g, "").slice(0, 4)}` : "";
  return `jawaban-kursi-${number}${clock}.proasn`;
}
