// Glue of the proctor's console: draws what watch.js hears, lets arrows move through the seats and opens them in place.

import { calling, isMeant, newlyCalling } from "./finding.js";
import { arrange, isAtWork, write } from "./focus.js";
import { catchUp, open, openBefore, tellOf } from "./forms.js";
import { EVERY_MS, Gone, PATIENCE_MS, Watch, clockFace, neighbour } from "./watch.js";

const room = document.querySelector("[data-console]");
const seats = [...room.querySelectorAll("[data-seat]")];
const looks = new Map([...document.querySelectorAll("template[data-look]")].map((one) => [one.dataset.look, one]));
const face = new Intl.DateTimeFormat("en-GB", {
  timeZone: room.dataset.zone, hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** The server's clock, carried on by the monotonic one of this computer. */
const clock = { at: Number(room.dataset.now), seen: performance.now() };
const serverNow = () => clock.at + performance.now() - clock.seen;
const timeOfDay = (ms) => face.format(ms).replaceAll(":", ".");

async function ask() {
  const answer = await fetch(room.dataset.stateUrl, {
    headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if ([401, 403, 404].includes(answer.status)) throw new Gone();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function drawSeat(tile, seat) {
  const look = looks.get(seat.state);
  tile.className = `seat ${look.dataset.class}`;
  Object.assign(tile.dataset, { stands: seat.state, who: seat.who, nip: seat.nip });
  tile.querySelector("[data-name]").textContent = seat.name;
  tile.querySelector("[data-state]").replaceChildren(look.content.cloneNode(true), seat.state === "calling" ? "" : ` ${seat.quiet}`);
  const run = tile.querySelector("[data-run]");
  run.hidden = seat.parts === 0;
  run.querySelector("[data-part]").textContent = `${seat.part}/${seat.parts}`;
  run.querySelector("[data-progress]").textContent = `${seat.answered}/${seat.items}`;
  run.querySelector("rect").setAttribute("width", seat.items ? (100 * seat.answered) / seat.items : 0);
  if (tile.hasAttribute("aria-current")) drawChosen(seat);
}

const numbered = (seat) => String(seat.number).padStart(2, "0");

function stateWords(seat) {
  const words = `${looks.get(seat.state).content.textContent.trim()} ${seat.quiet}`.trim();
  return seat.asks ? `${words}: ${seat.asks}` : words;
}

const title = document.title;

/** List who calls for somebody; how many ask for it stands before the page's name, for whoever looks at another tab. */
function drawAttention(news) {
  const [box, found] = [room.querySelector("[data-attention]"), calling(news)];
  box.hidden = found.length === 0;
  const asking = found.filter((seat) => seat.state === "calling").length;
  document.title = asking ? `(${asking}) ${title}` : title;
  const list = box.querySelector("[data-calling]");
  const known = new Map([...list.children].map((line) => [line.querySelector("a").href, line]));
  const tileOf = (link) => seats.find((tile) => tile.href === link.href);
  arrange(list, found.map((seat) => drawAsking(known.get(seats[seat.number - 1].href), seat)), tileOf);
}

/** Write the line of a seat that asks for somebody, into the one that stands there if there is one. */
function drawAsking(known, seat) {
  const line = known ?? document.querySelector("template[data-asking]").content.firstElementChild.cloneNode(true);
  line.querySelector("a").href = seats[seat.number - 1].href;
  const sign = looks.get(seat.state).content.querySelector("svg").cloneNode(true);
  const pill = line.querySelector(".pill");
  if (!pill.firstElementChild?.isEqualNode(sign)) pill.replaceChildren(sign, numbered(seat));
  write(line.querySelector(".grow"), stateWords(seat));
  return line;
}

const asked = { words: "", only: null };
const isHidden = (tile) => tile.classList.contains("seat--not-meant");

/** Show the seats that are meant, at their place in the room; the others leave a gap. */
function find() {
  for (const tile of seats) {
    const { seat, who = "", nip = "", stands } = tile.dataset;
    const meant = isMeant({ number: Number(seat), who, nip, state: stands }, asked.words, asked.only);
    tile.classList.toggle("seat--not-meant", !meant && tile !== document.activeElement); // focus stays in sight
  }
  const reachable = seats.find((tile) => tile.tabIndex === 0);
  if (!reachable || !isHidden(reachable)) return;
  const first = seats.find((tile) => !isHidden(tile));
  if (first) [reachable.tabIndex, first.tabIndex] = [-1, 0];
}

let stood = new Map();

/** Say aloud which seats have come to call for somebody; how long they have done so is not said again and again. */
function tell(news) {
  const fresh = newlyCalling(stood, news);
  stood = new Map(news.map((seat) => [seat.number, seat.state]));
  if (fresh.length === 0) return;
  const word = document.querySelector('template[data-say="seat"]').content.textContent;
  const said = fresh.map((seat) => `${word} ${seat.number}: ${stateWords(seat)}`);
  room.querySelector("[data-said]").textContent = said.join(". ");
}

let remaining = null;

/** Carry on the seat that is open; where it stands otherwise now, its acts are others, unless somebody is at one. */
function drawChosen(seat) {
  remaining = { ms: seat.remaining_ms, running: seat.running, seen: performance.now() };
  const panel = room.querySelector("[data-panel]");
  const shown = panel.querySelector("[data-chosen]")?.dataset;
  if (shown?.chosen !== String(seat.number) || shown.state === seat.state) return;
  if (!isAtWork(panel)) open(location.href).catch(() => watch.look());
}

/** Another proctor may have paused the room, or let it go on: its forms are others then, unless somebody is at one. */
function followPause(isPaused) {
  const panel = room.querySelector("[data-panel]");
  const shows = panel.querySelector("form#jeda") !== null;
  if (shows !== isPaused && !isAtWork(panel)) open(location.href).catch(() => watch.look());
}

let told = "";

function drawEvents(events) {
  const now = JSON.stringify(events);
  if (events.length === 0 || now === told) return;
  told = now;
  const list = room.querySelector("[data-events]");
  list.replaceChildren(...events.map((event) => {
    const line = document.createElement("li");
    const [seat, words, at] = ["pill", "grow", "xs muted num"].map((name) => {
      const part = document.createElement("span");
      part.className = name;
      return part;
    });
    const everybody = document.querySelector('template[data-say="everybody"]').content.textContent;
    seat.textContent = event.seat ? String(event.seat).padStart(2, "0") : everybody;
    words.textContent = event.words;
    at.textContent = timeOfDay(event.at_ms).slice(0, 5);
    line.append(seat, words, at);
    return line;
  }));
}

let awaySince = null;

const listener = {
  show(news) {
    [clock.at, clock.seen] = [news.now_ms, performance.now()];
    for (const seat of news.seats) drawSeat(seats[seat.number - 1], seat);
    tell(news.seats);
    for (const [state, count] of Object.entries(news.counts)) {
      const chip = room.querySelector(`[data-only="${state}"]`);
      chip.querySelector("[data-count]").textContent = count;
      chip.hidden = count === 0 && asked.only !== state;
    }
    drawAttention(news.seats);
    find();
    drawEvents(news.events);
    followPause(news.counts.paused > 0);
    catchUp(news.written).catch(() => watch.look());
    if (news.pin_round !== Number(room.dataset.round)) throw new Gone();
  },
  away(since) {
    awaySince = since;
    const bar = document.querySelector("[data-away]");
    bar.hidden = since === null;
    if (since !== null) bar.querySelector("[data-since]").textContent = timeOfDay(since);
  },
  gone() {
    document.querySelector("[data-away]").hidden = true;
    document.querySelector("[data-gone]").hidden = false;
  },
};

function tick() {
  document.querySelector("[data-clock]").textContent = `${timeOfDay(serverNow())} ${room.dataset.zoneName}`;
  if (awaySince !== null) document.querySelector("[data-age]").textContent = clockFace(serverNow() - awaySince);
  const shown = room.querySelector("[data-remaining]");
  if (!shown) return;
  remaining ??= { ms: Number(shown.dataset.remaining), running: "running" in shown.dataset, seen: clock.seen };
  shown.textContent = clockFace(remaining.ms - (remaining.running ? performance.now() - remaining.seen : 0));
}

/** Single letters act on the plan alone: elsewhere somebody may dictate, or only rest a hand on the keys. */
const LETTERS = { i: (seat) => tellOf(seat.dataset.seat), "/": () => search.focus() };

function moveBy(event) {
  const index = seats.indexOf(document.activeElement);
  if (index < 0) return;
  const act = LETTERS[event.key];
  if (act && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    act(seats[index]);
    return;
  }
  let next = neighbour(index, event.key, seats.length);
  while (isHidden(seats[next]) && neighbour(next, event.key, seats.length) !== next) next = neighbour(next, event.key, seats.length);
  if (next === index || isHidden(seats[next])) return;
  event.preventDefault();
  seats[index].tabIndex = -1;
  seats[next].tabIndex = 0;
  seats[next].focus();
}

/** Open a seat, or an incident to correct, without leaving the page: without the server the plan stays on the screen. */
function choose(event) {
  const link = event.target.closest("a[data-seat], a[data-in-place]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  remaining = null;
  const asks = new URL(link.href).searchParams.has("koreksi") ? "[data-telling]" : "[data-panel]";
  const there = link.matches("[data-in-place]") ? openBefore(link.href, asks) : open(link.href);
  there.catch(() => watch.look());
}

for (const seat of seats) seat.tabIndex = -1;
(seats.find((seat) => seat.hasAttribute("aria-current")) ?? seats[0]).tabIndex = 0;
room.querySelector(".seats").addEventListener("keydown", moveBy);
room.addEventListener("click", choose);

const search = room.querySelector("[data-find]");
search.addEventListener("input", () => { asked.words = search.value; find(); });
search.addEventListener("keydown", (event) => {
  const found = seats.filter((tile) => !isHidden(tile));
  if (event.key === "Enter" && search.value.trim() && found.length) {
    event.preventDefault();
    found[0].focus();
    if (found.length === 1) found[0].click();
  } else if (event.key === "Escape") {
    [search.value, asked.words] = ["", ""];
    find();
  }
});
for (const chip of room.querySelectorAll("[data-only]")) {
  chip.addEventListener("click", () => {
    asked.only = asked.only === chip.dataset.only ? null : chip.dataset.only;
    for (const one of room.querySelectorAll("[data-only]")) one.setAttribute("aria-pressed", String(one.dataset.only === asked.only));
    find();
  });
}
for (const way of document.querySelectorAll("[data-opens]")) {
  way.addEventListener("click", (event) => {
    const there = document.querySelector(way.getAttribute("href"));
    if (!there) return;
    event.preventDefault();
    if (there instanceof HTMLDetailsElement) there.open = true;
    there.scrollIntoView({ block: "center" });
    there.querySelector("input:not([type=hidden]), button:not([disabled])")?.focus({ preventScroll: true });
  });
}

const watch = new Watch({ ask, listener, now: serverNow });
document.addEventListener("room-opened", () => watch.look());
const again = async () => { if (await watch.look()) setTimeout(again, EVERY_MS); };
setTimeout(again, EVERY_MS);
setInterval(tick, 1000);
tick();
