// The matrix by keyboard: one tab stop, arrows between the boxes. Without this every box is a link of its own.

import { step } from "./steps.js";

const grid = document.querySelector("[data-nine-box]");
const boxes = [...grid.querySelectorAll(".nb")];

/** Make one box the tab stop of the whole matrix. */
function rove(to) {
  for (const box of boxes) box.tabIndex = box === to ? 0 : -1;
}

grid.addEventListener("keydown", (event) => {
  const from = boxes.indexOf(event.target.closest(".nb"));
  const to = from < 0 || event.ctrlKey || event.altKey || event.metaKey ? null : step(from, event.key);
  if (to === null) return;
  event.preventDefault();
  rove(boxes[to]);
  boxes[to].focus();
});

const chosen = boxes.find((box) => box.getAttribute("aria-current"));
rove(chosen);
if (location.hash === `#${chosen.id}`) chosen.focus({ preventScroll: true });
