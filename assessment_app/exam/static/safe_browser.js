/** What Safe Exam Browser tells a page of itself: its keys, hashed with the page's address (its JavaScript API). */

const PATIENCE_MS = 3000;

export const isSafeBrowser = (window) => Boolean(window.SafeExamBrowser);

/**
 * The keys as the sign-in call carries them; empty where this is another browser, or one that says nothing in time.
 * Newer versions have them ready when the page is there, older ones want to be asked.
 */
export async function shownKeys(window, patienceMs = PATIENCE_MS) {
  const security = window.SafeExamBrowser?.security;
  if (!security) return undefined;
  if (!security.configKey && typeof security.updateKeys === "function") {
    await new Promise((resolve) => {
      setTimeout(resolve, patienceMs);
      security.updateKeys(resolve);
    });
  }
  return { config_key: security.configKey ?? "", exam_key: security.browserExamKey ?? "" };
}
