// `$wasm/…` is the core as `cargo xtask browser` built it. When it is missing, the build says so
// in words, not with a stack of resolver messages.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../target/wasm/core/', import.meta.url));

// For a look at the screens alone: every call fails. Never set where something is shipped.
const withoutCore = process.env.SPOTCHECK_WITHOUT_CORE === '1';

const stub = `
  export default async function init() {}
  export class BrowserDevice { static async open() { return new BrowserDevice(); } }
`;

export function wasmCore() {
  return {
    name: 'spotcheck-wasm-core',
    enforce: 'pre',
    resolveId(id) {
      if (!id.startsWith('$wasm/')) return null;
      if (withoutCore) return `\0${id}`;
      const path = folder + id.slice('$wasm/'.length);
      if (existsSync(path.split('?')[0])) return path;
      this.error(`${path} is missing: run \`cargo xtask browser\` first. It builds the core for browsers.`);
    },
    load(id) {
      if (!id.startsWith('\0$wasm/')) return null;
      return id.endsWith('.js') ? stub : 'export default "/no-core.wasm"';
    },
  };
}
