import assert from "node:assert/strict";
import test from "node:test";
import { Conversation } from "../../assessment_app/exam/static/conversation.js";
import { Locked, Refused, Unreachable } from "../../assessment_app/exam/static/protocol.js";

const word = (number, read = false) => ({ number, at: "2026-11-25T01:00:00.000Z", text: `word ${number}`, to_all: false, read });
const said = (newest, words = [], call = null) => ({ newest, words, call });
const CALL = { since: "2026-11-25T01:00:00.000Z", reason: "Layar" };

/** A server that answers what it is given, in order; an error is thrown. Timers run when the test says so. */
function talk(...answers) {
  const asked = [];
  const due = [];
  const reply = (name) => async (what) => {
    asked.push([name, what]);
    const answer = name === "read" && !(answers[0] instanceof Error) ? {} : answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client = Object.fromEntries(["messages", "assistance", "read", "newest"].map((name) => [name, reply(name)]));
  const waits = [];
  const later = (act, ms) => {
    due.push(act);
    waits.push(ms);
    return () => due.splice(due.indexOf(act), 1);
  };
  const page = { isQuiet: true, chance: 0 };
  const conversation = new Conversation({ client, isQuiet: () => page.isQuiet, later, random: () => page.chance });
  const drawn = [];
  conversation.onChange = () => drawn.push([conversation.openCall?.reason ?? null, conversation.unread.map(({ number }) => number)]);
  return { asked, due, conversation, drawn, page, waits };
}

test("asks once for what is new, and for nothing while nothing is", async () => {
  const { asked, conversation, drawn } = talk(said(7, [word(5, true), word(7)]));
  for (const number of [undefined, 0, 7, 7, 0, 7]) await conversation.hear(number);
  assert.deepEqual(asked.map(([name]) => name), ["messages"]);
  assert.deepEqual(drawn, [[null, [7]]]);
});

test("shows all that was not read in its order, so that an old word hides no urgent one", async () => {
  const { asked, conversation, drawn } = talk(said(9, [word(7), word(9)]));
  await conversation.hear(9);
  await conversation.read();
  await conversation.read();
  assert.deepEqual(drawn, [[null, [7, 9]], [null, []]]);
  assert.deepEqual(asked.slice(1), [["read", 9]]);
});

test("what was read while the network was away is told later, and not shown again meanwhile", async () => {
  const { asked, conversation } = talk(said(7, [word(7)]), new Unreachable("off"), said(8, [word(7), word(8)]));
  await conversation.hear(7);
  await conversation.read();
  assert.deepEqual(conversation.unread, []);
  await conversation.hear(8);
  assert.deepEqual(asked.slice(1), [["read", 7], ["read", 7], ["messages", undefined]]);
  assert.deepEqual(conversation.unread.map(({ number }) => number), [8]);
});

test("a number that could not be fetched is fetched with the next answer", async () => {
  const { conversation } = talk(new Unreachable("off"), new Locked(423, {}), said(3, [word(3)]));
  for (let answer = 0; answer < 3; answer += 1) await conversation.hear(3);
  assert.deepEqual(conversation.unread.map(({ number }) => number), [3]);
});

test("an open call is looked after until somebody answered it, also over a network that comes and goes", async () => {
  const { asked, due, conversation, drawn } = talk(said(4, [], CALL), new Unreachable("off"), said(4, [], CALL), said(5));
  await conversation.call("Layar");
  for (let look = 0; look < 3; look += 1) {
    assert.equal(due.length, 1);
    await due.pop()();
  }
  assert.deepEqual(asked, [["assistance", { wanted: true, reason: "Layar" }], ...Array(3).fill(["messages", undefined])]);
  assert.deepEqual([drawn, due.length], [[["Layar", []], ["Layar", []], [null, []]], 0]);
});

test("a call that does not reach the server says so to whoever called, and is none", async () => {
  const { conversation, drawn } = talk(new Unreachable("off"));
  await assert.rejects(conversation.call("Layar"), Unreachable);
  assert.deepEqual([conversation.openCall, drawn], [null, []]);
});

test("a call is taken back", async () => {
  const { asked, due, conversation } = talk(said(4, [], CALL), said(5));
  await conversation.call("Layar");
  await conversation.callOff();
  assert.deepEqual([asked[1], conversation.openCall, due.length], [["assistance", { wanted: false }], null, 0]);
});

test("a page on which no part runs asks for the number itself, and fetches only what is new", async () => {
  const { asked, due, conversation } = talk({ newest_message: 0 }, { newest_message: 7 }, said(7, [word(7)]), { newest_message: 7 });
  conversation.listen();
  for (let look = 0; look < 3; look += 1) await due.shift()();
  assert.deepEqual(asked.map(([name]) => name), ["newest", "newest", "messages", "newest"]);
  assert.deepEqual([conversation.unread.map(({ number }) => number), due.length], [[7], 1]);
});

test("while a part runs its saves and heartbeats tell the number, and it is asked for again afterwards", async () => {
  const { asked, due, conversation, page } = talk({ newest_message: 0 });
  conversation.listen();
  for (const isQuiet of [false, false, true]) {
    page.isQuiet = isQuiet;
    await due.shift()();
  }
  assert.deepEqual(asked.map(([name]) => name), ["newest"]);
});

test("a lab does not ask in one breath, and everybody within half a minute", async () => {
  const { due, conversation, page, waits } = talk({ newest_message: 0 }, { newest_message: 0 });
  conversation.listen();
  page.chance = 0.999;
  await due.shift()();
  assert.equal(waits[0], 15_000);
  assert.ok(waits[1] > 22_000 && waits[1] + 3000 < 30_000); // the server's own word is three seconds old
});

test("a number that nobody could tell, or that another device is told, ends no listening", async () => {
  const { asked, due, conversation } = talk(new Unreachable("off"), new Refused(401, {}), { newest_message: 0 });
  conversation.listen();
  for (let look = 0; look < 3; look += 1) await due.shift()();
  assert.deepEqual([asked.length, due.length], [3, 1]);
});
