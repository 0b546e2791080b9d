/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />
// Keeps the app itself for the time without a server. Records are not its business: it touches no
// request to `/api`, and nothing but what was built.
import { version } from '$service-worker';

const self = globalThis.self as unknown as ServiceWorkerGlobalScope;
const NAME = `spotcheck-${version}`;

/** The one page that answers every path. */
const PAGE = '/';

/** Every file of the app; `scripts/finish.js` fills it in. */
const assets = new Set('__EVERY_FILE__'.split(' '));

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

/** All or nothing: a version that is here by halves would start once, and then not. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(NAME);
  // Past the browser's own cache: the page and its parts must be of one version.
  const page = await fetch(PAGE, { cache: 'reload' });
  if (!page.ok) throw new Error(`the page answered ${page.status}`);
  await cache.addAll([...assets].map((it) => new Request(it, { cache: 'reload' })));
  await cache.put(PAGE, page);
}

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder());
});

/** A tab of the older version may still ask for its parts; they go when no other tab is open. */
async function forgetOlder(): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length > 1) return;
  const older = (await caches.keys()).filter((it) => it.startsWith('spotcheck-') && it !== NAME);
  await Promise.all(older.map((it) => caches.delete(it)));
}

self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname === '/api' || url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(kept(PAGE, event));
  else if (assets.has(url.pathname) || url.pathname.startsWith('/_app/immutable/')) {
    event.respondWith(kept(url.pathname, event));
  }
});

/** What is kept, else what the network has: parts that few people need are kept from then on. */
async function kept(path: string, event: FetchEvent): Promise<Response> {
  const cache = await caches.open(NAME);
  const known = (await cache.match(path)) ?? (await caches.match(path));
  if (known) return known;
  const fresh = await fetch(event.request);
  if (fresh.ok && path.startsWith('/_app/immutable/')) {
    // Where there is no room for it, it is still an answer.
    event.waitUntil(cache.put(path, fresh.clone()).catch(() => {}));
  }
  return fresh;
}
