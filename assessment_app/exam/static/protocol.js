/** The exam protocol's client: every call has a time limit, every refusal a name. */

const API = "/api/exam/v1";
const LIMIT_MS = 10_000;
const CONTENT_LIMIT_MS = 60_000; // a form with pictures over a poor line
const FIRST_DELAY_MS = 500;
const LOCKED_MS = 5000; // how often a page asks whether a proctor unlocked it
const LOOKS = 12; // at what the cheap call says of it, before the sitting itself is asked again
const LONGEST_DELAY_MS = 30_000;
const TOKEN = "proasn.token";
const DEVICE = "proasn.device";

/** The server answered, and the answer is no. */
export class Refused extends Error {
  constructor(status, problem, retryAfterMs) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.name = new.target.name;
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = problem.retry_after_ms ?? retryAfterMs;
  }

  /** The sentence for the participant, in the server's words; empty when it gave none. */
  get sentence() {
    const { title = "", detail = "" } = this.problem;
    return detail && detail !== title ? `${title} ${detail}`.trim() : title;
  }
}
export class SignedOut extends Refused {}
export class Elsewhere extends Refused {}
export class Unsaved extends Refused {}
export class Closed extends Refused {}
export class Locked extends Refused {}
/** Locked, and the time stands still as well. */
export class Paused extends Locked {}
export class TooEarly extends Refused {}
/** The wave is sat in Safe Exam Browser; the problem's `page` says how. */
export class OtherBrowser extends Refused {}
/** The server asks to come back, or is in trouble of its own. */
export class Busy extends Refused {}
/** No answer came: no network, no server, too late, or not from our server. */
export class Unreachable extends Error {
  name = "Unreachable";
}

const BY_SLUG = {
  "sitting-elsewhere": Elsewhere,
  unsaved: Unsaved,
  closed: Closed,
  locked: Locked,
  paused: Paused,
  "too-early": TooEarly,
  "safe-exam-browser": OtherBrowser,
};
const BY_STATUS = { 401: SignedOut, 408: Busy, 423: Locked, 425: TooEarly, 429: Busy };

/** Name what a response with an error status means. The problem's type may be a bare slug or end in it. */
export function refusalOf(status, problem, retryAfterMs = 0) {
  const slug = String(problem.type ?? "").split(/[:/]/).pop();
  const Kind = BY_SLUG[slug] ?? BY_STATUS[status] ?? (status >= 500 ? Busy : Refused);
  return new Kind(status, problem, retryAfterMs);
}

export const passes = (error) => error instanceof Unreachable || error instanceof Busy;

/** How long to wait before the next try: doubling, spread by chance, never before the server's wish. */
export function delay(tries, atLeastMs = 0, random = Math.random) {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(tries - 1, 16));
  return Math.max(longest * (0.5 + random() / 2), atLeastMs * (1 + random() / 4));
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeat a call until it is answered; only what passes by itself is waited for. */
export async function patiently(call, options = {}) {
  const { wait = sleep, random = Math.random, onWait = () => {}, waitsFor = passes } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!waitsFor(error)) throw error;
      onWait(error, tries);
      await wait(delay(tries, error.retryAfterMs ?? 0, random));
    }
  }
}

/** A call that may take no longer than this, however long its own limit is; what it says later is nobody's concern. */
export function briefly(ms, call) {
  const tooLate = sleep(ms).then(() => {
    throw new Unreachable(`no answer within ${ms} ms`);
  });
  return Promise.race([call(), tooLate]);
}

/** A moment is told by the clock of whoever answers: this computer's own may be a day wrong. */
function retryAfterMs(headers) {
  const wish = headers.get("Retry-After");
  if (!wish) return 0;
  const seconds = Number(wish);
  if (!Number.isNaN(seconds)) return seconds * 1000;
  return Math.max(0, Date.parse(wish) - Date.parse(headers.get("Date"))) || 0;
}

