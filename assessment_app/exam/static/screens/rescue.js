/** Offers to keep what could not be sent in a file, where a screen has room for it (`_rescue.html`). */

import { at, fill, onAct } from "../dom.js";
import { asUnsent } from "../outbox.js";
import { canSeal, fileName, seal } from "../rescue.js";
import { nameOf, noStore, openStore } from "../store.js";
import { text } from "../texts.js";

const LAST = "proasn.rescue"; // as long as the token: the tab's
const REVOKE_MS = 60_000;

export class Rescue {
  #client;
  #clock;
  #wired = new WeakSet(); // rooms whose button acts already: the offer is repeated while it stands

  /** @param parts client (for its token), clock (the server's time) */
  constructor({ client, clock }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Keep for this tab where its changes are: a page that was loaded anew at the wrong computer is not told. */
  remember(sitting) {
    sessionStorage.setItem(LAST, JSON.stringify({ name: nameOf(sitting), seat: sitting.participant.seat }));
  }

  /** Show the offer on the screen of now, if there is anything to keep; take it back when everything was sent. */
  async offer(outbox, sitting) {
    const room = document.querySelector('[data-at="stage"] [data-at="rescue"]');
    if (!room) return;
    const [kept, seat] = outbox ? [outbox, sitting.participant.seat] : await left();
    const count = kept.unsent.length;
    room.hidden = count === 0;
    if (count === 0) return;
    fill(room, { "rescue-why": text(canSeal() ? "rescue.why" : "rescue.unable", { count }) });
    at(room, "rescue-able").hidden = !canSeal();
    if (this.#wired.has(room)) return;
    this.#wired.add(room);
    onAct(room, { rescue: () => this.#save(kept, seat, (words) => {
      fill(room, { "rescue-saved": words });
      at(room, "rescue-saved-line").hidden = false;
    }) });
  }

  /** The same beside a message that stands above the screen, while the work goes on. */
  offerNow(outbox, sitting) {
    const bar = at(document, "message");
    const { seat } = sitting.participant;
    at(bar, "rescue-now").hidden = !canSeal();
    onAct(bar, { rescue: () => this.#save(outbox, seat, (words) => fill(bar, { message: words })) });
  }

  async #save(kept, seat, say) {
    const { rescueKey: serverKey } = at(document, "player").dataset;
    const name = fileName(seat, this.#clock.say());
    download(await seal({ serverKey, token: this.#client.token, changes: kept.unsent }), name);
    say(text("rescue.saved", { name }));
  }
}

/** What an earlier page of this tab could not send; nothing where there was none or the browser keeps nothing. */
async function left() {
  const { name, seat } = JSON.parse(sessionStorage.getItem(LAST) ?? "{}");
  const store = name === undefined ? noStore : await openStore(name).catch(() => noStore);
  return [{ unsent: (await store.load()).map(asUnsent) }, seat];
}

function download(bytes, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS);
}
