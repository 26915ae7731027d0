/** Numbers as Indonesians write them, and as the protocol carries them: text with a point. No DOM. */

const SPACES = /[\s\u00a0\u2009\u202f]/g;
const SIGN = /^[-\u2212]/;
const GROUPED = /^\d{1,3}(\.\d{3})+$/;
const LOOKS_GROUPED = /^[1-9]\d{0,2}\.\d{3}$/;
const PLAIN = /^\d+$/;
const MOST_WHOLE = 15;
const MOST_BROKEN = 10;

/**
 * Read what was written. `decimal` is what to send, or null with a `problem`: "empty", "ambiguous" (1.250 is
 * a thousand to one and a unit to another), "not-a-number", "too-long".
 */
export function readDecimal(written) {
  const text = written.replace(SPACES, "");
  if (text === "") return { decimal: null, problem: "empty" };
  const sign = SIGN.test(text) ? "-" : "";
  const [whole, broken, ...more] = text.replace(SIGN, "").split(",");
  if (more.length) return { decimal: null, problem: "not-a-number" };
  const parts = broken === undefined ? withoutComma(whole) : withComma(whole, broken);
  if (typeof parts === "string") return { decimal: null, problem: parts };
  if (parts.whole.length > MOST_WHOLE || parts.broken.length > MOST_BROKEN) return { decimal: null, problem: "too-long" };
  return { decimal: `${sign}${parts.whole}${parts.broken && "."}${parts.broken}`, problem: null };
}

/** Behind a comma stands the broken part; points before it can only be those of thousands. */
function withComma(whole, broken) {
  const isWhole = PLAIN.test(whole) || GROUPED.test(whole);
  return isWhole && PLAIN.test(broken) ? { whole: whole.replaceAll(".", ""), broken } : "not-a-number";
}

/** Two points or more are those of thousands; one is that of a decimal, unless both readings are possible. */
function withoutComma(text) {
  if (PLAIN.test(text)) return { whole: text, broken: "" };
  if (LOOKS_GROUPED.test(text)) return "ambiguous";
  const [whole, broken, ...more] = text.split(".");
  if (more.length) return GROUPED.test(text) ? { whole: text.replaceAll(".", ""), broken: "" } : "not-a-number";
  return PLAIN.test(whole) && PLAIN.test(broken) ? { whole, broken } : "not-a-number";
}

/** Show a decimal with its thousands apart, so that who wrote 1,250 sees 1,25. */
export function showDecimal(decimal, language = "id") {
  const [thousand, comma] = language === "id" ? [".", ","] : [",", "."];
  const sign = decimal.startsWith("-") ? "\u2212" : "";
  const [whole, broken = ""] = decimal.replace("-", "").split(".");
  const grouped = whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, thousand);
  const rest = broken.replace(/0+$/, "");
  return `${sign}${grouped}${rest && comma}${rest}`;
}

/** The two readings of what is ambiguous, each written so that it can be read in one way only. */
export function readingsOf(written) {
  const text = written.replace(SPACES, "").replace(SIGN, "-");
  return { thousand: text.replace(".", ""), unit: text.replace(".", ",") };
}

/** What a field shows for a decimal of the protocol. */
export const writtenDecimal = (decimal) => decimal.replace(".", ",");

/** Whether a cell of a table is a figure and stands at the right: 1.250,5 or Rp 3 juta or 12% or - or (4). */
export function looksNumeric(cell) {
  const figure = /^\(?(Rp\.?\s?)?[-+\u2212]?\d[\d.,\s]*(%| ?(ribu|juta|miliar|triliun))?\)?$/i;
  return figure.test(cell.trim()) || /^[-\u2013\u2212]$/.test(cell.trim());
}
