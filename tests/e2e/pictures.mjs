// The pictures of docs/guide, taken anew from the app as it is. From the root of a built tree
// (`cargo build --workspace`, and `npm run build` in app-ui), after `npm ci` in tests/e2e:
//
//     node tests/e2e/pictures.mjs          # both languages; or: zh, or: en
//
// It starts the demo server on a folder that passes, lets two inspectors and a lead work, and writes
// docs/guide/pictures/{zh,en}/NAME.png, each with at most 256 colours. Look at each before you
// commit it. SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB and CHROMIUM name others than the built ones.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { person } from "./harness/person.js";
import { Server } from "./harness/server.js";
import { recordDay } from "./pictures/day.js";
import * as inspector from "./pictures/inspector.js";
import * as lead from "./pictures/lead.js";
import { paletted } from "./pictures/palette.js";
import { photos } from "./pictures/scenes.js";

// People work by day, whenever this runs: every clock here is in a zone where it is about ten.
const east = 10 - new Date().getUTCHours();
const zone = east < -11 ? east + 24 : east;
process.env.TZ = `Etc/GMT${zone < 0 ? "+" : "-"}${Math.abs(zone)}`;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = "../../target/";
const {
  SPOTCHECK_CLI = at(`${built}debug/spotcheck`),
  SPOTCHECK_SERVER = at(`${built}debug/spotcheck-server`),
  SPOTCHECK_WEB = at(`${built}web`),
  CHROMIUM = "/usr/bin/chromium",
} = process.env;

async function someone(locale, say, options = {}) {
  const who = await person({ program: CHROMIUM, locale, ...options });
  const folder = at(`../../docs/guide/pictures/${locale}`);
  who.page.setDefaultTimeout(15_000);
  who.say = say;
  who.take = async (name) => {
    // Nothing half faded in, and no caret in a box.
    await who.page.waitForTimeout(250);
    const png = paletted(await who.page.screenshot({ animations: "disabled", caret: "hide" }));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.png`), png);
    console.log(`${locale}/${name}.png ${Math.round(png.length / 1024)} KB`);
  };
  return who;
}

async function take(locale) {
  const say = (zh, en) => (locale === "zh" ? zh : en);
  const home = await mkdtemp(join(tmpdir(), "spotcheck-pictures-"));
  const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  const people = [];
  const come = async (options) => people[people.push(await someone(locale, say, options)) - 1];
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
    await inspector.market(ada, server, scenes, say);
    await inspector.coldStore(ada, say);
    await inspector.finish(ada, server, say);

    const desk = await come({ desktop: true });
    await lead.enrol(desk, server);
    await lead.look(desk, team);
    await lead.decide(desk, team);
    await team.late(4);
    await links();
    const phone = await come();
    await lead.enrol(phone, server);
    await lead.sign(phone, team);
    for (const { complaints } of people) complaints.forEach((it) => console.error(`  [page] ${it}`));
  } catch (error) {
    for (const [number, { page }] of people.entries()) await page.screenshot({ path: join(tmpdir(), `pictures-broken-${locale}-${number}.png`) }).catch(() => {});
    throw error;
  } finally {
    for (const { browser } of people) await browser.close();
    await server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  }
}

const asked = process.argv.slice(2);
for (const locale of asked.length > 0 ? asked : ["zh", "en"]) await take(locale);
