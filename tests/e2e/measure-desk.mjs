// How the lead's desk bears a city's day: 500 sites and 2,041 vehicles, 5,000 inspections by one
// phone, all on one lead's device. From the root of a built tree, as pictures.mjs:
//
//     node tests/e2e/measure-desk.mjs [INSPECTIONS]
//
// The page is slowed down four times (Emulation.setCPUThrottlingRate). That slows the page's own
// thread and not the core's worker, so the core's time is taken apart and counted four times.
// Times are the threads' processor time: what a quiet machine would show.
// Nothing is judged here; the figures and what was promised stand in docs/BENCH.md.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { person } from "./harness/person.js";
import { Server } from "./harness/server.js";
import { dayFromNow, Phone } from "./harness/team.js";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = "../../target/";
const {
  SPOTCHECK_CLI = at(`${built}debug/spotcheck`),
  SPOTCHECK_SERVER = at(`${built}debug/spotcheck-server`),
  SPOTCHECK_WEB = at(`${built}web`),
  CHROMIUM = "/usr/bin/chromium",
} = process.env;
const ALL = Number(process.argv[2] ?? 5000);
const [SITES, VEHICLES] = [500, 2041];
const SLOWER = 4;
const run = promisify(execFile);
const today = dayFromNow(0);

/** Codes of the register that the words find. */
async function codes(home, words, most) {
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", home, "--json", "site", "find", words, "--limit", String(most)], { maxBuffer: 1 << 26 });
  return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line)).map((it) => it.code);
}

/** So many inspections, spread over the places; the first of each place are the vehicles'. */
function lines(places) {
  const kinds = [["ENT", "ENT-09"], ["BUS", "BUS-04"], ["CCS", "CCS-10"]];
  return Array.from({ length: ALL }, (_, n) => {
    const [checklist, item] = kinds[Math.floor(n / places.length) % kinds.length];
    const spot = { lat: (22.45 + ((n * 37) % 1000) / 3000).toFixed(4), lon: (113.8 + ((n * 91) % 1000) / 2000).toFixed(4), accuracy_m: 12 };
    const findings = n % 5 === 0 ? [{ severity: ["critical", "major", "minor"][n % 3], note: `Finding ${n}` }] : [];
    return { head: { checklist, site: places[n % places.length], day: today, visit: "surprise", inspectors: ["insp.produce1", "insp.produce2"], place: { position: spot } }, answers: { "GEN-01": { count: 2 }, [item]: { result: "pass" } }, findings };
  });
}

/** Work of the page's thread and of the core's, from a trace: processor time, so that what else the
 * machine does counts little. The page's is slowed down already, the core's is not. */
async function traced(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "__metadata"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = (name) => traceEvents.filter((it) => it.name === "thread_name" && it.args.name === name);
  const tasksOf = ({ pid, tid }) => traceEvents.filter((it) => it.ph === "X" && it.pid === pid && it.tid === tid && /RunTask$/.test(it.name) && it.tdur > 0);
  // Tasks within tasks are not counted twice.
  const outer = (tasks) => {
    let end = 0;
    return tasks.sort((a, b) => a.ts - b.ts || b.dur - a.dur).filter((it) => it.ts >= end && (end = it.ts + it.dur)).map((it) => it.tdur / 1000);
  };
  const busiest = (name) => threads(name).map((it) => outer(tasksOf(it))).sort((a, b) => sum(b) - sum(a))[0] ?? [];
  const [main, worker] = [busiest("CrRendererMain"), busiest("DedicatedWorker thread")];
  return { main: sum(main), longest: Math.max(0, ...main), long: main.filter((it) => it > 50).length, core: sum(worker) };
}

const sum = (all) => all.reduce((so_far, it) => so_far + it, 0);

