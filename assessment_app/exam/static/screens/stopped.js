/** Screens on which the work has stopped here: it goes on in another tab, at another computer, or after a reload. */

import { Busy, Elsewhere, Refused } from "../protocol.js";
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

/** What no waiting settles: another device owns the sitting, or a mistake of ours. `unsent` answers stay here. */
export function showStopped({ frame, error, unsent, onSignIn }) {
  if (error instanceof Elsewhere) {
    const safe = unsent ? text("elsewhere.kept", { count: unsent }) : text("elsewhere.safe");
    const words = { name: "elsewhere", iconName: "computer", safe, action: "action.signIn" };
    return showNotice({ frame, ...words, onAction: onSignIn }); // this token is dead for good
  }
  const safe = error instanceof Refused && !(error instanceof Busy) ? error.sentence : "";
  const onAction = () => location.reload();
  return showNotice({ frame, name: "broken", iconName: "warning", safe, action: "action.reload", onAction });
}
