/** How a NIP of 18 digits is written: birth date, appointment, sex, number. */

const GROUPS = [8, 6, 1, 3];
export const NIP_DIGITS = 18;

export const digitsOf = (text) => text.replace(/\D/g, "").slice(0, NIP_DIGITS);

/** 19850312 201001 2 014, or as far as the digits go. */
export function groupNip(text) {
  const digits = digitsOf(text);
  const parts = [];
  let from = 0;
  for (const size of GROUPS) {
    if (from < digits.length) parts.push(digits.slice(from, from + size));
    from += size;
  }
  return parts.join(" ");
}

/** Where the caret belongs in the grouped text when it stood behind `caret` characters of the typed one. */
export function caretAfterGrouping(typed, caret) {
  let digits = digitsOf(typed.slice(0, caret)).length;
  const grouped = groupNip(typed);
  let at = 0;
  while (digits > 0 && at < grouped.length) {
    if (grouped[at] !== " ") digits -= 1;
    at += 1;
  }
  return at;
}
