/** The editor's live preview: what is typed is sent a moment later and drawn as participants would see it. */

import { show } from "./as_seen.js";

const PAUSE_MS = 500;

const form = document.querySelector("[data-editor]");
const host = document.querySelector("[data-preview]");
const faults = document.querySelector("[data-faults]");
let waiting = 0;
let asked = 0;

async function refresh() {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(form.dataset.asks, { method: "POST", body: new FormData(form) });
    const { item, problems } = await answer.json();
    if (mine !== asked) return; // a newer one is under way
    if (item) show(host, item);
    faults.replaceChildren(
      ...problems.map((problem) => {
        const line = document.createElement("li");
        line.textContent = problem;
        return line;
      }),
    );
    host.classList.toggle("is-old", item === null && host.querySelector("form") !== null);
  } catch {
    host.classList.add("is-old"); // no line: the next stroke tries again
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE_MS);
}

form.addEventListener("input", later);
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-reloads]")) form.querySelector("[data-act=fields]").click();
  else later();
});
if (form.querySelector("[name=question], [name=document]").value) refresh(); // nobody is told of faults before typing
