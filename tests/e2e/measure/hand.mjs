// The inspector's hand in the web app on a phone: sites found while typing among 100,000 and those of
// the demo, a tap until its answer is durable, and a checklist of 300 items in one part.
// `cargo xtask bench --only web` builds what it takes and starts it; docs/BENCH.md says what each figure
// means.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { calm, start } from "../harness/inspector.js";
import { person } from "../harness/person.js";
import { Server } from "../harness/server.js";
import { Phone } from "../harness/team.js";
import { say, summary } from "./figure.js";
import { middle, tapAll } from "./tap.js";
import { go, scrolling, SLOWER, slowed, traced } from "./trace.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB, CHROMIUM = "/usr/bin/chromium" } = process.env;
const [SITES, ITEMS, TAPS] = [100_000, 300, 40];
const run = promisify(execFile);

/** A register as an operator imports it. */
function register() {
  const [districts, kinds] = [["南山", "福田", "罗湖", "宝安", "龙岗", "盐田", "光明", "坪山"], ["农贸市场", "冷库", "药店", "餐厅", "超市", "学校食堂"]];
  const rows = Array.from({ length: SITES }, (_, n) => {
    const [district, kind] = [districts[n % districts.length], kinds[Math.floor(n / districts.length) % kinds.length]];
    return `X-${String(n).padStart(6, "0")},${district}第${n}${kind},${district} ${kind} No. ${n},other,${district}区`;
  });
  return ["code,zh,en,kind,district", ...rows].join("\n");
}

/** A checklist of one part, as a spreadsheet has it: an item in three takes a number. */
function form() {
  const items = Array.from({ length: ITEMS }, (_, n) => {
    const code = `BIG-${String(n + 1).padStart(3, "0")}`;
    const [type, kind] = n % 3 === 2 ? ["decimal", "measured"] : ["select_one result", "pass_fail"];
    return `| | ${type} | ${code} | ${kind} | 第${n + 1}项：现场是否符合要求 | Item ${n + 1}: does the place meet the requirement | yes |`;
  });
  return `| survey |
| | type | name | spotcheck::kind | label::中文 (zh) | label::English (en) | required |
${items.join("\n")}
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | result | pass | 合格 | Pass |
| | result | fail | 不合格 | Fail |
| settings |
| | form_title | form_id | version |
| | 大表 Large | LARGE | 1 |
`;
}

const told = (it) => `page ${Math.round(it.page)} + core ${SLOWER} x ${Math.round(it.core)}`;

/** Seven letters, each with what it finds: what one of them costs. */
async function typing({ browser, page, t }, words) {
  await go(page, "/sites", "input[type=search]");
  const box = page.getByRole("searchbox");
  await box.fill("");
  const it = await traced(browser, page, async () => {
    await box.pressSequentially(words, { delay: 250 });
    await page.getByRole("list", { name: t("site_results") }).locator("button").first().waitFor();
    await page.waitForTimeout(500);
  });
  return { each: it.all / words.length, longest: it.longest, note: told(it) };
}

const home = await mkdtemp(join(tmpdir(), "spotcheck-measure-"));
const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
try {
  await writeFile(join(home, "sites.csv"), register());
  await server.admin("register", "import", join(home, "sites.csv"), "--name", "city");
  await writeFile(join(home, "large.md"), form());
  await run(SPOTCHECK_CLI, ["checklist", "import", join(home, "large.md"), "--pack", "cn-catering", "--out", join(home, "large.json")]);
  const lead = new Phone(SPOTCHECK_CLI, join(home, "lead"));
  await lead.enrol(server.links["lead.produce"], "lead");
  await lead.sync();
  await run(SPOTCHECK_CLI, ["--home", lead.home, "publish", join(home, "large.json")]);
  await lead.sync();
  console.error(`web: ${SITES} sites and a checklist of ${ITEMS} items; load ${loadavg().map((it) => it.toFixed(1)).join(" ")}`);
  const who = await person({ program: CHROMIUM, locale: "en" });
  const { browser, context, page, t } = who;
  try {
    page.setDefaultTimeout(40_000);
    await page.goto(server.links["insp.produce1"]);
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await go(page, "/sync", "progress, dl");
    const from = performance.now();
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor();
    await page.getByRole("button", { name: t("sync_now") }).waitFor();
    say("web.register", (performance.now() - from) / 1000, "s", { note: `${SITES} sites fetched and made ready, from the tap` });
    await slowed(context, page);
    for (const [what, words] of [["zh", "南山第12344"], ["initials", "nsd1234"], ["code", "x-04242"], ["vehicle", "粤b1"]]) {
      const it = await typing(who, words);
      say(`web.find.${what}`, it.each, "ms", { most: 50, note: `for each of ${words.length} letters; ${it.note}; longest task ${Math.round(it.longest)} ms` });
    }
    await go(page, "/", "h1");
    await page.getByRole("link", { name: t("today_start") }).click();
    await page.getByRole("searchbox").fill("X-000123");
    await page.getByRole("button", { name: /X-000123/ }).first().click();
    await calm(page);
    await page.getByRole("button", { name: new RegExp(t("site_every_list", { count: "\\d+" })) }).click();
    await page.getByRole("button", { name: /Large/ }).click();
    await start(who);
    const url = new URL(page.url()).pathname;
    await go(page, "/sync", "progress, dl");
    const opened = await traced(browser, page, async () => {
      await go(page, url, "article");
      await page.waitForTimeout(1500);
    });
    say("web.large.open", opened.longest, "ms", { most: 50, note: `the longest task; ${told(opened)}` });
    const rolled = await scrolling(browser, page);
    say("web.large.scroll", rolled.longest, "ms", { most: 50, note: `the longest task; ${rolled.long} over 50 ms in 18,000 px` });
    await page.evaluate(() => scrollTo(0, 0));
    let took;
    const taps = await traced(browser, page, async () => (took = await page.evaluate(tapAll, TAPS)));
    say("web.large.tap", taps.longest, "ms", { most: 50, note: `the longest task in ${took.length} answers; ${told(taps)}` });
    say("web.large.tap.durable", middle(took), "ms", { note: "from the tap to saved, in the middle, page at 4 x" });
  } finally {
    await who.leave();
    await who.forget();
  }
  summary();
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 10 });
}
