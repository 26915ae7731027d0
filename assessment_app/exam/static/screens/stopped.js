/** Screens on which the work has stopped here: it goes on in another tab, at another computer, or after a reload. */

import { openDialog } from "../dom.js";
import { Busy, Elsewhere, Paused, Refused, SignedOut } from "../protocol.js";
import { text } from "../texts.js";
import { showNotice } from "./plain.js";

/** Another tab of this browser writes. Resolves when the participant wants to go on in this one. */
export function askedToGoOnHere(frame) {
  return new Promise((resolve) => {
    const onAction = () => {
      showNotice({ frame, name: "connecting", iconName: "wifi" });
      resolve();
    };
    showNotice({ frame, name: "tab", iconName: "computer", action: "action.here", onAction });
  });
}

/** A proctor holds the sitting, with its time running or standing still; the same is not shown anew. `stop` ends the work. */
export function showHeld(frame, error, stop) {
  const name = error instanceof Paused ? "paused" : "locked";
  const { screen, notice } = document.body.dataset;
  if (screen === "notice" && notice === name) return;
  openDialog()?.close();
  stop();
  frame.hush();
  showNotice({ frame, name, iconName: name === "paused" ? "pause" : "lock" });
}

/** What no waiting settles: a new sign-in, another device, or a mistake of ours. Of what is not sent the offer tells. */
export function showStopped({ frame, error, isAllSent, onSignIn }) {
  if (error instanceof SignedOut) {
    const words = { name: "signedOut", iconName: "lock", safe: text("signedOut.safe"), action: "action.signIn" };
    return showNotice({ frame, ...words, onAction: onSignIn });
  }
  if (error instanceof Elsewhere) {
    const words = { name: "elsewhere", iconName: "computer", safe: isAllSent ? text("elsewhere.safe") : "" };
    return showNotice({ frame, ...words, action: "action.signIn", onAction: onSignIn }); // this token is dead for good
  }
  const safe = error instanceof Refused && !(error instanceof Busy) ? error.sentence : "";
  const onAction = () => location.reload();
  return showNotice({ frame, name: "broken", iconName: "warning", safe, action: "action.reload", onAction });
}
