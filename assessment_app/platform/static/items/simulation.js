/** What stands on the screen of a simulated program: it follows from the steps taken and from nothing else. No DOM. */

const stepsById = (item) => new Map(item.steps.map((step) => [step.id, step]));

/** The screen after these steps: where the last step led that led anywhere, else the first. */
export function screenAfter(item, taken) {
  const steps = stepsById(item);
  const led = taken.map((id) => steps.get(id)?.to).filter(Boolean);
  return item.screens.find((screen) => screen.id === led.at(-1)) ?? item.screens[0];
}

/** The steps that a screen offers, by its buttons and by its rows. */
export function offeredOn(screen) {
  return new Set([...(screen.steps ?? []), ...(screen.rows ?? []).map((row) => row.step).filter(Boolean)]);
}

/**
 * How each step is named in a list of steps. Rows may bear the same words, Sambungkan and Sambungkan: there the first
 * filled cell of the row tells which it was.
 *
 * @param join makes one name of a step's words and a cell
 */
export function namesOf(item, join) {
  const rows = item.screens.flatMap((screen) => screen.rows ?? []).filter((row) => row.step);
  const cells = new Map(rows.map((row) => [row.step, row.cells.find(Boolean) ?? ""]).reverse());
  const bearers = (words) => item.steps.filter((step) => step.text === words).length;
  const isToldApart = ({ id, text }) => Boolean(cells.get(id)) && bearers(text) > 1;
  return new Map(item.steps.map((step) => [step.id, isToldApart(step) ? join(step.text, cells.get(step.id)) : step.text]));
}

/** What the program said last: the words of the last step, or nothing. */
export const saidAfter = (item, taken) => stepsById(item).get(taken.at(-1))?.says ?? "";

/** Take a step. What is not offered here, and one step too many, change nothing; `refused` says which it was. */
export function take(item, taken, id) {
  if (!offeredOn(screenAfter(item, taken)).has(id)) return { taken, refused: "not-offered" };
  if (taken.length >= item.at_most) return { taken, refused: "too-many" };
  return { taken: [...taken, id], refused: null };
}

export const takeBack = (taken) => taken.slice(0, -1);

/** As much of a kept response as can be gone from the first screen on: what stands on the screen is then true. */
export function gone(item, response) {
  let taken = [];
  for (const id of Array.isArray(response) ? response : []) {
    const next = take(item, taken, id);
    if (next.refused) break;
    taken = next.taken;
  }
  return taken;
}

export const asResponse = (taken) => (taken.length ? taken : null);
