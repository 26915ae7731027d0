/** Items whose answer is regions of a picture: buttons over it, and the same regions in a list. */

import { at, element, fill, isRepeated } from "./dom.js";
import { limitOf } from "./options.js";
import { pictureBox } from "./pictures.js";
import { toggled } from "./picking.js";
import { text } from "./texts.js";

const HIGH_PX = 400;

export function drawHotspot({ item, response, form, part, change, say, note }) {
  const ids = item.regions.map((region) => region.id);
  const spots = item.regions.map((region) => drawSpot(region, part("spot")));
  const lines = item.regions.map((region) => drawLine(region, part("line")));
  const box = pictureBox(item.picture, { words: item.picture.text, height: HIGH_PX });
  let chosen = response;
  const show = () => ids.forEach((id, index) => {
    const isChosen = Boolean(chosen?.includes(id));
    spots[index].setAttribute("aria-pressed", String(isChosen));
    lines[index].querySelector("input").checked = isChosen;
  });
  const take = (next) => {
    chosen = next;
    show();
    change(next);
  };
  const toggle = (id) => {
    const { response: next, isRefused } = toggled(chosen, id, ids, item.at_most);
    note(isRefused ? text("limit.reached", { count: item.at_most }) : "", isRefused);
    if (isRefused) return show();
    take(next);
    const { text: words } = item.regions[ids.indexOf(id)];
    return say(text(next?.includes(id) ? "region.chosen" : "region.free", { text: words }));
  };
  box.append(...spots);
  box.addEventListener("click", (event) => {
    const spot = event.target.closest(".spot");
    if (spot && !isRepeated(event)) toggle(spot.dataset.id);
  });
  at(form, "picture").append(box);
  at(form, "regions").append(...lines);
  at(form, "regions").addEventListener("change", (event) => toggle(event.target.value));
  fill(form, { limit: limitOf(item.at_most, ids.length) });
  show();
  return { clear: () => take(null) };
}

function drawSpot({ id, text: words, x, y, width, height }, spot) {
  spot.dataset.id = id;
  spot.setAttribute("aria-label", words);
  Object.assign(spot.style, { left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` });
  return spot;
}

function drawLine({ id, text: words }, line) {
  line.querySelector("input").value = id;
  line.append(element("span", { text: words }));
  return line;
}
