/** What a response is, item by item, and what the question grid says about it. No DOM, no clock. */

const isText = (value) => typeof value === "string" && value !== "";
const isFilledList = (value) => Array.isArray(value) && value.length > 0;

/** When a response of each kind is complete: only then is it an answer that can be sent. */
const COMPLETE = {
  choice: (response) => isText(response),
  choices: isFilledList,
  order: (response, item) => isFilledList(response) && response.length === item.options.length,
  most_least: (response) => isText(response.most) && isText(response.least) && response.most !== response.least,
  rating: Number.isInteger,
  number: isText,
  text: isText,
  hotspot: isFilledList,
  simulation: isFilledList,
};

export function isComplete(item, response) {
  if (response === null || response === undefined) return false;
  return Boolean(COMPLETE[item.kind]?.(response, item));
}

/** Two responses that mean the same; the order of a record's members says nothing. */
export function sameResponse(one, other) {
  const sorted = (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(one ?? null, sorted) === JSON.stringify(other ?? null, sorted);
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

export function chosenCount(response) {
  return [response?.most, response?.least].filter(isText).length;
}

/** What to send for what stands on the screen; undefined when the server need not hear of it. */
export function toSend(item, before, after) {
  const next = isComplete(item, after) ? after : null;
  return sameResponse(isComplete(item, before) ? before : null, next) ? undefined : next;
}

/** One state per cell, the most telling first: what is doubted is shown as doubted, answered or not. */
export function cellState({ answered, doubted }) {
  if (doubted) return "doubt";
  return answered ? "answered" : "blank";
}

/** Cells by state for the legend (each cell once), and for the review all unanswered, doubted or not. */
export function tally(cells) {
  const count = (test) => cells.filter(test).length;
  return {
    answered: count((cell) => cell.state === "answered"),
    doubt: count((cell) => cell.state === "doubt"),
    blank: count((cell) => cell.state === "blank"),
    unanswered: count((cell) => !cell.answered),
    pending: count((cell) => cell.pending),
    refused: count((cell) => cell.refused),
  };
}

/** Where a key leads in a grid of `count` cells, `columns` in a row; null when the key means nothing here. */
export function gridStep(index, key, count, columns) {
  const target = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    Home: 0,
    End: count - 1,
  }[key];
  if (target === undefined) return null;
  return target < 0 || target >= count ? index : target;
}

/** The option that a letter names: A is the first. Null when there is no such option. */
export function optionByLetter(item, letter) {
  const index = letter.length === 1 ? letter.toUpperCase().charCodeAt(0) - 65 : -1;
  return index >= 0 && index < 8 ? (item.options?.[index]?.id ?? null) : null;
}

export const letterOf = (index) => String.fromCharCode(65 + index);
