// `$wasm/…` is the core, and `$forms/…` the reader of workbooks, as `cargo xtask browser` built them. When one is missing, the build says so
// in words, not with a stack of resolver messages.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (name) => fileURLToPath(new URL(`../../target/wasm/${name}/`, import.meta.url));
const FOLDERS = { $wasm: at('core'), $forms: at('forms') };

// For a look at the screens alone: every call fails. Never set where something is shipped.
const withoutCore = process.env.SPOTCHECK_WITHOUT_CORE === '1';

const stub = `
  export default async function init() {}
  export class BrowserDevice { static async open() { return new BrowserDevice(); } }
  export const read = () => '';
`;

export function wasmCore() {
  return {
    name: 'spotcheck-wasm-core',
    enforce: 'pre',
    resolveId(id) {
      const [place, ...rest] = id.split('/');
      const folder = FOLDERS[place];
      if (folder === undefined) return null;
      if (withoutCore) return `\0${id}`;
      const path = folder + rest.join('/');
      if (existsSync(path.split('?')[0])) return path;
      this.error(`${path} is missing: run \`cargo xtask browser\` first. It builds the core for browsers.`);
    },
    load(id) {
      if (!/^\0\$(wasm|forms)\//.test(id)) return null;
      return id.endsWith('.js') ? stub : 'export default "/no-core.wasm"';
    },
  };
}
