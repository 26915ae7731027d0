// Glue for pages of office and vault. Everything here also works without it, only with one more page load.

const YEAR = 365 * 24 * 3600;

/** Change the theme at once, and tell the server by cookie for the next page. */
function switchTheme(event) {
  event.preventDefault();
  const chosen = event.currentTarget.value;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${chosen}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  document.documentElement.dataset.theme = chosen;
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.value = chosen === "kontras" ? "terang" : "kontras";
    button.setAttribute("aria-pressed", String(chosen === "kontras"));
  }
}

/** Close what is open over the page: the account menu, the side navigation of narrow screens. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

/** Show what was typed into a password field, or hide it again. */
function reveal(button, isShown) {
  document.getElementById(button.dataset.reveal).type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", String(isShown));
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  button.hidden = false;
  button.addEventListener("click", () => reveal(button, button.getAttribute("aria-pressed") === "false"));
  button.form?.addEventListener("submit", () => reveal(button, false)); // no browser keeps it as ordinary text
}
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.addEventListener("click", switchTheme);
}
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const opener = document.activeElement?.closest("details.menu")?.querySelector("summary");
  closeMenus(null);
  opener?.focus();
  if (location.hash === "#menu-utama") location.hash = "#isi";
});
