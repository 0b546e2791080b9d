// The icons of the installed app, drawn from the one SVG by a browser: `npm run icons`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../static/icons/', import.meta.url));
const profile = mkdtempSync(join(tmpdir(), 'spotcheck-icons-'));
for (const size of [192, 512]) {
  execFileSync(process.env.CHROMIUM ?? 'chromium', [
    '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--default-background-color=00000000',
    `--user-data-dir=${profile}`, `--window-size=${size},${size}`, `--screenshot=${folder}icon-${size}.png`, `file://${folder}icon.svg`,
  ], { stdio: 'ignore' });
}
rmSync(profile, { recursive: true, force: true });
