// Glue of the page of results on their way: draws what the watch hears. Without it the page is what it was when it was opened.

import { EVERY_MS, Gone, PATIENCE_MS, Watch } from "../proctoring/watch.js";

const shown = document.querySelector("[data-progress]");

async function ask() {
  const answer = await fetch(shown.dataset.stateUrl, {
    headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if ([401, 403, 404].includes(answer.status)) throw new Gone();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

const listener = {
  show(news) {
    for (const [name, word] of Object.entries(news.words)) {
      for (const place of shown.querySelectorAll(`[data-word="${name}"]`)) place.textContent = word;
    }
    for (const [name, share] of Object.entries(news.shares)) {
      shown.querySelector(`[data-share="${name}"] rect`).setAttribute("width", (100 * share).toFixed(1));
    }
    shown.querySelector("[data-news]").hidden = news.failures === Number(shown.dataset.failures);
  },
  away(since) {
    document.querySelector("[data-away]").hidden = since === null;
  },
  gone() {
    document.querySelector("[data-away]").hidden = true;
    document.querySelector("[data-gone]").hidden = false;
  },
};

const watch = new Watch({ ask, listener, now: () => performance.now() });
const again = async () => { if (await watch.look()) setTimeout(again, EVERY_MS); };
setTimeout(again, EVERY_MS);
