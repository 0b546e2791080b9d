// A strict content security policy allows no script inside a page. SvelteKit starts itself with
// one, so it is moved to a file of its own, named by what is in it.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const INLINE = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

export function scriptsOutside(adapter, out) {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      const page = join(out, 'index.html');
      const html = readFileSync(page, 'utf8');
      const moved = html.replace(INLINE, (_, script) => {
        const hash = createHash('sha256').update(script).digest('hex').slice(0, 8);
        const name = `_app/immutable/start.${hash}.js`;
        writeFileSync(join(out, name), script);
        return `<script src="/${name}"></script>`;
      });
      if (/\son\w+=|\sstyle=/.test(moved)) {
        throw new Error('index.html holds an inline handler or style, which the policy refuses');
      }
      writeFileSync(page, moved);
      // Packed before the move, and small: it goes out as it is.
      for (const packed of ['.br', '.gz']) rmSync(page + packed, { force: true });
    },
  };
}
