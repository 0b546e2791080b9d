// How the lead's desk bears a city's day: 500 sites and 2,041 vehicles, 5,000 inspections by one
// phone, all on one lead's device. From the root of a built tree, as pictures.mjs:
//
//     node tests/e2e/measure-desk.mjs [INSPECTIONS]
//
// The page is slowed down four times (Emulation.setCPUThrottlingRate). That slows the page's own
// thread and not the core's worker, so the core's time is taken apart and counted four times.
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

/** Runs in the page before everything: how long each call of the core took, and each long task. */
function listen() {
  window.calls = [];
  window.long = [];
  new PerformanceObserver((list) => window.long.push(...list.getEntries().map((it) => ({ at: it.startTime, ms: it.duration })))).observe({ entryTypes: ["longtask"] });
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    const { id, name, args } = message;
    const from = performance.now();
    const heard = ({ data }) => {
      if (data.id !== id || data.progress !== undefined) return;
      window.calls.push({ name: name === "call" ? args[0].call : name, ms: performance.now() - from });
      this.removeEventListener("message", heard);
    };
    this.addEventListener("message", heard);
    return post.call(this, message, ...rest);
  };
}

const go = (page, path) =>
  page.evaluate((path) => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = path;
    link.click();
    link.remove();
  }, path);

/** From the tap to a screen that shows it: the whole, the core's part, and the longest task. */
async function opening(page, path, shown) {
  const taken = await page.evaluate(
    ([path, shown]) =>
      new Promise((done) => {
        window.calls.length = window.long.length = 0;
        const from = performance.now();
        const link = document.body.appendChild(document.createElement("a"));
        link.href = path;
        link.click();
        link.remove();
        const look = () => {
          if (document.querySelector(shown) === null) return void requestAnimationFrame(look);
          // Drawn with the frame after this one.
          requestAnimationFrame(() => setTimeout(() => done({ whole: performance.now() - from, calls: window.calls, long: window.long })));
        };
        requestAnimationFrame(look);
      }),
    [path, shown],
  );
  const core = taken.calls.reduce((sum, it) => sum + it.ms, 0);
  return { whole: taken.whole, core, slowed: taken.whole + (SLOWER - 1) * core, longest: Math.max(0, ...taken.long.map((it) => it.ms)), calls: taken.calls };
}

/** A minute's scrolling in a few seconds, as a wheel or a thumb does it. */
async function scrolling(page, steps) {
  await page.evaluate(() => void (window.long.length = 0));
  for (let n = 0; n < steps; n += 1) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(60);
  }
  return page.evaluate(() => window.long.map((it) => it.ms));
}

const ms = (n) => `${Math.round(n)} ms`;

async function measure(server, options) {
  const { browser, context, page, t } = await person({ program: CHROMIUM, locale: "en", ...options });
  try {
    await context.addInitScript(listen);
    page.setDefaultTimeout(300_000);
    await page.goto(await server.invite("lead.produce"));
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await go(page, "/sync");
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor();
    await page.getByRole("button", { name: t("sync_now") }).waitFor();
    const slow = await context.newCDPSession(page);
    await slow.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const name = options.desktop ? "desk 1280 x 800" : "phone 390 x 844";
    const say = (what, it) => console.log(`${name}: ${what}: ${ms(it.whole)} of them core ${ms(it.core)}; core slowed too ${ms(it.slowed)}; longest task ${ms(it.longest)}; ${it.calls.map((one) => `${one.name} ${ms(one.ms)}`).join(", ")}`);
    const board = `/desk?day=${today}`;
    say("board for the first time", await opening(page, board, "[aria-rowindex='3']"));
    await page.waitForTimeout(1000);
    const tasks = await scrolling(page, 60);
    console.log(`${name}: scrolling the board: ${tasks.length} tasks over 50 ms${tasks.length > 0 ? `, longest ${ms(Math.max(...tasks))}` : ""}`);
    for (const [what, path, shown] of [
      ["findings", `/desk/findings?day=${today}`, "article"],
      ["coverage", `/desk/coverage?day=${today}`, "a[href*='group=']"],
      ["team", "/desk/team", "article"],
      ["inbox", `/desk/inbox?day=${today}`, "#merge-summary"],
      ["board again", board, "[aria-rowindex='3']"],
    ]) {
      say(what, await opening(page, path, shown));
      await page.waitForTimeout(500);
    }
    const typed = page.getByRole("searchbox", { name: t("desk_filter_text") });
    await page.evaluate(() => void (window.long.length = 0));
    await typed.pressSequentially("nanshan", { delay: 80 });
    await page.waitForTimeout(600);
    const typing = await page.evaluate(() => window.long.map((it) => it.ms));
    console.log(`${name}: typing a filter: ${typing.length} tasks over 50 ms${typing.length > 0 ? `, longest ${ms(Math.max(...typing))}` : ""}`);
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
