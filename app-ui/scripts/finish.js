// What SvelteKit leaves undone. A strict content security policy allows no script inside a page, so
// the one that starts the app becomes a file, named by what is in it. And the service worker gets
// the list of every file: SvelteKit's own list knows neither the core's worker nor its module.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const INLINE = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** Stands in `src/service-worker.ts` for the list. */
const PLACE = '__EVERY_FILE__';

/** Not for a device: the page has a path of its own, and the rest must come fresh. */
const NOT_KEPT = new Set(['/index.html', '/service-worker.js', '/_app/version.json']);

/** For the few who publish a checklist: kept once it was asked for. */
const LATER = /\/(forms-worker|spotcheck_wasm_forms)/;

/** The adapter, and what has to be done to its output. */
export function finished(adapter, out) {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      scriptsOutside(out);
      listFiles(out);
      // Packed before they were finished, and small: these two go out as they are.
      for (const name of ['index.html', 'service-worker.js']) {
        for (const packed of ['.br', '.gz']) rmSync(join(out, name + packed), { force: true });
      }
    },
  };
}

function scriptsOutside(out) {
  const page = join(out, 'index.html');
  const moved = readFileSync(page, 'utf8').replace(INLINE, (_, script) => {
    const name = `_app/immutable/start.${hash([script])}.js`;
    writeFileSync(join(out, name), script);
    return `<script src="/${name}"></script>`;
  });
  if (/\son\w+=|\sstyle=/.test(moved)) {
    throw new Error('index.html holds an inline handler or style, which the policy refuses');
  }
  writeFileSync(page, moved);
}

function listFiles(out) {
  const files = filesOf(out).map((it) => `/${relative(out, it).split(sep).join('/')}`);
  const worker = join(out, 'service-worker.js');
  const source = readFileSync(worker, 'utf8');
  if (!source.includes(PLACE)) throw new Error('the service worker has no place for the list of files');
  const list = files.filter((it) => !NOT_KEPT.has(it) && !LATER.test(it) && !/\.(br|gz)$/.test(it)).join(' ');
  writeFileSync(worker, source.replace(PLACE, list));
}

/** The version of what is built: the same sources give the same name, on every machine. */
export function versionOf(root, sources) {
  const files = sources.flatMap((it) => filesOf(join(root, it)));
  return hash(files.flatMap((it) => [relative(root, it), readFileSync(it)]));
}

function filesOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const names = readdirSync(path).filter((it) => it !== 'paraglide').sort();
  return names.flatMap((it) => filesOf(join(path, it)));
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex').slice(0, 12);
}
