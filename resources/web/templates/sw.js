/** The offline shell: the page itself is there without a network; music, pictures and answers come from the server alone. */

const VERSION = {{ version }};
const FILES = {{ files }};
const SHELL = "./";

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clear().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname.slice(new URL(self.registration.scope).pathname.length);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === "") event.respondWith(page(request));
  else if (FILES.includes(path)) event.respondWith(file(request));
});

async function fill() {
  const kept = await caches.open(VERSION);
  await kept.addAll(FILES);
}

async function clear() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("segue-") && name !== VERSION).map((name) => caches.delete(name)));
}

/** The page as the server has it, and as it was where that does not answer. */
async function page(request) {
  const kept = await caches.open(VERSION);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await kept.put(SHELL, answer.clone());
    return answer;
  } catch (error) {
    const before = await kept.match(SHELL);
    if (before) return before;
    throw error;
  }
}

async function file(request) {
  const kept = await caches.open(VERSION);
  return (await kept.match(request)) ?? fetch(request);
}
