// The lead's desk in a real browser, over what two inspectors recorded with the command line: the
// figures, the drill-down, the filters in the address, what is missing by name, the file that is saved.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { Server } from "./harness/server.js";
import { recordTeam } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
/** A name that Excel would run as a formula. */
const FORMULA = "=1+1";
let home;
let server;
let team;

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-desk-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  team = await recordTeam({ program: SPOTCHECK_CLI, server, home });
  const ben = team.phones["insp.produce2"];
  await ben.record([{ head: { checklist: "ENT", site: FORMULA, day: team.today }, answers: {} }]);
  await ben.sync();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** What the CSV button saves. */
async function saved(page, button) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button, exact: true }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

for (const [locale, theme, desktop] of [["zh", "light", false], ["en", "dark", true]]) {
  test(`a lead sees the day and what is missing (${locale})`, async () => {
    // Each start of the server gives fresh links, and a link opens one device.
    if (locale === "en") {
      await server.stop();
      await server.start();
    }
    const lead = await enrolled(server, { locale, theme, desktop }, "lead.produce");
    const { page, t, shot } = lead;
    const nav = page.getByRole("navigation", { name: t("desk_nav") });
    const go = (key) => nav.getByRole("link", { name: t(key) }).click();
    const asks = (name) => new URL(page.url()).searchParams.get(name);
    const shown = (some, all) => page.getByText(t("desk_shown", { shown: some, all }), { exact: true }).waitFor();
    const [market, other, missing] = { zh: ["南山农批市场", "福田农批市场", "平湖海吉星"], en: ["Nanshan wholesale market", "Futian wholesale market", "Pinghu Haijixing"] }[locale];
    try {
      await page.getByRole("link", { name: t("desk_title") }).click();

      // The figures, and the findings as a drawing with its numbers.
      const figures = page.getByRole("region", { name: t("desk_figures") });
      await figures.waitFor();
      const figure = (key) => figures.getByRole("definition").nth(["checks", "done", "in_progress", "late", "voided"].indexOf(key)).innerText();
      assert.deepEqual([await figure("checks"), await figure("done"), await figure("in_progress"), await figure("late"), await figure("voided")], ["9", "5", "4", "0", "1"]);
      await figures.getByRole("img", { name: t("desk_findings_bar", { count: 7, critical: 3, major: 3, minor: 1 }) }).waitFor();
      await shown(9, 9);
      await shot("desk-board");

      // The map: a step by keyboard takes the first mark, and the list goes there.
      await page.getByText(t("desk_map"), { exact: true }).click();
      const map = page.getByRole("button", { name: new RegExp(t("desk_map_spoken", { count: 7, site: "" }).trim().slice(0, 8)) });
      await map.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: t("desk_map_open") }).click();
      await page.locator(".row.chosen").waitFor();
      await shot("desk-map");

      // Filters are in the address, so back takes them away.
      await page.getByRole("searchbox", { name: t("desk_filter_text") }).fill("ns-mkt");
      await shown(2, 9);
      assert.equal(asks("text"), "ns-mkt");
      await page.getByRole("combobox", { name: t("desk_any_state") }).selectOption("in_progress");
      await shown(1, 9);
      await page.goBack();
      await shown(2, 9);
      await page.getByRole("button", { name: t("desk_unfilter") }).click();
      await shown(9, 9);

      // What is shown as a file: Excel reads it as UTF-8, and runs nothing of it.
      const { name, text } = await saved(page, t("desk_export_csv"));
      assert.ok(name.includes(team.today) && name.endsWith(".csv"), name);
      assert.equal(text.charCodeAt(0), 0xfeff, "the mark of UTF-8");
      const lines = text.slice(1).split("\r\n");
      assert.equal(lines.pop(), "", "every line ends");
      assert.equal(lines.length, 1 + 9, "a head, and a line for each cell");
      assert.ok(lines.every((line) => !line.includes("\n")));
      assert.ok(lines.some((line) => line.includes(`,"'${FORMULA}",`)), "no formula");
      assert.ok(lines.some((line) => line.includes(market) && line.includes("NS-MKT")));
      const rows = JSON.parse((await saved(page, t("desk_export_json"))).text).rows;
      assert.equal(rows.length, 9);

      // Two checks of one checklist: both, and the merged one.
      const cell = page.getByRole("button", { name: new RegExp(`${market} · .*×2`, "s") });
      await cell.click();
      const sheet = page.getByRole("dialog", { name: market });
      await sheet.getByRole("listitem").nth(1).waitFor();
      assert.equal(await sheet.getByRole("listitem").count(), 2);
      const merged = new URL(await sheet.getByRole("link", { name: t("desk_merged_open") }).getAttribute("href"), page.url());
      assert.deepEqual(Object.fromEntries(merged.searchParams), { site: "NS-MKT", day: team.today, checklist: "ENT" });
      await shot("desk-cell");
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });

      // One check: the check itself; and back.
      await page.getByRole("link", { name: new RegExp(`${other} · .*${t("desk_state_done")}`, "s") }).click();
      await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
      await page.goBack();
      await figures.waitFor();

      // Yesterday, where one was never finished. The day goes along to the other screens.
      await page.getByRole("button", { name: t("desk_day_earlier") }).click();
      await page.getByRole("link", { name: new RegExp(t("desk_state_late")) }).waitFor();
      assert.equal(asks("day"), team.yesterday);
      assert.equal(await figure("late"), "1");
      await shot("desk-late");
      await go("desk_findings");
      await page.getByRole("article").first().waitFor();
      assert.equal(asks("day"), team.yesterday);
      assert.equal(await page.getByRole("article").count(), 1);

      // All findings, then the grave ones, each with its check.
      await page.getByRole("button", { name: t("desk_any_day") }).click();
      await page.getByRole("article").nth(7).waitFor();
      await page.getByRole("group", { name: t("check_severity") }).getByRole("button", { name: t("check_critical") }).click();
      await page.getByText(t("desk_all_shown", { count: 3 })).waitFor();
      assert.equal(asks("severity"), "critical");
      await page.getByRole("link", { name: new RegExp(t("desk_open_check")) }).first().waitFor();
      await shot("desk-findings");

      // The photos of both inspectors are here and whole, though this device took none.
      const strip = page.getByRole("article").getByRole("button", { name: new RegExp(t("photo_show", { number: "\\d" })) });
      await page.waitForFunction(() => {
        const photos = [...document.querySelectorAll("article img")];
        return photos.length >= 3 && photos.every((it) => it.naturalWidth > 0);
      });
      await strip.first().click();
      const viewer = page.getByRole("dialog", { name: t("photo_title") });
      await viewer.getByRole("button", { name: t("photo_facts") }).click();
      await viewer.getByText(t("photo_held_yes"), { exact: true }).waitFor();
      await shot("desk-photo");
      await page.keyboard.press("Escape");
      await viewer.waitFor({ state: "detached" });

      // What was not seen, by name.
      await go("desk_coverage");
      await page.getByRole("button", { name: t("desk_period_7") }).click();
      await page.getByRole("link", { name: new RegExp(`${t("desk_kind_wholesale_market")}.*2 / 3`, "s") }).waitFor();
      await shot("desk-coverage");
      await page.getByRole("link", { name: new RegExp(`${t("desk_kind_wholesale_market")}.*2 / 3`, "s") }).click();
      const sites = page.getByRole("region", { name: t("desk_kind_wholesale_market") });
      await sites.getByText(missing).waitFor();
      await sites.getByText(t("desk_age_never")).waitFor();
      assert.equal(await sites.getByRole("listitem").count(), 1);
      await shot("desk-missing");
      await sites.getByRole("button", { name: t("desk_seen", { count: 2 }) }).click();
      await sites.getByText(other).waitFor();
      await sites.getByText(missing).waitFor({ state: "detached" });
      await page.goBack();
      await sites.getByText(missing).waitFor();

      // People, with the devices they work on.
      await go("desk_team");
      const cai = page.getByRole("article", { name: locale === "zh" ? "蔡示例" : "Cai Shili" });
      await cai.getByText(t("desk_today_count", { count: 4 })).waitFor();
      await cai.getByText("phone of insp.produce1").waitFor();
      await shot("desk-team");

      // Search: typed words are in the address.
      await go("desk_search");
      await page.getByRole("searchbox").fill("gate 1");
      await page.getByRole("heading", { name: t("desk_search_findings", { count: 2 }) }).waitFor();
      assert.equal(asks("q"), "gate 1");
      await shot("desk-search");
      await page.getByRole("searchbox").fill("nothing says this");
      await page.getByText(t("desk_search_none", { typed: "nothing says this" })).waitFor();

      assert.deepEqual(lead.complaints, []);
      assert.deepEqual(lead.barriers, [], "axe finds nothing serious on any screen");
    } catch (error) {
      await shot("desk-broken");
      throw error;
    } finally {
      await lead.close();
    }
  });
}
