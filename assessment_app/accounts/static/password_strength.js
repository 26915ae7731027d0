// How strong a password is, in words, while it is typed. The server decides; this only saves a round trip.

const LEAST = 12;
const FEW = 6;

/** Name the strength: short, guessable, fair, good or strong. Length counts most, patterns spoil it. */
export function strengthOf(password, signInName) {
  if ([...password].length < LEAST) return "short";
  const guessable = password.toLowerCase().includes(signInName.toLowerCase()) || new Set(password).size < FEW;
  if (guessable) return "guessable";
  if ([...password].length >= 20) return "strong";
  return [...password].length >= 16 ? "good" : "fair";
}

const meter = globalThis.document?.querySelector("[data-strength]");
if (meter) {
  const field = document.querySelector("#password");
  field.addEventListener("input", () => {
    const name = strengthOf(field.value, meter.dataset.signInName);
    meter.textContent = field.value ? meter.dataset[name] : "";
  });
}
