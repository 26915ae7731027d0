import assert from "node:assert/strict";
import test from "node:test";
import {
  Busy, Client, Closed, Elsewhere, Locked, Paused, Refused, SignedOut, TooEarly, Unreachable, Unsaved,
  briefly, delay, deviceName, passes, patiently, refusalOf, untilUnlocked,
} from "../../assessment_app/exam/static/protocol.js";

class Session {
  kept = new Map();
  getItem = (name) => this.kept.get(name) ?? null;
  setItem = (name, value) => this.kept.set(name, value);
  removeItem = (name) => this.kept.delete(name);
}

const reply = (status, body, headers = {}) => async () =>
  new Response(status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body), { status, headers });

const clientOf = (fetch, session = new Session()) => new Client({ fetch, now: () => 0, session });

test("problems become errors by their slug, else by their status", () => {
  const type = (slug) => ({ type: `urn:pro-asn:problem:${slug}` });
  assert.equal(refusalOf(409, type("sitting-elsewhere")).constructor, Elsewhere);
  assert.equal(refusalOf(409, type("unsaved")).constructor, Unsaved);
  assert.equal(refusalOf(409, type("closed")).constructor, Closed);
  assert.equal(refusalOf(409, { type: "sitting-elsewhere" }).constructor, Elsewhere);
  assert.equal(refusalOf(401, {}).constructor, SignedOut);
  assert.equal(refusalOf(423, {}).constructor, Locked);
  assert.equal(refusalOf(423, type("paused")).constructor, Paused);
  assert.equal(refusalOf(425, {}).constructor, TooEarly);
  for (const status of [429, 500, 502, 503, 504]) assert.equal(refusalOf(status, {}).constructor, Busy);
  for (const status of [400, 403, 404, 409]) assert.equal(refusalOf(status, {}).constructor, Refused);
});

test("the sentence for the participant is the server's, said once", () => {
  assert.equal(refusalOf(409, { title: "Ditutup.", detail: "Ditutup." }).sentence, "Ditutup.");
  assert.equal(refusalOf(409, { title: "Ditutup.", detail: "Tunggu." }).sentence, "Ditutup. Tunggu.");
  assert.equal(refusalOf(502, {}).sentence, "");
});

test("sends the token, sends no cookie, and parses the answer", async () => {
  const seen = [];
  const session = new Session();
  const client = clientOf(async (url, request) => {
    seen.push([url, request]);
    return reply(200, { token: "t1", sitting: { state: "present" } })();
  }, session);
  assert.deepEqual(await client.signIn("198503122010012014", "L4K9WX", "d"), { state: "present" });
  await client.sitting();
  assert.equal(seen[0][1].headers.Authorization, undefined);
  assert.equal(seen[1][1].headers.Authorization, "Bearer t1");
  assert.equal(seen[1][1].credentials, "omit");
  client.forget();
  assert.equal(client.isSignedIn, false);
});

test("an answer without content is an answer", async () => {
  assert.equal((await clientOf(reply(204)).consent("3")).round_trip_ms, 0);
});

test("a page of some network box is no answer of the server", async () => {
  await assert.rejects(clientOf(reply(200, "<html>login</html>")).sitting(), Unreachable);
  await assert.rejects(clientOf(reply(200, { remaining_ms: 1 })).answers({}), Unreachable);
});

test("no network is Unreachable, whatever the browser calls it", async () => {
  const client = clientOf(async () => {
    throw new TypeError("Failed to fetch");
  });
  await assert.rejects(client.sitting(), Unreachable);
});

test("a call that hangs is given up", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const hangs = (_, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  const call = clientOf(hangs).sitting();
  context.mock.timers.tick(10_001);
  await assert.rejects(call, Unreachable);
});

test("Retry-After is heard in seconds, and from the problem's own member", async () => {
  const told = (headers, body) => clientOf(reply(503, body, headers)).sitting().catch((error) => error.retryAfterMs);
  assert.equal(await told({ "Retry-After": "7" }, {}), 7000);
  assert.equal(await told({}, { retry_after_ms: 1234 }), 1234);
  assert.equal(await told({}, {}), 0);
});

