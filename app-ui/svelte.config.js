import adapter from '@sveltejs/adapter-static';
import { scriptsOutside } from './scripts/scripts-outside.js';

// Nothing is built into the source tree; the server and the Tauri host read it from here.
const out = '../target/web';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: scriptsOutside(adapter({ pages: out, assets: out, fallback: 'index.html', precompress: true }), out),
    // One page answers every path, so its own paths start at the root, in both hosts.
    paths: { relative: false },
    // The layout registers the service worker itself: never inside the Tauri window.
    serviceWorker: { register: false },
  },
};