/** An object from the text of an answer; none from a login page of some network box. */
function parse(text) {
  if (text === "") return {};
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

export class Client {
  #fetch;
  #now;
  #session;

  /** @param session sessionStorage or alike: the token lives there, so it ends with the tab */
  constructor({ fetch, now, session }) {
    this.#fetch = fetch;
    this.#now = now;
    this.#session = session;
  }

  get isSignedIn() {
    return Boolean(this.token);
  }

  /** What signed this page in; a file of unsent changes proves by it whose they are. */
  get token() {
    return this.#session.getItem(TOKEN);
  }

  forget() {
    this.#session.removeItem(TOKEN);
  }

  /** @param browser what Safe Exam Browser shows of itself, if it is one */
  async signIn(nip, pin, device, browser) {
    const answer = await this.#call("POST", `${API}/sign-in`, { nip, pin, device, browser });
    this.#session.setItem(TOKEN, answer.token);
    return answer.sitting;
  }

  sitting = () => this.#call("GET", `${API}/sitting`);
  consent = (version) => this.#call("POST", `${API}/consent`, { version, accepted: true });
  start = (n) => this.#call("POST", `${API}/attempts/${n}/start`);
  content = (url) => this.#call("GET", url, undefined, CONTENT_LIMIT_MS);
  answers = (batch) => this.#promise(`${API}/answers`, batch);
  heartbeat = (beat) => this.#promise(`${API}/heartbeat`, beat);
  finish = (n, lastSeq) => this.#call("POST", `${API}/attempts/${n}/finish`, { last_seq: lastSeq });
  assistance = (wish) => this.#call("POST", `${API}/assistance`, wish);
  messages = () => this.#call("GET", `${API}/messages`);
  newest = () => this.#call("GET", `${API}/messages/newest`);
  read = (number) => this.#call("POST", `${API}/messages/read`, { number });
  receipt = () => this.#call("GET", `${API}/receipt`);

  /** The server's time and how long it took to hear it, from the head of any page. */
  async greeting() {
    const began = this.#now();
    const response = await this.#within(LIMIT_MS, (signal) =>
      this.#fetch("/", { method: "HEAD", cache: "no-store", credentials: "omit", signal }),
    );
    return { date: response.headers.get("Date"), round_trip_ms: this.#now() - began };
  }

  /** What lets the outbox forget must be a whole number, or nobody spoke for the server. */
  async #promise(url, body) {
    const answer = await this.#call("POST", url, body);
    if (!Number.isInteger(answer.acked_seq)) throw new Unreachable("an answer without acked_seq promises nothing");
    return answer;
  }

  async #call(method, url, body, limitMs = LIMIT_MS) {
    const token = this.token;
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const began = this.#now();
    const [response, text] = await this.#within(limitMs, async (signal) => {
      const request = { method, headers, body: body && JSON.stringify(body), credentials: "omit", signal };
      const answered = await this.#fetch(url, request);
      return [answered, await answered.text()];
    });
    const answer = parse(text);
    if (!response.ok) throw refusalOf(response.status, answer ?? {}, retryAfterMs(response.headers));
    if (answer === null) throw new Unreachable("what answered is not the exam server");
    return { ...answer, round_trip_ms: this.#now() - began };
  }

  async #within(limitMs, ask) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), limitMs);
    try {
      return await ask(abort.signal);
    } catch (error) {
      throw new Unreachable(error.message, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A name for this computer's browser, made once. No secret: it only tells one device from another. */
export function deviceName(storage, random = crypto) {
  let name = storage.getItem(DEVICE);
  if (!name) {
    const bytes = random.getRandomValues(new Uint8Array(16));
    name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    storage.setItem(DEVICE, name);
  }
  return name;
}

/** The server stands elsewhere than this page thinks, though not at another device. */
export const isOutdated = (error) => error?.status === 409 && !(error instanceof Elsewhere);

/** Look until a proctor holds the sitting no longer; gives it as the server then says. `onHeld` hears each refusal. */
export async function untilUnlocked(client, { onHeld = () => {}, wait = sleep } = {}) {
  for (;;) {
    try {
      return await patiently(client.sitting, { wait });
    } catch (error) {
      if (!(error instanceof Locked)) throw error;
      onHeld(error);
      await whileHeld(client, error instanceof Paused ? "paused" : "locked", wait);
    }
  }
}

/** Wait while the cheap call says the same: a province that is paused at once would keep a server busy with refusals. */
async function whileHeld(client, held, wait) {
  for (let look = 0; look < LOOKS; look += 1) {
    await wait(LOCKED_MS);
    const news = await client.newest().catch(() => ({})); // whatever it was, the sitting tells
    if (news.held !== held) return;
  }
}
