/** A sitting from readiness to receipt: which screen comes when. What can be wrong is in the modules it joins. */

import { Countdown, ServerClock } from "./countdown.js";
import { listen, openDialog } from "./dom.js";
import { Entrance } from "./entrance.js";
import { AGAIN, DONE, SIGNED_OUT, SIGN_IN_PAGE } from "./pages.js";
import { Practice, isDue } from "./practice.js";
import { Client, Closed, Elsewhere, Locked, SignedOut, isOutdated, patiently, sleep, untilUnlocked } from "./protocol.js";
import { nameOf } from "./store.js";
import { Assistance } from "./screens/assistance.js";
import { Frame } from "./screens/frame.js";
import { Help } from "./screens/help.js";
import { showBetween, showNotice, showReceipt } from "./screens/plain.js";
import { getReady } from "./screens/readiness.js";
import { Rescue } from "./screens/rescue.js";
import { askedToGoOnHere, showHeld, showStopped } from "./screens/stopped.js";
import { Section } from "./section.js";
import { keepShell } from "./shell.js";
import { Survival } from "./survival.js";
import { text, worded } from "./texts.js";

const [TICK_MS, LOOK_AGAIN_MS] = [250, 1000];
const WORKING = ["open", "grace"];

const now = () => performance.now();

class Player {
  #client = new Client({ fetch: fetch.bind(window), now, session: sessionStorage });
  #countdown = new Countdown(now);
  #clock = new ServerClock(now);
  #frame = new Frame({ countdown: this.#countdown, clock: this.#clock, now });
  #help = new Help();
  #assistance = new Assistance({ client: this.#client, clock: this.#clock, isQuiet: () => this.#section === null });
  #survival = new Survival({ client: this.#client, onLost: () => this.#stepBack() });
  #entrance = new Entrance({ client: this.#client, frame: this.#frame, survival: this.#survival });
  #rescue = new Rescue({ client: this.#client, clock: this.#clock });
  #offerRescue = () => this.#rescue.offer(this.#outbox, this.#sitting);
  #sitting = null;
  #outbox = null;
  #courier = null;
  #section = null; // while one is worked on
  #practice = null; // while it is shown
  #isPaused = false;