/** As by a link within the app; until the screen shows what is asked for, and has drawn it. */
const go = (page, path, shown) =>
  page.evaluate(
    ([path, shown]) =>
      new Promise((drawn) => {
        const link = document.body.appendChild(document.createElement("a"));
        link.href = path;
        link.click();
        link.remove();
        const look = () => (document.querySelector(shown) ? requestAnimationFrame(() => setTimeout(drawn)) : setTimeout(look, 20));
        setTimeout(look, 20);
      }),
    [path, shown],
  );

/** From the tap to a screen that shows it. */
const opening = (browser, page, path, shown) =>
  traced(browser, page, () => go(page, path, shown));

/** As fast as a wheel turns or a thumb flicks: 120 px with every frame. */
const scrolling = (browser, page) =>
  traced(browser, page, async () => {
    for (let n = 0; n < 150; n += 1) {
      await page.mouse.wheel(0, 120);
      await page.waitForTimeout(16);
    }
  });

const ms = (n) => `${Math.round(n)} ms`;

async function measure(server, options) {
  const { browser, context, page, t } = await person({ program: CHROMIUM, locale: "en", ...options });
  try {
    page.setDefaultTimeout(300_000);
    await page.goto(await server.invite("lead.produce"));
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await go(page, "/sync", "progress, dl");
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor();
    await page.getByRole("button", { name: t("sync_now") }).waitFor();
    const slow = await context.newCDPSession(page);
    await slow.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const name = options.desktop ? "desk 1280 x 800" : "phone 390 x 844";
    const say = (what, it) => console.log(`${name}: ${what}: ${ms(it.main + SLOWER * it.core)} (page ${ms(it.main)}, core ${SLOWER} x ${ms(it.core)}); tasks of the page over 50 ms: ${it.long}, longest ${ms(it.longest)}`);
    const board = `/desk?day=${today}`;
    const row = "[aria-rowindex='3']";
    say("board for the first time, all briefs made", await opening(browser, page, board, row));
    await page.waitForTimeout(1000);
    say("board, 18,000 px scrolled", await scrolling(browser, page));
    // The best of five: the other things on the machine only ever add.
    for (const [what, path, shown] of [
      ["board again", board, row],
      ["findings", `/desk/findings?day=${today}`, "article"],
      ["coverage", `/desk/coverage?day=${today}`, "a[href*='group=']"],
      ["team", "/desk/team", "article"],
      ["inbox", `/desk/inbox?day=${today}`, "#merge-summary"],
    ]) {
      const tries = [];
      for (let n = 0; n < 5; n += 1) {
        await go(page, "/sync", "progress, dl");
        await page.waitForTimeout(400);
        tries.push(await opening(browser, page, path, shown));
      }
      say(what, tries.sort((a, b) => a.main + SLOWER * a.core - b.main - SLOWER * b.core)[0]);
    }
    await go(page, board, row);
    const typed = page.getByRole("searchbox", { name: t("desk_filter_text") });
    say("seven letters typed into the filter", await traced(browser, page, async () => {
      await typed.pressSequentially("nanshan", { delay: 80 });
      await page.waitForTimeout(600);
    }));
  } finally {
    await browser.close();
  }
}

const home = await mkdtemp(join(tmpdir(), "spotcheck-measure-"));
const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
try {
  const phone = new Phone(SPOTCHECK_CLI, join(home, "phone"));
  await phone.enrol(server.links["insp.produce1"], "phone");
  const vehicles = (await codes(phone.home, "粤B", 5000)).slice(0, VEHICLES);
  const sites = (await codes(phone.home, "bus", 5000)).filter((it) => !vehicles.includes(it)).slice(0, SITES);
  const from = Date.now();
  await phone.record(lines([...sites, ...vehicles]));
  console.log(`${ALL} inspections at ${sites.length} sites and ${vehicles.length} vehicles, recorded in ${ms(Date.now() - from)}`);
  await phone.sync();
  console.log(`load ${loadavg().map((it) => it.toFixed(1)).join(" ")}`);
  for (const desktop of [true, false]) await measure(server, { desktop, theme: "light" });
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 10 });
}
