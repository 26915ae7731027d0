/** What a response is, item by item, and what the question grid says about it. No DOM, no clock. */

const DECIMAL = /^-?[0-9]{1,15}(\.[0-9]{1,10})?$/;

const isText = (value) => typeof value === "string" && value !== "";
const isFilledList = (value) => Array.isArray(value) && value.length > 0 && value.every(isText);
const isListUpTo = (most, value) => isFilledList(value) && value.length <= most;
const isEachOnce = (value) => new Set(value).size === value.length;

/** When a response of each kind is complete: only then is it an answer that can be sent. */
const COMPLETE = {
  choice: (response) => isText(response),
  choices: (response, item) => isListUpTo(item.at_most, response) && isEachOnce(response),
  order: (response, item) =>
    isFilledList(response) && isEachOnce(response) && response.length === item.options.length,
  most_least: (response) => isText(response.most) && isText(response.least) && response.most !== response.least,
  rating: (response, item) => Number.isInteger(response) && response >= item.low && response <= item.high,
  number: (response) => isText(response) && DECIMAL.test(response),
  text: (response, item) => isText(response) && response.length <= item.max_length,
  hotspot: (response, item) => isListUpTo(item.at_most, response) && isEachOnce(response),
  simulation: (response, item) => isListUpTo(item.at_most, response), // a step may be taken again
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

/** What to send for what stands on the screen; undefined when the server need not hear of it. */
export function toSend(item, before, after) {
  const next = isComplete(item, after) ? after : null;
  return sameResponse(isComplete(item, before) ? before : null, next) ? undefined : next;
}

/** How a cell is shown. A doubt is shown before all else, and whether anything is answered yet stays to be seen. */
export function cellState({ answered, doubted }) {
  if (doubted) return answered ? "doubt" : "doubt-blank";
  return answered ? "answered" : "blank";
}

/** How many there are of each, the same beside the item and before the end: what is doubted may be answered or not. */
export function tally(cells) {
  const count = (test) => cells.filter(test).length;
  return {
    answered: count((cell) => cell.answered),
    doubted: count((cell) => cell.doubted),
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
