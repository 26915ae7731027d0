import assert from "node:assert/strict";
import test from "node:test";
import {
  Countdown, ServerClock, formatClock, formatDuration, minuteMark, phase, zoneName,
} from "../../assessment_app/exam/static/countdown.js";

function clockwork() {
  const clock = { ms: 5000 };
  return { clock, now: () => clock.ms };
}

test("counts down on the monotonic clock and stops at zero", () => {
  const { clock, now } = clockwork();
  const countdown = new Countdown(now);
  countdown.set(10_000);
  clock.ms += 4000;
  assert.equal(countdown.remaining, 6000);
  clock.ms += 60_000;
  assert.equal(countdown.remaining, 0);
});

test("has no end before the server spoke and after it was cleared", () => {
  const { now } = clockwork();
  const countdown = new Countdown(now);
  assert.equal(countdown.remaining, Infinity);
  countdown.set(1000);
  assert.equal(countdown.runs, true);
  countdown.clear();
  assert.equal(countdown.remaining, Infinity);
  assert.equal(countdown.runs, false);
});

test("does not jump for a difference that the network explains", () => {
  const { clock, now } = clockwork();
  const countdown = new Countdown(now);
  countdown.set(60_000);
  clock.ms += 10_000;
  countdown.set(50_400);
  assert.equal(countdown.remaining, 50_000);
});

test("follows the server when time was added or taken", () => {
  const { clock, now } = clockwork();
  const countdown = new Countdown(now);
  countdown.set(60_000);
  clock.ms += 10_000;
  countdown.set(650_000);
  assert.equal(countdown.remaining, 650_000);
  countdown.set(0);
  assert.equal(countdown.remaining, 0);
});

test("takes half of the round trip off what the server said", () => {
  const { now } = clockwork();
  const countdown = new Countdown(now);
  countdown.set(60_000, 3000);
  assert.equal(countdown.remaining, 58_500);
});

test("never shows zero before time is over", () => {
  assert.equal(formatDuration(2_486_000), "00.41.26");
  assert.equal(formatDuration(1), "00.00.01");
  assert.equal(formatDuration(0), "00.00.00");
  assert.equal(formatDuration(-5), "00.00.00");
  assert.equal(formatDuration(3_600_000 * 4 + 61_000), "04.01.01");
});

test("names the phases at their edges", () => {
  const phases = [300_001, 300_000, 60_001, 60_000, 1, 0].map((ms) => phase(ms, 3_600_000));
  assert.deepEqual(phases, ["normal", "low", "low", "last", "last", "over"]);
});

test("a short part is calm for its first four fifths, and is not urgent before it has warned", () => {
  const phases = [300_000, 60_001, 60_000, 30_001, 30_000, 0].map((ms) => phase(ms, 300_000));
  assert.deepEqual(phases, ["normal", "normal", "low", "low", "last", "over"]);
  assert.equal(phase(300_000, 1_500_000), "low", "of 25 minutes a fifth is five");
});

test("warns by the time of the part that was entered, also when it is entered late", () => {
  const { now } = clockwork();
  const countdown = new Countdown(now);
  countdown.begin(300_000, 299_000);
  assert.equal(countdown.phase, "normal");
  countdown.begin(3_600_000, 299_000);
  assert.equal(countdown.phase, "low");
});

test("speaks each minute mark once, and the nearest when several passed at once", () => {
  assert.equal(minuteMark(901_000, 899_000), 15);
  assert.equal(minuteMark(899_000, 898_000), null);
  assert.equal(minuteMark(1_000_000, 50_000), 1);
  assert.equal(minuteMark(Infinity, 200_000), 5);
});

test("tells the server's time from its last answer, not from this computer", () => {
  const { clock, now } = clockwork();
  const server = new ServerClock(now);
  assert.equal(server.time(), null);
  server.set("2025-11-24T00:30:00.000Z", 200);
  clock.ms += 1900;
  assert.equal(server.time().toISOString(), "2025-11-24T00:30:02.000Z");
  server.set("nonsense");
  assert.equal(server.time().toISOString(), "2025-11-24T00:30:02.000Z");
});

test("a moment is told in the room's zone with its name, in WIB before the room is known", () => {
  const { now } = clockwork();
  const server = new ServerClock(now);
  assert.equal(server.say(), "");
  assert.equal(server.say(null), "");
  server.set("2025-11-24T17:30:00.000Z");
  assert.equal(server.say(), "00.30.00 WIB");
  server.zone = "Asia/Makassar";
  assert.equal(server.say(), "01.30.00 WITA");
  assert.equal(server.say(new Date("2025-11-24T00:05:09.000Z")), "08.05.09 WITA");
  assert.equal(`${formatClock(server.time(), "Asia/Jayapura")} ${zoneName("Asia/Jayapura")}`, "02.30.00 WIT");
});
