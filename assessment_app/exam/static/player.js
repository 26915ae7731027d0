/** A sitting from readiness to receipt: which screen comes when. What can be wrong is in the modules it joins. */

import { Courier } from "./courier.js";
import { Countdown, ServerClock, formatClock } from "./countdown.js";
import { Entrance } from "./entrance.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { SIGNED_OUT, SIGN_IN_PAGE } from "./pages.js";
import { Paper } from "./paper.js";
import { presetLargeText } from "./preferences.js";
import { Busy, Client, Closed, Elsewhere, Locked, Refused, SignedOut } from "./protocol.js";
import { passes, patiently, sleep } from "./protocol.js";
import { Frame } from "./screens/frame.js";
import { Help } from "./screens/help.js";
import { showBetween, showNotice, showReceipt } from "./screens/plain.js";
import { getReady } from "./screens/readiness.js";
import { Section } from "./section.js";
import { noStore, openStore } from "./store.js";
import { text, worded } from "./texts.js";

const TICK_MS = 250;
const LOCKED_MS = 5000;
const LOOK_AGAIN_MS = 1000;
const WORKING = ["open", "grace"];

/** The server stands elsewhere than this page thinks, though not at another device. */
const isOutdated = (error) => error?.status === 409 && !(error instanceof Elsewhere);
const now = () => performance.now();

class Player {
  #client = new Client({ fetch: fetch.bind(window), now, session: sessionStorage });
  #countdown = new Countdown(now);
  #clock = new ServerClock(now);
  #frame = new Frame({ countdown: this.#countdown, clock: this.#clock, now });
  #help = new Help();
  #entrance = new Entrance({ client: this.#client, frame: this.#frame });
  #sitting = null;
  #outbox = null;
  #courier = null;
  #section = null; // while one is worked on
  #isPaused = false;

