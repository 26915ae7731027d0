/**
 * Keeps documents on this computer so that only the signed-in session reads them back: AES-GCM under a key that is made
 * of the session's token and never leaves WebCrypto. Knows no DOM; storage of records by owner and name is injected.
 */

const PURPOSE = "proasn/locker/1";
const IV_BYTES = 12; // as GCM wants it; drawn anew for every writing
const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const made = (what) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytes(`${PURPOSE} ${what}`) });

export class Locker {
  #key;
  #storage;
  #crypto;

  constructor({ owner, key, storage, crypto }) {
    this.owner = owner;
    this.#key = key;
    this.#storage = storage;
    this.#crypto = crypto;
  }

  /** The token holds 128 bits that nobody guesses, so it needs no salt; the owner's name tells nothing about it. */
  static async open({ token, storage, crypto = globalThis.crypto }) {
    const base = await crypto.subtle.importKey("raw", bytes(token), "HKDF", false, ["deriveBits", "deriveKey"]);
    const owner = hex(await crypto.subtle.deriveBits(made("owner"), base, 128));
    const kind = { name: "AES-GCM", length: 256 };
    const key = await crypto.subtle.deriveKey(made("key"), base, kind, false, ["encrypt", "decrypt"]);
    return new Locker({ owner, key, storage, crypto });
  }

  async put(name, document) {
    const iv = this.#crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await this.#crypto.subtle.encrypt(this.#how(iv, name), this.#key, bytes(JSON.stringify(document)));
    await this.#storage.put({ owner: this.owner, name, iv, sealed });
  }

  /** The document, or null where there is none or where it is not what this session wrote under this name. */
  async get(name) {
    const record = await this.#storage.get(this.owner, name);
    if (!record) return null;
    try {
      const plain = await this.#crypto.subtle.decrypt(this.#how(record.iv, name), this.#key, record.sealed);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch (error) {
      console.warn(`the locker cannot read ${name}`, error);
      return null;
    }
  }

  async clear() {
    await this.#storage.clear(this.owner);
  }

  #how(iv, name) {
    return { name: "AES-GCM", iv, additionalData: bytes(`${this.owner} ${name}`) };
  }
}
