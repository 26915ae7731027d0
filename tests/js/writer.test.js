/** Tabs of one browser: real channels, real locks where the runtime has them; each test runs both ways of holding. */

import assert from "node:assert/strict";
import test from "node:test";
import { openWriter } from "../../assessment_app/exam/static/writer.js";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const PATIENCE = { claimMs: 300, answerMs: 150, stepBackMs: 600 };

/** Locks of one browser for a test alone: the runtime's own, under a name that no other test uses. */
let tests = 0;
function browserWith(hasLocks) {
  tests += 1;
  const prefix = `test ${tests} `;
  const locks = { request: (name, ...rest) => navigator.locks.request(prefix + name, ...rest) };
  const channels = [];
  const open = () => {
    const channel = new BroadcastChannel(prefix);
    channels.push(channel);
    return openWriter({ locks: hasLocks ? locks : null, channel, patience: PATIENCE });
  };
  return { open, close: () => channels.forEach((channel) => channel.close()) };
}

for (const hasLocks of [true, false]) {
  const way = hasLocks ? "locks" : "messages";
  const tabs = (name, act) => test(`${way}: ${name}`, async () => {
    const { open, close } = browserWith(hasLocks);
    try {
      await act(open);
    } finally {
      close();
    }
  });

  tabs("the first tab writes, a second one does not", async (open) => {
    const [first, second] = [open(), open()];
    assert.equal(await first.claim(), true);
    assert.equal(await second.claim(), false);
    assert.equal(await first.claim(), true, "who writes goes on writing");
    first.release();
  });

  tabs("of two that ask at the same moment exactly one writes", async (open) => {
    for (let round = 0; round < 3; round += 1) {
      const both = [open(), open()];
      const got = await Promise.all(both.map((tab) => tab.claim()));
      assert.deepEqual(got.sort(), [false, true]);
      both.forEach((tab) => tab.release());
      await pause(20);
    }
  });

  tabs("a tab that goes on waits until the other one has brought everything to storage", async (open) => {
    const [first, second] = [open(), open()];
    const told = [];
    first.onLost = async () => {
      told.push("asked");
      await pause(100);
      told.push("written");
    };
    await first.claim();
    const isForced = await second.takeOver();
    told.push("taken");
    assert.deepEqual([isForced, told], [false, ["asked", "written", "taken"]]);
    assert.deepEqual([first.holds, second.holds], [false, true]);
    second.release();
  });

  tabs("a tab that does not answer is overruled, and the one that did it knows", async (open) => {
    const [first, second] = [open(), open()];
    let wasAsked = 0;
    first.onLost = () => {
      wasAsked += 1;
      return pause(900);
    };
    await first.claim();
    assert.equal(await second.takeOver(), true);
    assert.equal(second.holds, true);
    assert.equal(wasAsked, 1);
    await pause(600);
    assert.deepEqual([first.holds, second.holds, wasAsked], [false, true, 1]);
    second.release();
  });

  tabs("it goes back and forth, and never are there two", async (open) => {
    const both = [open(), open()];
    await both[0].claim();
    for (let round = 1; round <= 4; round += 1) {
      await both[round % 2].takeOver();
      assert.deepEqual(both.map((tab) => tab.holds), round % 2 ? [false, true] : [true, false]);
    }
    both.forEach((tab) => tab.release());
  });

  tabs("what was let go of is free for the next", async (open) => {
    const [first, second] = [open(), open()];
    await first.claim();
    first.release();
    assert.equal(await second.claim(), true);
    second.release();
  });
}

test("locks: a page that is reloaded waits for its own lock to be let go", async () => {
  const { open, close } = browserWith(true);
  const [old, fresh] = [open(), open()];
  await old.claim();
  setTimeout(() => old.release(), 50);
  assert.equal(await fresh.claim(), true);
  fresh.release();
  close();
});
