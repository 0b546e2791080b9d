/// <reference types="@sveltejs/kit" />
// The app without its server: everything it is made of is kept at the first visit. What is hashed
// never changes; the page itself is asked for anew when there is a network, so that a new version
// comes with the next start. Calls of the API are never touched.
import { build, files, version } from '$service-worker';

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `spotcheck-${version}`;
const kept = [...build, ...files, '/'];

worker.addEventListener('install', (event) => {
  const fill = caches.open(CACHE).then((cache) => cache.addAll(kept));
  event.waitUntil(fill.then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  const tidy = caches.keys().then((names) => Promise.all(names.filter((it) => it !== CACHE).map((it) => caches.delete(it))));
  event.waitUntil(tidy.then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (kept.includes(url.pathname)) event.respondWith(asset(request));
});

async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

/** A server that answers late is as good as none: the app that is here starts at once. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match('/')) ?? fetch(request);
}
