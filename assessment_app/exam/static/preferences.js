/** Text size, contrast and letter keys: kept on this computer, at work before the first paint. */

const SIZE = "proasn.size";
const THEME = "proasn.theme";
const LETTERS = "proasn.letters";
const PRESET = "proasn.size-preset"; // whose size was preset here: a computer of a lab is everybody's

const LARGE = "l";
const presetHere = new Set();

const SIZES = ["s", "m", "l"];
const THEMES = ["terang", "kontras"];

function read(storage, name, allowed, otherwise) {
  try {
    const value = storage.getItem(name);
    return allowed.includes(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

function write(storage, name, value) {
  try {
    storage.setItem(name, value);
  } catch {
    // Forbidden storage: the choice then lasts as long as the page.
  }
}

export const chosenSize = (storage) => read(storage, SIZE, SIZES, "m");
export const chosenTheme = (storage) => read(storage, THEME, THEMES, "terang");
export const usesLetterKeys = (storage = localStorage) => read(storage, LETTERS, ["on", "off"], "on") === "on";

/** Larger text for whoever was granted it: once for each sitting, so that another choice of theirs stays. */
export function presetLargeText(sitting, storage = localStorage) {
  if (presetHere.has(sitting) || read(storage, PRESET, [sitting], "") === sitting) return;
  presetHere.add(sitting); // where storage is forbidden the page remembers for as long as it is there
  write(storage, PRESET, sitting);
  write(storage, SIZE, LARGE);
  document.documentElement.dataset.fs = LARGE;
  markPreferences();
}

/** Let every button say what is chosen; called anew when a screen brought buttons of its own. */
export function markPreferences(root = document) {
  const { fs, theme } = document.documentElement.dataset;
  for (const button of root.querySelectorAll("[data-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.size === fs));
  }
  for (const button of root.querySelectorAll("[data-contrast]")) {
    button.setAttribute("aria-pressed", String(theme === "kontras"));
  }
  for (const box of root.querySelectorAll("[data-letters]")) box.checked = usesLetterKeys();
}

function onClick(event) {
  const size = event.target.closest("[data-size]");
  const contrast = event.target.closest("[data-contrast]");
  const look = document.documentElement.dataset;
  if (size) {
    look.fs = size.dataset.size;
    write(localStorage, SIZE, look.fs);
  }
  if (contrast) {
    look.theme = look.theme === "kontras" ? "terang" : "kontras";
    write(localStorage, THEME, look.theme);
  }
  if (size || contrast) markPreferences();
}

function onChange(event) {
  if (event.target.matches("[data-letters]")) write(localStorage, LETTERS, event.target.checked ? "on" : "off");
}

function apply() {
  document.documentElement.dataset.fs = chosenSize(localStorage);
  document.documentElement.dataset.theme = chosenTheme(localStorage);
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => markPreferences());
  else markPreferences();
}

if (globalThis.document) apply();
