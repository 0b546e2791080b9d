// Every screen in every state, in every theme, both languages, on a phone and on a desk, and on a small
// phone with letters of 200 %, as a folder of pictures for a person to look through; axe and a ruler
// look at each. `cargo xtask e2e --all` runs it; or, from the root of a built tree, after `npm ci` in
// tests/e2e:
//
//     node tests/e2e/matrix.mjs          # both languages; or: zh, or: en
//
// It writes target/screens/SCREEN/LANGUAGE-THEME-DEVICE.png, and fails where something shuts people
// out: what axe calls serious, or a screen that is wider than the device. SPOTCHECK_CLI,
// SPOTCHECK_SERVER, SPOTCHECK_WEB, SPOTCHECK_SCREENS and CHROMIUM name others than the usual ones.
import { fileURLToPath } from "node:url";

import { slowCore } from "./harness/slow.js";
import * as desk from "./matrix/desk.js";
import * as doors from "./matrix/doors.js";
import { Looks } from "./matrix/looks.js";
import * as states from "./matrix/states.js";
import * as waiting from "./matrix/waiting.js";
import { languages, SERVER, walk } from "./pictures/walk.js";

const { SPOTCHECK_SCREENS = fileURLToPath(new URL("../../target/screens", import.meta.url)) } = process.env;

/** Where the day of the pictures is left for a while. */
const stops = {
  came: (who) => slowCore(who.context),
  async begun(ada, there) {
    await doors.closed(there);
    await doors.links(there);
    await states.denied(ada);
    await states.beforeWork(ada);
  },
  async worked(ada, { server, scenes }) {
    await states.work(ada, scenes);
    await waiting.inspector(ada, server);
    await states.obstacles(ada, server);
  },
  async looked(lead, { server }) {
    await waiting.lead(lead);
    await desk.look(lead, server);
  },
  // Revokes every device: the last.
  ended: (ada, { data }) => states.trouble(ada, { program: SERVER, data }),
};

const looks = new Looks(SPOTCHECK_SCREENS);
const said = [];
for (const locale of languages()) {
  said.push(...(await walk(locale, "matrix", (page, name) => looks.take(page, name, locale), stops)));
}
for (const it of looks.barriers) console.error(it);
console.log(`${looks.count} pictures in ${SPOTCHECK_SCREENS}, ${looks.barriers.length} with something that shuts people out, ${said.length} complaints of a page`);
process.exitCode = looks.barriers.length + said.length === 0 ? 0 : 1;