  /** Do something and settle whatever it meets; nothing else in this class catches. */
  run = (act) => Promise.resolve().then(act).catch((error) => this.#settle(error));

  async start() {
    if (!this.#client.isSignedIn) return location.replace(SIGN_IN_PAGE);
    this.#wire();
    const say = showNotice({ frame: this.#frame, name: "connecting", iconName: "wifi" });
    const sitting = await patiently(this.#client.sitting, { onWait: () => say("connecting.waiting") });
    this.#take(sitting);
    if (sitting.needs.large_text) presetLargeText(this.#name);
    await this.#openOutbox();
    return this.#go();
  }

  #wire() {
    this.#frame.onTimeOver = () => this.run(() => this.#end("over"));
    setInterval(() => this.#tick(), TICK_MS);
    document.addEventListener("keydown", (event) => this.#onKey(event));
    window.addEventListener("online", () => this.#courier?.check());
    window.addEventListener("offline", () => this.#courier?.check());
    window.addEventListener("blur", () => this.#courier?.noteFocusLost());
    document.addEventListener("visibilitychange", () => document.hidden || this.#courier?.check());
    window.addEventListener("unhandledrejection", (event) => this.#settle(event.reason));
  }

  #onKey(event) {
    if (event.key === "F1") {
      event.preventDefault();
      this.#showHelp();
    } else if (!this.#help.isOpen) {
      this.#section?.onKey(event);
    }
  }

  #showHelp() {
    this.#help.open(this.#section?.instructions ?? []);
  }

  #tick() {
    this.#frame.tick();
    if (this.#section) this.#showSafety();
  }

  #showSafety() {
    this.#frame.reportSafety(this.#outbox, this.#courier);
  }

  #take(sitting) {
    this.#sitting = sitting;
    this.#clock.set(sitting.server_time, sitting.round_trip_ms);
    this.#frame.introduce(sitting.participant);
  }

  get #name() {
    const { agency, wave, nip } = this.#sitting.participant;
    return JSON.stringify([agency, wave, nip]);
  }

  async #openOutbox() {
    const { epoch, acked_seq: ackedSeq } = this.#sitting;
    const store = await openStore(this.#name).catch(() => noStore);
    this.#outbox = await Outbox.open(store, { epoch, ackedSeq });
    this.#courier?.stop();
    this.#courier = new Courier({ client: this.#client, outbox: this.#outbox, epoch, now });
    this.#courier.onAnswer = (answer, attempt) => this.#hear(answer, attempt);
    this.#courier.onRefusal = (error) => this.run(() => this.#refused(error));
    if (this.#outbox.size) this.#courier.nudge();
    const count = this.#outbox.strandedCount;
    if (count) this.#frame.notice(text("time.stranded", { count }));
  }

  /** An answer about an earlier section says nothing about the time of this one. */
  #hear(answer, attempt) {
    this.#clock.set(answer.server_time, answer.round_trip_ms);
    const isOfThisSection = this.#section?.attempt.n === attempt;
    if (isOfThisSection) this.#countdown.set(answer.remaining_ms, answer.round_trip_ms);
    for (const notice of answer.notices ?? []) this.#frame.notice(worded("notice", notice));
    this.#section?.refresh();
  }

  async #refused(error) {
    if (!(error instanceof Closed)) throw error;
    if (this.#section) return this.#end("over");
    // What was to be begun is over or withdrawn: see where the sitting stands now.
    this.#take(await patiently(this.#client.sitting));
    return this.#go();
  }

  /** Where the participant stands decides what is shown. */
  async #go() {
    const { state, consent, attempts } = this.#sitting;
    if (state === "locked") return this.#wait();
    if (!consent.accepted) return this.#prepare();
    const working = attempts.find((attempt) => WORKING.includes(attempt.state));
    if (working) return this.#open(working, await this.#entrance.resume(working));
    const next = attempts.find((attempt) => attempt.state === "waiting");
    return next ? this.#instruct(next) : this.#finishAll();
  }

  #prepare() {
    this.#frame.tell("place");
    this.#frame.sign("linked", text("sync.linked.small"));
    return getReady({
      sitting: this.#sitting,
      frame: this.#frame,
      client: this.#client,
      now,
      onConsent: () => this.run(() => this.#consent()),
      onLeave: () => this.#leave(),
    });
  }

  async #consent() {
    const unlinked = () => this.#frame.sign("unlinked", text("sync.unlinked.small"));
    await patiently(() => this.#client.consent(this.#sitting.consent.version), { onWait: unlinked });
    this.#take(await patiently(this.#client.sitting, { onWait: unlinked }));
    return this.#go();
  }

  async #instruct(attempt) {
    this.#frame.tell("place");
    return this.#open(attempt, await this.#entrance.instruct(this.#sitting, attempt));
  }

  #open(attempt, { started, presentation }) {
    const marks = new Marks(localStorage, this.#name, attempt.n);
    this.#clock.set(started.server_time, started.round_trip_ms);
    this.#countdown.clear();
    this.#countdown.set(started.remaining_ms, started.round_trip_ms);
    const paper = new Paper({ attempt, presentation, started, outbox: this.#outbox, marks, now });
    this.#section = new Section({
      client: this.#client,
      outbox: this.#outbox,
      courier: this.#courier,
      frame: this.#frame,
      sitting: this.#sitting,
      attempt,
      paper,
      onHelp: () => this.#showHelp(),
      onChange: () => this.#showSafety(),
      onFinish: () => this.run(() => this.#end("ending")),
    });
    this.#frame.tell("person");
    this.#courier.attend(attempt.n);
    this.#section.showQuestions();
    this.#showSafety();
  }

  /** Ended by the participant ("ending") or by time ("over"). */
  async #end(name) {
    const section = this.#section;
    this.#help.close();
    const ended = await section?.end(name);
    if (!ended) return undefined;
    this.#stopWork();
    this.#take(ended.sitting);
    return this.#afterSection(section.attempt, ended.answered);
  }

  #stopWork() {
    if (this.#section) this.#showSafety();
    this.#section?.abandon();
    this.#section = null;
    this.#courier?.attend(null);
    this.#countdown.clear();
  }

  #afterSection(finished, answered) {
    const next = this.#sitting.attempts.find((attempt) => attempt.state === "waiting");
    if (!next) return this.#go();
    const time = formatClock(this.#clock.time());
    const onContinue = () => this.run(() => this.#go());
    return showBetween({ frame: this.#frame, sitting: this.#sitting, finished, next, answered, time, onContinue });
  }

  async #finishAll() {
    this.#frame.tell("person");
    showNotice({ frame: this.#frame, name: "sealing", iconName: "clock" });
    await this.#courier.drained();
    const waitsFor = (error) => passes(error) || isOutdated(error); // not sealed yet
    const receipt = await patiently(this.#client.receipt, { waitsFor });
    const time = formatClock(this.#clock.time());
    this.#frame.sign("server", text("sync.server.small", { time }));
    const onLeave = () => this.#leave();
    showReceipt({ frame: this.#frame, sitting: this.#sitting, receipt, time, onLeave });
  }

  /** The server has moved on without this page: ask where the participant stands, and go on from there. */
  async #lookAgain() {
    await sleep(LOOK_AGAIN_MS);
    this.#take(await patiently(this.#client.sitting));
    return this.#go();
  }

  #leave() {
    this.#courier?.stop();
    this.#client.forget();
    location.assign(SIGN_IN_PAGE);
  }

  /** A proctor paused the sitting: look until it is free again, then start from what the server says. */
  async #wait() {
    this.#isPaused = true;
    this.#stopWork();
    this.#frame.hush();
    showNotice({ frame: this.#frame, name: "locked", iconName: "lock" });
    const isPaused = (error) => passes(error) || error instanceof Locked;
    do {
      await sleep(LOCKED_MS);
      this.#take(await patiently(this.#client.sitting, { waitsFor: isPaused }));
    } while (this.#sitting.state === "locked");
    this.#isPaused = false;
    if (!this.#outbox) await this.#openOutbox();
    return this.#go();
  }

  /** What no screen can settle by waiting: sign in again, another device, a pause, or a mistake of ours. */
  #settle(error) {
    console.error(error);
    if (error instanceof SignedOut) {
      sessionStorage.setItem(SIGNED_OUT, "yes");
      return this.#leave();
    }
    if (error instanceof Locked) return this.#isPaused ? undefined : this.run(() => this.#wait());
    this.#stopWork();
    if (isOutdated(error)) return this.run(() => this.#lookAgain());
    this.#courier?.stop();
    const frame = this.#frame;
    frame.hush();
    const onAction = () => location.reload();
    if (error instanceof Elsewhere) {
      const count = this.#outbox?.size ?? 0;
      const safe = count ? text("elsewhere.kept", { count }) : text("elsewhere.safe");
      const onSignIn = () => this.#leave(); // this token is dead for good; only a new sign-in can go on here
      return showNotice({ frame, name: "elsewhere", iconName: "computer", safe, action: "action.signIn", onAction: onSignIn });
    }
    const safe = error instanceof Refused && !(error instanceof Busy) ? error.sentence : "";
    return showNotice({ frame, name: "broken", iconName: "warning", safe, action: "action.reload", onAction });
  }
}

const player = new Player();
player.run(() => player.start());