  /** Do something and settle whatever it meets; nothing else in this class catches. */
  run = (act) => Promise.resolve().then(act).catch((error) => this.#settle(error));

  async start() {
    if (!this.#client.isSignedIn) return location.replace(SIGN_IN_PAGE);
    this.#frame.onTimeOver = () => this.run(() => this.#end("over"));
    setInterval(() => this.#tick(), TICK_MS);
    const line = { onNews: () => this.#courier?.check(), onBlur: () => this.#courier?.noteFocusLost() };
    listen({ onKey: (event) => this.#onKey(event), onStray: (error) => this.#settle(error), ...line });
    return (await this.#survival.claim()) ? this.#begin() : this.#lookOn();
  }

  async #begin() {
    const say = showNotice({ frame: this.#frame, name: "connecting", iconName: "wifi" });
    this.#take(await this.#survival.sitting({ onWait: () => say("connecting.waiting") }));
    if (this.#sitting.consent.accepted) keepShell(); // else the check of this computer does
    await this.#openOutbox();
    return this.#go();
  }

  /** Another tab writes: this one only tells so, until it is asked to go on. */
  async #lookOn() {
    this.#frame.hush();
    await askedToGoOnHere(this.#frame);
    await this.#survival.takeOver();
    return this.#begin();
  }

  /** Another tab was asked to go on: what is on its way here gets to storage, and nothing more. */
  async #stepBack() {
    this.#stopWork();
    this.#courier?.stop();
    await Promise.all([this.#outbox?.close(), this.#survival.memory.settled()]);
    this.run(() => this.#lookOn());
  }

  #onKey(event) {
    if (event.key === "F1") event.preventDefault();
    if (openDialog()) return; // of two, Escape and focus would belong to the one that nobody sees
    if (event.key === "F1") this.#showHelp();
    else (this.#section ?? this.#practice)?.onKey(event);
  }

  #showHelp = () => this.#help.open(this.#section?.instructions ?? []);

  #tick() {
    this.#frame.tick();
    this.#section?.tick();
    if (this.#section) this.#showSafety();
  }

  #showSafety() {
    this.#frame.reportSafety(this.#outbox, this.#courier);
    this.#frame.reportTrouble(this.#survival.trouble(this.#outbox));
  }

  #take(sitting) {
    this.#sitting = sitting;
    this.#survival.memory.keepSitting(sitting);
    this.#clock.zone = sitting.participant.timezone ?? this.#clock.zone; // one remembered before it was told has none
    this.#clock.set(sitting.server_time, sitting.round_trip_ms);
    this.#frame.introduce(sitting.participant, sitting.needs);
    this.run(() => this.#assistance.hear(sitting.newest_message));
  }

  async #openOutbox() {
    this.#rescue.remember(this.#sitting);
    this.#courier?.stop();
    this.#outbox = await this.#survival.openOutbox(this.#sitting);
    this.#courier = this.#survival.openCourier(this.#sitting, this.#outbox, now);
    this.#courier.onAnswer = (answer, attempt) => this.#hear(answer, attempt);
    this.#courier.onRefusal = (error) => this.run(() => this.#refused(error));
    if (this.#outbox.size) this.#courier.nudge();
    const count = this.#outbox.strandedCount;
    if (!count) return;
    this.#frame.notice(text("time.stranded", { count }));
    this.#rescue.offerNow(this.#outbox, this.#sitting);
  }

  /** An answer about an earlier section says nothing about the time of this one. */
  #hear(answer, attempt) {
    this.#clock.set(answer.server_time, answer.round_trip_ms);
    if (this.#section?.attempt.n === attempt) this.#count(answer);
    for (const notice of answer.notices ?? []) this.#frame.notice(worded("notice", notice));
    this.run(() => this.#assistance.hear(answer.newest_message));
    this.#section?.refresh();
  }

  #count(answer) {
    this.#countdown.set(answer.remaining_ms, answer.round_trip_ms);
    this.#survival.memory.keepTime(answer);
  }

  async #refused(error) {
    if (!(error instanceof Closed)) throw error;
    return this.#section ? this.#end("over") : this.#lookAgain(0); // what was to be begun is over or withdrawn
  }

  /** Where the participant stands decides what is shown. */
  async #go() {
    const { consent, attempts } = this.#sitting;
    if (!consent.accepted) return this.#prepare();
    const working = attempts.find((attempt) => WORKING.includes(attempt.state));
    if (working) return this.#open(working, await this.#entrance.resume(working));
    const next = attempts.find((attempt) => attempt.state === "waiting");
    if (next && isDue(sessionStorage, nameOf(this.#sitting), this.#sitting)) return this.#practise();
    return next ? this.#instruct(next) : this.#finishAll();
  }

  #prepare() {
    this.#frame.tell("place");
    this.#frame.sign("linked", text("sync.linked.small"));
    return getReady({
      sitting: this.#sitting, frame: this.#frame, client: this.#client, now,
      onConsent: () => this.run(() => this.#consent()),
      onLeave: () => this.run(() => this.#leave({ wipes: true })),
    });
  }

  async #consent() {
    const unlinked = () => this.#frame.sign("unlinked", text("sync.unlinked.small"));
    await patiently(() => this.#client.consent(this.#sitting.consent.version), { onWait: unlinked });
    this.#take(await patiently(this.#client.sitting, { onWait: unlinked }));
    return this.#go();
  }

  #practise() {
    const onDone = () => this.run(() => this.#go());
    this.#practice = new Practice({ frame: this.#frame, name: nameOf(this.#sitting), onHelp: this.#showHelp, onDone });
    this.#frame.tell("place");
    this.#practice.show();
  }

  async #instruct(attempt) {
    this.#practice = null;
    this.#frame.tell("place");
    return this.#open(attempt, await this.#entrance.instruct(this.#sitting, attempt));
  }

  #open(attempt, { started, presentation }) {
    this.#clock.set(started.server_time, started.round_trip_ms);
    this.#countdown.begin(attempt.time_limit_ms, started.remaining_ms, started.round_trip_ms);
    const paper = this.#survival.paper({ sitting: this.#sitting, attempt, presentation, started, outbox: this.#outbox, now });
    const parts = { client: this.#client, outbox: this.#outbox, courier: this.#courier, frame: this.#frame };
    this.#section = new Section({
      ...parts, sitting: this.#sitting, attempt, paper,
      onHelp: this.#showHelp,
      onStuck: this.#offerRescue,
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
    openDialog()?.close();
    const ended = await section?.end(name);
    if (!ended) return undefined;
    if (ended.more) return this.#goOn(ended.more);
    this.#survival.memory.forgetWork();
    this.#stopWork();
    this.#take(ended.sitting);
    return this.#afterSection(section.attempt, ended.answered);
  }

  /** Time was over by this page's count only. */
  #goOn(answer) {
    this.#countdown.clear();
    this.#count(answer);
    this.#section.showQuestions();
    this.#frame.notice(text("time.more", { minutes: Math.ceil(answer.remaining_ms / 60_000) }));
  }

  #stopWork() {
    if (this.#section) this.#showSafety();
    this.#section?.abandon();
    [this.#section, this.#isPaused] = [null, false];
    this.#courier?.attend(null);
    this.#countdown.clear();
    this.#frame.tick();
  }

  #afterSection(finished, answered) {
    const next = this.#sitting.attempts.find((attempt) => attempt.state === "waiting");
    if (!next) return this.#go();
    const time = this.#clock.say();
    const words = { finished, next, answered, time, onContinue: () => this.run(() => this.#go()) };
    return showBetween({ frame: this.#frame, sitting: this.#sitting, ...words });
  }

  async #finishAll() {
    this.#frame.tell("person");
    showNotice({ frame: this.#frame, name: "sealing", iconName: "clock" });
    await this.#courier.drained();
    const receipt = await this.#survival.receipt(this.#sitting, this.#outbox);
    const time = this.#clock.say(receipt.sealed_at && new Date(receipt.sealed_at));
    this.#frame.signSaved(this.#outbox, time);
    showReceipt({ frame: this.#frame, sitting: this.#sitting, receipt, time, onLeave: () => this.#leave({ why: DONE }) });
    this.#offerRescue(); // what another device left here, or what was refused, goes nowhere by itself
  }

  /** The server has moved on without this page: ask where the participant stands, and go on from there. */
  async #lookAgain(ms = LOOK_AGAIN_MS) {
    await sleep(ms);
    this.#take(await patiently(this.#client.sitting));
    return this.#go();
  }

  async #leave({ wipes = false, why = null } = {}) {
    if (why) sessionStorage.setItem(SIGNED_OUT, why);
    if (wipes) await this.#survival.wipe(this.#sitting, this.#outbox);
    this.#courier?.stop();
    this.#survival.letGo();
    this.#client.forget();
    location.assign(SIGN_IN_PAGE);
  }

  /** A proctor holds the sitting, a save cannot say how: look until it is free again, then start from what the server says. */
  async #wait() {
    this.#isPaused = true;
    const stop = () => {
      this.#stopWork();
      this.#isPaused = true;
    };
    const onHeld = (held) => this.#isPaused && showHeld(this.#frame, held, stop);
    const sitting = await untilUnlocked(this.#client, { onHeld });
    if (!this.#isPaused) return undefined; // another tab goes on
    this.#stopWork();
    this.#take(sitting);
    if (!this.#outbox) await this.#openOutbox();
    return this.#go();
  }

  /** What no screen can settle by waiting: sign in again, another device, a pause, or a mistake of ours. */
  #settle(error) {
    console.error(error);
    if (error instanceof SignedOut) sessionStorage.setItem(SIGNED_OUT, AGAIN);
    if (error instanceof SignedOut && !this.#outbox?.unsent.length) return this.#leave();
    if (error instanceof Locked) return this.#isPaused ? undefined : this.run(() => this.#wait());
    this.#stopWork();
    if (isOutdated(error)) return this.run(() => this.#lookAgain());
    this.#courier?.stop();
    if (error instanceof Elsewhere) this.#survival.giveUp();
    this.#frame.hush();
    showStopped({ frame: this.#frame, error, isAllSent: !this.#outbox?.unsent.length, onSignIn: () => this.#leave() });
    return this.#offerRescue();
  }
}

const player = new Player();
player.run(() => player.start());
