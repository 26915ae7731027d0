// Where a key leads in a square of three by three, numbered row by row from 0. Knows no page.

const SIDE = 3;

const KEYS = {
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowRight: (row, column) => [row, column + 1],
  ArrowUp: (row, column) => [row - 1, column],
  ArrowDown: (row, column) => [row + 1, column],
  Home: (row) => [row, 0],
  End: (row) => [row, SIDE - 1],
};

const inside = (at) => Math.min(Math.max(at, 0), SIDE - 1);

/** Tell the place that a key leads to, the same one at an edge; null for a key that is not ours. */
export function step(from, key) {
  if (!Object.hasOwn(KEYS, key)) return null;
  const [row, column] = KEYS[key](Math.floor(from / SIDE), from % SIDE);
  return inside(row) * SIDE + inside(column);
}
