// Which seats of a plan somebody looks for, and which call for somebody. Knows no DOM, so Node can test it.

/** Tell whether a seat is meant by words (its number, part of a name, part of a NIP) and stands as asked; null asks nothing. */
export function isMeant({ number, who, nip, state }, words, only) {
  if (only !== null && state !== only) return false;
  const wanted = words.trim().toLowerCase();
  const digits = wanted.replaceAll(/\s/g, "");
  if (/^\d{1,2}$/.test(digits)) return Number(digits) === number;
  if (/^\d+$/.test(digits)) return nip.includes(digits);
  return wanted.split(/\s+/).every((word) => who.toLowerCase().includes(word));
}

/** States that a proctor should hear of although nobody looks at the seat. */
const CALLS = ["calling", "offline", "idle", "locked"];

/** The seats that call for somebody: who asks for it first, then the newest. */
export function calling(seats) {
  const found = seats.filter((seat) => CALLS.includes(seat.state));
  const asks = (seat) => Number(seat.state !== "calling");
  return found.sort((one, other) => asks(one) - asks(other) || one.quiet_ms - other.quiet_ms || one.number - other.number);
}

/** Tell which seats have come to call for somebody, given how each stood before by number; at first none. */
export function newlyCalling(before, seats) {
  return calling(seats).filter((seat) => before.has(seat.number) && before.get(seat.number) !== seat.state);
}
