/** The way into a section: instructions while content is fetched, the start, or back into one that is open. */

import { TooEarly, passes, patiently } from "./protocol.js";
import { showInstructions, showNotice } from "./screens/plain.js";
import { text } from "./texts.js";

export class Entrance {
  #client;
  #frame;
  #survival;
  #contents = new Map(); // presentations by address: immutable, fetched once

  constructor({ client, frame, survival }) {
    this.#client = client;
    this.#frame = frame;
    this.#survival = survival;
  }

  /**
   * Show what comes; resolves to { started, presentation } after the participant pressed the button.
   * Where the sitting names the content, it is fetched while they read; else it comes with the start.
   */
  async instruct(sitting, attempt) {
    let view = null;
    const pressed = new Promise((resolve) => {
      view = showInstructions({ frame: this.#frame, sitting, attempt, onStart: resolve });
    });
    const onWait = (error) => this.#tellWaiting(view, error);
    view.allow(false);
    view.state("start.fetching");
    const known = attempt.content && (await this.#content(attempt.content, onWait));
    this.#frame.sign("linked", text("sync.linked.small"));
    view.list(known?.instructions ?? []);
    view.state("start.ready");
    view.allow(true);
    await pressed;
    view.allow(false);
    view.state("start.fetching");
    return this.#enter(attempt, onWait);
  }

  #tellWaiting(view, error) {
    const isEarly = error instanceof TooEarly;
    view.state(isEarly ? "start.early" : "start.waiting");
    if (!isEarly) this.#frame.sign("unlinked", text("sync.unlinked.small"));
  }

  /** Back into a section that was started before: after a reload, a crash, a pause; also while nobody answers. */
  async resume(attempt) {
    const say = showNotice({ frame: this.#frame, name: "connecting", iconName: "wifi" });
    const onWait = () => say("connecting.waiting");
    return this.#survival.work(attempt, ({ isPatient }) => this.#enter(attempt, onWait, isPatient));
  }

  async #enter(attempt, onWait, isPatient = true) {
    const waitsFor = (error) => isPatient && (passes(error) || error instanceof TooEarly);
    const started = await patiently(() => this.#client.start(attempt.n), { onWait, waitsFor });
    return { started, presentation: await this.#content(started.content, onWait, waitsFor) };
  }

  async #content(url, onWait, waitsFor = passes) {
    const { memory } = this.#survival;
    if (!this.#contents.has(url)) {
      const kept = await memory.content(url);
      const found = kept ?? (await patiently(() => this.#client.content(url), { onWait, waitsFor }));
      this.#contents.set(url, found);
      if (!kept) memory.keepContent(url, found);
    }
    return this.#contents.get(url);
  }
}
