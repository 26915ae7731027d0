/** What stays while screens change: header, timer, the sign of how safe the answers are, the bars below. */

import { at, copy, element, fill, icon, initials, onAct, speak } from "../dom.js";
import { formatDuration, minuteMark } from "../countdown.js";
import { groupNip } from "../nip.js";
import { markPreferences, presetLargeText } from "../preferences.js";
import { nameOf } from "../store.js";
import { text } from "../texts.js";

const BACK_SHOWN_MS = 6000;

const SIGNS = {
  linked: { icon: "wifi" },
  unlinked: { icon: "wifi_off", warns: true },
  server: { icon: "cloud_check" },
  writing: { icon: "disk" },
  sending: { icon: "disk", words: "sync.local" },
  waiting: { icon: "disk", words: "sync.local", warns: true },
  refused: { icon: "warning", words: "sync.local", warns: true },
  failed: { icon: "warning" },
};

/** A bare number is not a place; what has a name keeps it. */
export const seatName = (seat) => (/^\d+$/.test(seat) ? text("seat", { seat }) : seat);

export class Frame {
  #root;
  #countdown;
  #clock;
  #now;
  #remaining = Infinity;
  #wasOffline = false;
  #sign = "";
  #troublesTold = new Set();
  onTimeOver = () => {};

  constructor({ countdown, clock, now }) {
    this.#root = document;
    this.#countdown = countdown;
    this.#clock = clock;
    this.#now = now;
    onAct(at(document, "player"), { dismiss: () => this.#dismiss() });
  }

  #dismiss() {
    at(this.#root, "message").hidden = true;
    document.querySelector("#content")?.focus({ preventScroll: true });
  }

  /** Bring a screen to the stage and give its elements back; focus goes to its content. */
  show(screen) {
    const stage = at(this.#root, "stage");
    const content = element("div", { className: "exam__stage" });
    content.append(copy(screen));
    stage.replaceChildren(content);
    document.body.dataset.screen = screen;
    this.say("");
    markPreferences(content);
    content.querySelector("#content")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    getSelection()?.removeAllRanges(); // the second click of a double click marked what came under it
    return content;
  }

  /** Tell whose sitting this is, and show it as large as they need it. */
  introduce(participant, needs) {
    if (needs.large_text) presetLargeText(nameOf({ participant }));
    const seat = seatName(participant.seat);
    const who = `NIP ${groupNip(participant.nip)} · ${participant.room}, ${seat}`;
    const place = [participant.session, participant.room, seat].filter(Boolean).join(" · ");
    const wave = [participant.agency, participant.wave].filter(Boolean).join(", ");
    fill(this.#root, { name: participant.name, who, place, wave, initials: initials(participant.name) });
  }

  /** Before the work the header tells the place, during it the person. */
  tell(what) {
    at(this.#root, "place").hidden = what !== "place";
    at(this.#root, "person").hidden = what !== "person";
  }

  say(words) {
    speak(at(document, "live"), words);
  }

  notice(words) {
    const bar = at(this.#root, "message");
    fill(bar, { message: words });
    bar.hidden = false;
  }

  /** Show how safe the answers are; spoken only when the kind of safety changes. */
  sign(kind, small) {
    const { icon: iconName, warns = false, words = `sync.${kind}` } = SIGNS[kind];
    const box = at(this.#root, "sync");
    fill(box, { sync: text(words), "sync-small": small });
    if (this.#sign === kind) return;
    this.#sign = kind;
    box.hidden = false;
    box.dataset.sync = kind;
    box.classList.toggle("sync--off", warns);
    at(box, "sync-icon").replaceChildren(icon(iconName));
    if (["waiting", "failed"].includes(kind)) this.say(`${text(words)}. ${small}`);
  }

  /** Nothing is saved or sent any more: say nothing about it. */
  hush() {
    this.#sign = "";
    for (const name of ["sync", "net-off", "net-back"]) at(this.#root, name).hidden = true;
  }

  /** Tell what outbox and courier know, in the words for people. */
  reportSafety(outbox, { isOffline, silentSince }) {
    const count = outbox.pending;
    if (outbox.durability === "failed") this.sign("failed", text("sync.failed.small"));
    else if (outbox.durability === "writing") this.sign("writing", text("sync.writing.small"));
    else if (isOffline) this.sign("waiting", text(count ? "sync.local.waiting" : "sync.local.quiet", { count }));
    else if (outbox.size) this.sign("sending", text("sync.local.sending", { count }));
    else if (count) this.sign("refused", text("sync.local.refused", { count }));
    else this.signSaved(outbox, this.#clock.say());
    this.#reportNet(isOffline, silentSince, count);
  }

  /** Nothing is only here: the server has all answers, if there are any. */
  signSaved(outbox, time) {
    if (outbox.isUntouched) this.sign("linked", text("sync.none.small"));
    else this.sign("server", text("sync.server.small", { time }));
  }

  /** Storage takes nothing ("full", "refused"): said once, since the sign goes back to the server's word meanwhile. */
  reportTrouble(kind) {
    if (kind === null || this.#troublesTold.has(kind)) return;
    this.#troublesTold.add(kind);
    this.notice(text(`storage.${kind}`));
  }

  #reportNet(isOffline, silentSince, count) {
    const bar = at(this.#root, "net-off");
    if (isOffline) {
      const time = this.#clock.time();
      const since = time && new Date(time.getTime() - (this.#now() - silentSince));
      fill(bar, {
        "net-off": text("net.off"),
        "net-more": text(count ? "net.off.more" : "net.off.none", { count }),
        "net-since": since ? text("net.since", { time: this.#clock.say(since) }) : "",
      });
    }
    bar.hidden = !isOffline;
    if (this.#wasOffline && !isOffline) this.#welcomeBack();
    this.#wasOffline = isOffline;
  }

  #welcomeBack() {
    const bar = at(this.#root, "net-back");
    fill(bar, { "net-back": text("net.back"), "net-back-more": text("net.back.more") });
    bar.hidden = false;
    setTimeout(() => (bar.hidden = true), BACK_SHOWN_MS);
  }

  /** Called several times a second: time is shown, spoken at its marks, and its end is told once. */
  tick() {
    const timer = at(this.#root, "timer");
    timer.hidden = !this.#countdown.runs;
    at(this.#root, "called-while").hidden = timer.hidden;
    const remaining = this.#countdown.remaining;
    if (this.#countdown.runs) {
      fill(timer, { timer: formatDuration(remaining) });
      const { phase } = this.#countdown;
      timer.classList.toggle("timer--low", phase === "low");
      timer.classList.toggle("timer--last", ["last", "over"].includes(phase));
      const minutes = minuteMark(this.#remaining, remaining);
      if (minutes !== null && this.#remaining !== Infinity) this.say(text("time.left", { minutes }));
      if (remaining === 0 && this.#remaining > 0) this.onTimeOver();
    }
    this.#remaining = remaining;
  }
}
