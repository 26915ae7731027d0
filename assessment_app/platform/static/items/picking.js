/** What a click makes of a response, kind by kind. No DOM. */

export const MOST_LETTERS = 12;

export const letterOf = (index) => String.fromCharCode(65 + index);

/** The option that a letter names: A is the first. Null when there is no such option. */
export function optionByLetter(item, letter) {
  const index = letter.length === 1 ? letter.toUpperCase().charCodeAt(0) - 65 : -1;
  return index >= 0 && index < MOST_LETTERS ? (item.options?.[index]?.id ?? null) : null;
}

/**
 * Choose an option in one column of a most-least item. The same option cannot stand in both columns:
 * choosing it again in the other one moves it, and `moved` says so.
 */
export function chooseInColumn(response, column, option) {
  const other = column === "most" ? "least" : "most";
  const moved = response?.[other] === option;
  const chosen = { most: response?.most ?? null, least: response?.least ?? null, [column]: option };
  if (moved) chosen[other] = null;
  return { response: chosen, moved };
}

/** Where an arrow leads in a column: round its ends, and past what the other column holds, which only a click may move. */
export function optionBeside(ids, id, by, other) {
  const free = ids.filter((one) => one === id || one !== other);
  return free.at((free.indexOf(id) + by) % free.length);
}

export const chosenCount = (response) => [response?.most, response?.least].filter(Boolean).length;

/**
 * Choose one more of `ids`, or one less if it was chosen. One too many changes nothing, and `isRefused` says so.
 * The response has the order of `ids`, so that the same choice is the same response; nothing chosen is null.
 */
export function toggled(response, id, ids, atMost) {
  const chosen = new Set(response ?? []);
  const isRefused = !chosen.has(id) && chosen.size >= atMost;
  if (!isRefused && !chosen.delete(id)) chosen.add(id);
  const next = ids.filter((one) => chosen.has(one));
  return { response: next.length ? next : null, isRefused };
}

/** Move one of a list to a place; a place outside the list is its nearest end. */
export function moved(order, id, place) {
  const others = order.filter((one) => one !== id);
  const target = Math.min(Math.max(0, place), others.length);
  return [...others.slice(0, target), id, ...others.slice(target)];
}

/** An order that has each of `ids` once; anything else that was kept is no order of this item. */
export function isOrderOf(ids, order) {
  return Array.isArray(order) && order.length === ids.length && ids.every((id) => order.includes(id));
}
