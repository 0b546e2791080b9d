import { fileURLToPath } from 'node:url';
import adapter from '@sveltejs/adapter-static';
import { finished, versionOf } from './scripts/finish.js';

// Nothing is built into the source tree; the server and the Tauri host read it from here.
const out = '../target/web';

const root = fileURLToPath(new URL('.', import.meta.url));
const sources = ['src', 'messages', 'static', 'package-lock.json', '../target/wasm/core', '../target/wasm/forms'];

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: finished(adapter({ pages: out, assets: out, fallback: 'index.html', precompress: true }), out),
    // One page answers every path, so its own paths start at the root, in both hosts.
    paths: { relative: false },
    // The layout registers the service worker itself: never inside the Tauri window.
    serviceWorker: { register: false },
    version: { name: versionOf(root, sources) },
  },
};
