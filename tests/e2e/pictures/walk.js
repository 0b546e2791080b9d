// One working day as pictures are taken of it: the demo server on a folder that passes, two inspectors
// by the command line, one in a browser, a lead on a desk and then on a phone. Nobody but this file
// says who comes when.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { person } from "../harness/person.js";
import { Server } from "../harness/server.js";
import { recordDay } from "./day.js";
import * as inspector from "./inspector.js";
import * as lead from "./lead.js";
import { photos } from "./scenes.js";

// People work by day, whenever this runs: every clock here is in a zone where it is about ten.
const east = 10 - new Date().getUTCHours();
const zone = east < -11 ? east + 24 : east;
process.env.TZ = `Etc/GMT${zone < 0 ? "+" : "-"}${Math.abs(zone)}`;

const at = (path) => fileURLToPath(new URL(`../../../target/${path}`, import.meta.url));
const {
  SPOTCHECK_CLI = at("debug/spotcheck"),
  SPOTCHECK_SERVER = at("debug/spotcheck-server"),
  SPOTCHECK_WEB = at("web"),
  CHROMIUM = "/usr/bin/chromium",
} = process.env;

/** The browser's own reports of an answer that is no success, and of a page without TLS: the screens have words for both. */
const REPORTED = /Failed to load resource|origin was untrustworthy/;

/** Where to find what is built; the environment names others than the usual ones. */
export const SERVER = SPOTCHECK_SERVER;

/**
 * Walks through the day in one language. `take(page, name)` takes a picture; `more` may stop by: `begun`
 * and `worked` with the inspector, `looked` and `signed` with the lead, `ended` last of all. Gives what
 * the pages complained of.
 */
export async function walk(locale, name, take, more = {}) {
  const say = (zh, en) => (locale === "zh" ? zh : en);
  const home = await mkdtemp(join(tmpdir(), `spotcheck-${name}-`));
  const data = join(home, "server");
  const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data }).start();
  const people = [];
  const come = async (options) => {
    const who = await person({ program: CHROMIUM, locale, ...options });
    people.push(who);
    who.page.setDefaultTimeout(15_000);
    who.say = say;
    who.take = (picture, page = who.page) => take(page, picture);
    return who;
  };
  // A link opens one device, and each start of the server gives fresh ones.
  const links = async () => {
    await server.stop();
    await server.start();
  };
  const stop = (point, ...rest) => more[point]?.(...rest);
  try {
    const ada = await come();
    const scenes = await photos(ada.browser, say);
    const there = { server, data, scenes, come };
    await inspector.prepare(ada.context);
    await stop("came", ada, there);
    const team = await recordDay({ program: SPOTCHECK_CLI, server, home, say, photos: scenes });
    await links();
    await inspector.enrol(ada, server);
    await stop("begun", ada, there);
    await inspector.market(ada, server, scenes, say);
    await inspector.coldStore(ada, say);
    await inspector.finish(ada, server, say);
    await stop("worked", ada, there);

    const desk = await come({ desktop: true });
    await stop("came", desk, there);
    await lead.enrol(desk, server);
    await lead.look(desk, team);
    await stop("looked", desk, there);
    await lead.decide(desk, team);
    await team.late(4);
    await links();
    const phone = await come();
    await lead.enrol(phone, server);
    await lead.sign(phone, team);
    await stop("signed", phone, there);
    await stop("ended", ada, there);
  } catch (error) {
    for (const [number, { page }] of people.entries()) await page.screenshot({ path: join(tmpdir(), `${name}-broken-${locale}-${number}.png`) }).catch(() => {});
    throw error;
  } finally {
    for (const one of people) await one.close();
    await server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  }
  const complaints = people.flatMap((who) => who.complaints).filter((it) => !REPORTED.test(it));
  complaints.forEach((it) => console.error(`  [page] ${it}`));
  return complaints;
}

/** The languages that were asked for, or both. */
export const languages = () => (process.argv.length > 2 ? process.argv.slice(2) : ["zh", "en"]);
