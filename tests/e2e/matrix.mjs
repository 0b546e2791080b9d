// Every screen in every state, in every theme, both languages, on a phone and on a desk, as a folder
// of pictures for a person to look through; axe and a ruler look at each. From the root of a built
// tree, after `npm ci` in tests/e2e:
//
//     node tests/e2e/matrix.mjs          # both languages; or: zh, or: en
//
// It writes target/matrix/SCREEN/LANGUAGE-THEME-DEVICE.png, and fails where something shuts people
// out: what axe calls serious, or a screen that is wider than the device. SPOTCHECK_CLI,
// SPOTCHECK_SERVER, SPOTCHECK_WEB, SPOTCHECK_MATRIX and CHROMIUM name others than the usual ones.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { person } from "./harness/person.js";
import { Server } from "./harness/server.js";
import { Looks } from "./matrix/looks.js";
import * as states from "./matrix/states.js";
import { recordDay } from "./pictures/day.js";
import * as inspector from "./pictures/inspector.js";
import * as lead from "./pictures/lead.js";
import { photos } from "./pictures/scenes.js";

const at = (path) => fileURLToPath(new URL(`../../target/${path}`, import.meta.url));
const {
  SPOTCHECK_CLI = at("debug/spotcheck"),
  SPOTCHECK_SERVER = at("debug/spotcheck-server"),
  SPOTCHECK_WEB = at("web"),
  SPOTCHECK_MATRIX = at("matrix"),
  CHROMIUM = "/usr/bin/chromium",
} = process.env;

async function walk(locale, looks) {
  const say = (zh, en) => (locale === "zh" ? zh : en);
  const home = await mkdtemp(join(tmpdir(), "spotcheck-matrix-"));
  const data = join(home, "server");
  const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data }).start();
  const people = [];
  const come = async (options) => {
    const who = await person({ program: CHROMIUM, locale, ...options });
    people.push(who);
    who.page.setDefaultTimeout(15_000);
    who.say = say;
    who.take = (name, page = who.page) => looks.take(page, name, locale);
    return who;
  };
  // A link opens one device, and each start of the server gives fresh ones.
  const links = async () => {
    await server.stop();
    await server.start();
  };
  try {
    const ada = await come();
    await inspector.prepare(ada.context);
    const scenes = await photos(ada.browser, say);
    const team = await recordDay({ program: SPOTCHECK_CLI, server, home, say, photos: scenes });
    await links();
    await inspector.enrol(ada, server);
    await states.beforeWork(ada);
    await inspector.market(ada, server, scenes, say);
    await inspector.coldStore(ada, say);
    await inspector.finish(ada, server, say);
    await states.work(ada, scenes);

    const desk = await come({ desktop: true });
    await lead.enrol(desk, server);
    await lead.look(desk, team);
    await lead.decide(desk, team);
    await team.late(4);
    await links();
    const phone = await come();
    await lead.enrol(phone, server);
    await lead.sign(phone, team);
    // Revokes every device: the last.
    await states.trouble(ada, { program: SPOTCHECK_SERVER, data });
    for (const { complaints } of people) complaints.forEach((it) => console.error(`  [page] ${it}`));
  } catch (error) {
    for (const [number, { page }] of people.entries()) await page.screenshot({ path: join(tmpdir(), `matrix-broken-${locale}-${number}.png`) }).catch(() => {});
    throw error;
  } finally {
    for (const { browser } of people) await browser.close();
    await server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  }
}

const asked = process.argv.slice(2);
const looks = new Looks(SPOTCHECK_MATRIX);
for (const locale of asked.length > 0 ? asked : ["zh", "en"]) await walk(locale, looks);
for (const it of looks.barriers) console.error(it);
console.log(`${looks.count} pictures in ${SPOTCHECK_MATRIX}, ${looks.barriers.length} with something that shuts people out`);
process.exitCode = looks.barriers.length === 0 ? 0 : 1;
