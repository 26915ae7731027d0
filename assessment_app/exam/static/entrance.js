/** The way into a section: instructions while content is fetched, the start, or back into one that is open. */

import { TooEarly, passes, patiently } from "./protocol.js";
import { showInstructions, showNotice } from "./screens/plain.js";
import { text } from "./texts.js";

export class Entrance {
  #client;
  #frame;
  #contents = new Map(); // presentations by address: immutable, fetched once

  constructor({ client, frame }) {
    this.#client = client;
    this.#frame = frame;
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

  /** Back into a section that was started before: after a reload, a crash, a pause. */
  async resume(attempt) {
    const say = showNotice({ frame: this.#frame, name: "connecting", iconName: "wifi" });
    return this.#enter(attempt, () => say("connecting.waiting"));
  }

  async #enter(attempt, onWait) {
    const waitsFor = (error) => passes(error) || error instanceof TooEarly;
    const started = await patiently(() => this.#client.start(attempt.n), { onWait, waitsFor });
    return { started, presentation: await this.#content(started.content, onWait) };
  }

  async #content(url, onWait) {
    if (!this.#contents.has(url)) {
      this.#contents.set(url, await patiently(() => this.#client.content(url), { onWait }));
    }
    return this.#contents.get(url);
  }
}
