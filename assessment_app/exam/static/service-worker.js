/**
 * Opens the participants' pages while the network or the server is gone. For each page one set is kept: the page as the
 * server gives it and the files that it was made of, as the page itself tells; never an answer of the API. A set is named
 * by the hash of all that is in it. The network comes first, so a new version is there with the next opening of a page;
 * a page that was opened from a set takes all of its files from there.
 */

const PREFIX = "proasn-shell";
const PAGES = ["/", "/sitting"];
const PATIENCE_MS = 4000; // a network that swallows everything is gone as well
const MOST_REMEMBERED = 50;
const withoutNetwork = new Set(); // clients whose page came from a set

const isOfAShell = ({ origin, pathname }) => origin === self.location.origin && !pathname.startsWith("/api/");

/** The set of a page that was completed last, or null: the page itself is put into its set last. */
async function setOf(page) {
  const names = (await caches.keys()).filter((name) => name.startsWith(`${PREFIX} ${page} `));
  for (const name of names.reverse()) {
    const cache = await caches.open(name);
    if (await cache.match(page)) return { name, cache };
  }
  return null;
}

async function fetched(url, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) throw new Error(`${url} is answered with ${response.status}`);
  return [url, response];
}

async function hashOf(parts) {
  const bodies = parts.map(async ([url, response]) => [url, await response.clone().text()]);
  const text = JSON.stringify((await Promise.all(bodies)).sort());
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The files were loaded a moment ago: what the browser holds of them is what the page is made of. */
async function keep(page, files) {
  const urls = [...new Set(files)].filter((url) => isOfAShell(new URL(url)));
  const whole = await fetched(page, "no-store");
  const parts = await Promise.all(urls.map((url) => fetched(url, "force-cache")));
  const name = `${PREFIX} ${page} ${await hashOf([whole, ...parts])}`;
  if ((await setOf(page))?.name === name) return;
  const cache = await caches.open(name);
  for (const [url, response] of [...parts, whole]) await cache.put(url, response);
  const older = (await caches.keys()).filter((other) => other.startsWith(`${PREFIX} ${page} `) && other !== name);
  await Promise.all(older.map((other) => caches.delete(other)));
}

async function pageOf({ request, clientId }, { pathname }) {
  if (request.mode === "navigate") return pathname;
  const client = await self.clients.get(clientId);
  return client ? new URL(client.url).pathname : "";
}

function inTime(answer) {
  const tooLate = new Promise((_, reject) => setTimeout(() => reject(new Error("too late")), PATIENCE_MS));
  return Promise.race([answer, tooLate]);
}

async function answer(event, url) {
  const isPage = event.request.mode === "navigate";
  const page = await pageOf(event, url);
  const kept = await (await setOf(page))?.cache.match(isPage ? page : event.request, { ignoreVary: true });
  if (!kept) return fetch(event.request);
  if (!isPage && withoutNetwork.has(event.clientId)) return kept;
  try {
    const response = await inTime(fetch(event.request));
    if (response.status < 500) return response;
  } catch (error) {
    console.warn(`${url.pathname} comes from this computer`, error);
  }
  if (withoutNetwork.size === MOST_REMEMBERED) withoutNetwork.clear();
  withoutNetwork.add(event.resultingClientId || event.clientId);
  return kept;
}

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { act, page, files } = event.data;
  if (act === "take-over") self.skipWaiting();
  if (act !== "keep" || !PAGES.includes(page)) return;
  const kept = keep(page, files).then(() => true, async (error) => {
    console.warn(`the set of ${page} stays as it is`, error);
    return (await setOf(page)) !== null;
  });
  event.waitUntil(kept.then((isKept) => event.ports[0].postMessage(isKept)));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOtherPage = event.request.mode === "navigate" && !PAGES.includes(url.pathname);
  if (event.request.method === "GET" && isOfAShell(url) && !isOtherPage) event.respondWith(answer(event, url));
});
