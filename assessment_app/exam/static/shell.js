/** Lets this page be opened again while the network is gone: the service worker is told what the page was made of. */

const WORKER = "/service-worker.js";
const PATIENCE_MS = 20_000;

const loaded = () => new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  else window.addEventListener("load", resolve, { once: true });
});

/** Whether this page can have a worker at all: only where the address is safe. */
export const canKeepShell = () => Boolean(navigator.serviceWorker);

/** Resolves to whether the page is ready to be opened without the network. */
export async function keepShell() {
  if (!canKeepShell()) return false;
  try {
    await loaded();
    const registration = await navigator.serviceWorker.register(WORKER, { updateViaCache: "none" });
    registration.waiting?.postMessage({ act: "take-over" }); // a page that was just opened is not in the middle of a part
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map(({ name }) => name);
    return await ask(active, { act: "keep", page: location.pathname, files });
  } catch (error) {
    console.warn("this page cannot be opened without the network", error);
    return false;
  }
}

const ask = (worker, message) => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data);
  setTimeout(() => resolve(false), PATIENCE_MS);
  worker.postMessage(message, [port2]);
});
