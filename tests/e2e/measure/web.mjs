// The web app on a phone and a desk, beside the bare machine: how much is loaded, how soon it starts,
// and how the lead's desk bears a city's day: 500 sites and 2,041 vehicles, 5,000 inspections, and as
// many of the day before, all on one lead's device. `cargo xtask bench --only web` builds what it
// takes and starts it.
//
// The page is slowed down four times (Emulation.setCPUThrottlingRate). That slows the page's own
// thread and not the core's worker, so the core's time is taken apart and counted four times. The
// bare side of a screen is the app's emptiest one. docs/BENCH.md says what each figure means.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { person } from "../harness/person.js";
import { Server } from "../harness/server.js";
import { dayFromNow, Phone } from "../harness/team.js";
import { say, summary } from "./figure.js";
import { go, opening, scrolling, SLOWER, slowed, traced } from "./trace.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB, CHROMIUM = "/usr/bin/chromium" } = process.env;
const [SITES, VEHICLES, CHECKS] = [500, 2041, 5000];
/** The best of so many: the other things on the machine only ever add. */
const TRIES = 5;
const run = promisify(execFile);

/** Codes of the register that the words find. */
async function codes(home, words, most) {
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", home, "--json", "site", "find", words, "--limit", String(most)], { maxBuffer: 1 << 26 });
  return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line)).map((it) => it.code);
}

/** A day's inspections, spread over the places. */
function lines(places, day) {
  const kinds = [["ENT", "ENT-09"], ["BUS", "BUS-04"], ["CCS", "CCS-10"]];
  return Array.from({ length: CHECKS }, (_, n) => {
    const [checklist, item] = kinds[Math.floor(n / places.length) % kinds.length];
    const spot = { lat: (22.45 + ((n * 37) % 1000) / 3000).toFixed(4), lon: (113.8 + ((n * 91) % 1000) / 2000).toFixed(4), accuracy_m: 12 };
    const findings = n % 5 === 0 ? [{ severity: ["critical", "major", "minor"][n % 3], note: `Finding ${n}` }] : [];
    return { head: { checklist, site: places[n % places.length], day, visit: "surprise", inspectors: ["insp.produce1", "insp.produce2"], place: { position: spot } }, answers: { "GEN-01": { count: 2 }, [item]: { result: "pass" } }, findings };
  });
}

/** Bytes of a file as a browser gets it, compressed. */
const compressed = (url) =>
  new Promise((counted, failed) => {
    get(url, { headers: { "accept-encoding": "br, gzip" } }, (reply) => {
      let bytes = 0;
      reply.on("data", (piece) => (bytes += piece.length)).on("end", () => counted(bytes));
    }).on("error", failed);
  });

/** What the first visit loads, and what is kept for the way without a network. */
async function weight(page, url) {
  // The core's module is fetched by a worker: each request of the browser counts, whoever made it.
  const sizes = [];
  page.context().on("requestfinished", (it) => it.serviceWorker() || sizes.push(it.sizes()));
  await page.goto(url);
  await page.locator("button").first().waitFor();
  await page.waitForLoadState("networkidle");
  const loaded = await Promise.all(sizes);
  const first = loaded.reduce((sum, it) => sum + it.responseBodySize + it.responseHeadersSize, 0);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const kept = await page.evaluate(async () => {
    const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(stores.map((it) => it.keys()))).flat().map((it) => it.url);
  });
  const all = await Promise.all([...new Set(kept)].map(compressed));
  say("web.first_load", first / 1e6, "MB", { most: 1.5, note: "compressed, to the sign-in screen" });
  say("web.kept", all.reduce((sum, it) => sum + it, 0) / 1e6, "MB", { most: 3, note: `compressed, ${all.length} files` });
}

/** From the address to the home screen, the browser's profile being there already. */
async function start(profile, url, ready) {
  const took = [];
  for (let n = 0; n < 3; n += 1) {
    const again = await person({ program: CHROMIUM, locale: "en", profile });
    const from = performance.now();
    await again.page.goto(url);
    await again.page.getByRole("heading", { name: again.t(ready) }).waitFor();
    took.push(performance.now() - from);
    await again.close();
  }
  return Math.min(...took);
}

