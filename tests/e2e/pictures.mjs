// The pictures of docs/guide, taken anew from the app as it is. From the root of a built tree
// (`cargo build --workspace`, and `npm run build` in app-ui), after `npm ci` in tests/e2e:
//
//     node tests/e2e/pictures.mjs          # both languages; or: zh, or: en
//
// It starts the demo server on a folder that passes, lets two inspectors and a lead work, and writes
// docs/guide/pictures/{zh,en}/NAME.png, each with at most 256 colours. Look at each before you
// commit it. SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB and CHROMIUM name others than the built ones.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { paletted } from "./pictures/palette.js";
import { languages, walk } from "./pictures/walk.js";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const locale of languages()) {
  const folder = at(`../../docs/guide/pictures/${locale}`);
  await walk(locale, "pictures", async (page, name) => {
    // Nothing half faded in, and no caret in a box.
    await page.waitForTimeout(250);
    const png = paletted(await page.screenshot({ animations: "disabled", caret: "hide" }));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.png`), png);
    console.log(`${locale}/${name}.png ${Math.round(png.length / 1024)} KB`);
  });
}