test("Retry-After as a moment is counted from the answer's own Date, whatever this computer's clock says", async () => {
  const told = (headers) => clientOf(reply(503, {}, headers)).sitting().catch((error) => error.retryAfterMs);
  const moment = "Sat, 01 Jan 2000 00:00:20 GMT";
  assert.equal(await told({ "Retry-After": moment, Date: "Sat, 01 Jan 2000 00:00:05 GMT" }), 15_000);
  assert.equal(await told({ "Retry-After": moment }), 0);
});

test("waiting doubles, never beyond half a minute, and is spread by chance", () => {
  assert.deepEqual([1, 2, 3, 7, 50].map((tries) => delay(tries, 0, () => 1)), [500, 1000, 2000, 30_000, 30_000]);
  for (let tries = 1; tries < 60; tries += 1) {
    const [least, most] = [delay(tries, 0, () => 0), delay(tries, 0, () => 0.999)];
    assert.ok(least > 0 && least < most && most <= 30_000);
  }
});

test("nobody comes back before the server's wish, nor all at once", () => {
  assert.equal(delay(1, 20_000, () => 0), 20_000);
  assert.ok(delay(1, 20_000, () => 0.5) > 20_000);
});

test("patience repeats what passes and gives up on what does not", async () => {
  const outcomes = [new Unreachable("x"), new Busy(503, {}, 9000), "done"];
  const waits = [];
  const call = async () => {
    const outcome = outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const wait = async (ms) => waits.push(ms);
  assert.equal(await patiently(call, { wait, random: () => 0 }), "done");
  assert.deepEqual(waits, [250, 9000]);
  outcomes.push(new SignedOut(401, {}, 0));
  await assert.rejects(patiently(call, { wait }), SignedOut);
  assert.equal(passes(new SignedOut(401, {}, 0)), false);
});

test("a device keeps its name", () => {
  const storage = new Session();
  const name = deviceName(storage);
  assert.match(name, /^[0-9a-f]{32}$/);
  assert.equal(deviceName(storage), name);
});

test("a call that may only take so long counts as unreachable when it takes longer", async () => {
  assert.equal(await briefly(1000, async () => "an answer"), "an answer");
  await assert.rejects(briefly(5, () => new Promise(() => {})), Unreachable);
  const refused = new Refused(409, {}, 0);
  await assert.rejects(briefly(1000, () => Promise.reject(refused)), (error) => error === refused);
});

test("whoever is held asks again and again, hears how it is held, and goes on from what the server says then", async () => {
  const sitting = { state: "working" };
  const answers = [new Locked(423, {}), new Unreachable("off"), new Paused(423, {}), sitting];
  const news = [{ held: "locked" }, { held: "locked" }, { held: "paused" }, { held: "paused" }, new Unreachable("off")];
  const next = (given) => async () => {
    const answer = given.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client = { sitting: next(answers), newest: next(news) };
  const [held, waits] = [[], []];
  const wait = async (ms) => waits.push(ms);
  assert.equal(await untilUnlocked(client, { onHeld: (error) => held.push(error.name), wait }), sitting);
  assert.deepEqual([held, waits.filter((ms) => ms === 5000).length, waits.length], [["Locked", "Paused"], 5, 6]);
  await assert.rejects(untilUnlocked({ sitting: async () => { throw new Elsewhere(409, {}); } }, { wait }), Elsewhere);
});

test("a page that is held asks the sitting itself but once a minute while the cheap call says the same", async () => {
  let [asked, minutes] = [0, 0];
  const client = { newest: async () => ({ newest_message: 0, held: "paused" }), sitting: async () => {
    asked += 1;
    if (asked <= 3) throw new Paused(423, {});
    return { state: "working" };
  } };
  await untilUnlocked(client, { wait: async (ms) => (minutes += ms / 60_000) });
  assert.deepEqual([asked, Math.round(minutes)], [4, 3]);
});