async function desk(server, options, name) {
  const lead = await person({ program: CHROMIUM, locale: "en", ...options });
  const { browser, context, page, t } = lead;
  try {
    page.setDefaultTimeout(300_000);
    if (options.desktop) await weight(page, server.url);
    await page.goto(await server.invite("lead.produce"));
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await go(page, "/sync", "progress, dl");
    const from = performance.now();
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor();
    await page.getByRole("button", { name: t("sync_now") }).waitFor();
    if (options.desktop) say("web.pull", (performance.now() - from) / 1000, "s", { note: `${2 * CHECKS} inspections, from the tap` });
    await slowed(context, page);
    const today = dayFromNow(0);
    const board = `/desk?day=${today}`;
    const row = "[aria-rowindex='3']";
    const told = (it) => `page ${Math.round(it.page)} + core ${SLOWER} x ${Math.round(it.core)}`;
    const best = async (path, shown) => {
      const tries = [];
      for (let n = 0; n < TRIES; n += 1) {
        await go(page, "/sync", "progress, dl");
        await page.waitForTimeout(400);
        tries.push(await opening(browser, page, path, shown));
      }
      return tries.sort((a, b) => a.all - b.all)[0];
    };
    const bare = (await best("/settings", "h1")).all;
    const first = await opening(browser, page, board, row);
    say(`web.${name}.board.first`, first.all, "ms", { limit: bare, note: `${told(first)}, right after the pull` });
    await page.waitForTimeout(1000);
    const rolled = await scrolling(browser, page);
    say(`web.${name}.scroll`, rolled.longest, "ms", { most: 50, note: `the longest task; ${rolled.long} over 50 ms in 18,000 px` });
    for (const [what, path, shown, most] of [
      ["board", board, row, 400],
      ["findings", `/desk/findings?day=${today}`, "article", null],
      ["coverage", `/desk/coverage?day=${today}`, "a[href*='group=']", null],
      ["team", "/desk/team", "article", null],
      ["inbox", `/desk/inbox?day=${today}`, "#merge-summary", null],
    ]) {
      const it = await best(path, shown);
      say(`web.${name}.${what}`, it.all, "ms", { limit: bare, most, note: told(it) });
    }
    await go(page, board, row);
    const typed = page.getByRole("searchbox", { name: t("desk_filter_text") });
    const filter = await traced(browser, page, async () => {
      await typed.pressSequentially("nanshan", { delay: 80 });
      await page.waitForTimeout(600);
    });
    say(`web.${name}.filter`, filter.all, "ms", { note: `${told(filter)}, seven letters; longest task ${Math.round(filter.longest)} ms` });
  } finally {
    await lead.leave();
  }
  if (options.desktop) {
    const ready = await start(lead.profile, server.url, "today_drafts");
    say("web.start", ready, "ms", { most: 2000, note: `${2 * CHECKS} inspections on the device, wall time` });
  }
  await lead.forget();
}

const home = await mkdtemp(join(tmpdir(), "spotcheck-measure-"));
const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
try {
  const phone = new Phone(SPOTCHECK_CLI, join(home, "phone"));
  await phone.enrol(server.links["insp.produce1"], "phone");
  const vehicles = (await codes(phone.home, "粤B", 5000)).slice(0, VEHICLES);
  const sites = (await codes(phone.home, "bus", 5000)).filter((it) => !vehicles.includes(it)).slice(0, SITES);
  for (const day of [-1, 0]) await phone.record(lines([...sites, ...vehicles], dayFromNow(day)));
  await phone.sync();
  const load = loadavg().map((it) => it.toFixed(1)).join(" ");
  console.error(`web: ${2 * CHECKS} inspections of two days at ${sites.length} sites and ${vehicles.length} vehicles; load ${load}`);
  await desk(server, { desktop: true, theme: "light" }, "desk");
  await desk(server, { desktop: false, theme: "light" }, "phone");
  summary();
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 10 });
}
