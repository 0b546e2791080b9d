import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { announcerWithoutStyle } from './scripts/announcer.js';
import { plainIcons } from './scripts/plain-icons.js';
import { wasmCore } from './scripts/wasm-core.js';

// The floor of Svelte 5, and of the oldest WebView that phones without a store still carry.
const oldest = ['chrome87', 'safari14'];

export default defineConfig({
  plugins: [
    wasmCore(),
    announcerWithoutStyle(),
    plainIcons(),
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      strategy: ['baseLocale'],
      emitGitIgnore: false,
    }),
    sveltekit(),
  ],
  environments: { client: { build: { target: oldest, cssTarget: oldest } } },
  worker: { format: 'es', plugins: () => [wasmCore()] },
  server: { fs: { allow: ['../target/wasm'] }, proxy: { '/api': 'http://127.0.0.1:8080' } },
});
