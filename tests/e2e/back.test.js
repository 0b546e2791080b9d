// Back leads to where one came from: from a check, its record, its timeline and a merged checklist, to
// whichever screen of the desk one had opened it from, with its filters and at the same place.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { Server } from "./harness/server.js";
import { recordTeam } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;
let team;

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-back-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  team = await recordTeam({ program: SPOTCHECK_CLI, server, home });
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

test("back from a check, a record, a timeline and a merged checklist leads to where one came from", async () => {
  const lead = await enrolled(server, { locale: "en" }, "lead.produce");
  const { page, t, shot } = lead;
  const back = () => page.getByRole("link", { name: t("common_back") }).click();
  const nav = page.getByRole("navigation", { name: t("desk_nav") });
  const inCheck = () => page.getByRole("navigation", { name: t("check_parts") }).waitFor();
  const address = () => page.evaluate(() => location.pathname + location.search);
  /** Where one was is where one is again. */
  const returned = async (to, what) => {
    await page.waitForFunction((to) => location.pathname + location.search === to, to);
    await what.first().waitFor();
  };
  try {
    await page.getByRole("link", { name: t("desk_title") }).click();
    const cells = page.locator("[aria-rowindex] a");
    await cells.first().waitFor();

    // From the board, filtered and scrolled.
    await page.getByRole("combobox", { name: t("desk_any_state") }).selectOption("in_progress");
    await page.getByText(t("desk_shown", { shown: 3, all: 8 })).waitFor();
    const board = await address();
    assert.match(board, /state=in_progress/);
    const cell = cells.last();
    await cell.scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, 40));
    const place = await page.evaluate(() => scrollY);
    assert.ok(place > 40, "the board is longer than the screen");
    await cell.click();
    await inCheck();
    await back();
    await returned(board, cells);
    await page.waitForFunction((place) => Math.abs(scrollY - place) < 2, place);

    // The same with a reload on the way, and over record and timeline.
    await cell.click();
    await inCheck();
    await page.reload();
    await inCheck();
    await page.getByRole("link", { name: t("check_finish") }).click();
    await page.getByRole("link", { name: t("check_see_record") }).click();
    await page.getByRole("link", { name: t("merge_see_timeline") }).click();
    await page.getByRole("heading", { name: t("merge_timeline"), level: 1 }).waitFor();
    // The record again is no step further on: its way back is what it was.
    await page.getByRole("link", { name: t("merge_see_check") }).click();
    await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
    await back();
    await inCheck();
    await back();
    await returned(board, cells);

    // From the findings of a severity.
    await nav.getByRole("link", { name: t("desk_findings") }).click();
    await page.getByRole("group", { name: t("check_severity") }).getByRole("button", { name: t("check_critical") }).click();
    await page.waitForURL(/severity=critical/);
    const findings = await address();
    await page.getByRole("link", { name: new RegExp(t("desk_open_check")) }).last().click();
    await inCheck();
    await back();
    await returned(findings, page.getByRole("article"));

    // From what was searched for.
    await nav.getByRole("link", { name: t("desk_search") }).click();
    await page.getByRole("searchbox").fill("gate 1");
    await page.getByRole("article").first().waitFor();
    const search = await address();
    await page.getByRole("link", { name: new RegExp(t("desk_open_check")) }).first().click();
    await inCheck();
    await back();
    await returned(search, page.getByRole("article"));

    // From the inbox: to a timeline, and by the merged checklist to another one.
    await nav.getByRole("link", { name: t("desk_inbox") }).click();
    const cards = page.locator("[data-side]");
    await cards.first().waitFor();
    const inbox = await address();
    await page.locator("article .history").first().click();
    await page.getByRole("link", { name: t("merge_see_timeline") }).first().click();
    await page.getByRole("heading", { name: t("merge_timeline"), level: 1 }).waitFor();
    await back();
    await returned(inbox, cards);
    await page.getByRole("link", { name: t("merge_open_merged") }).first().click();
    await page.getByRole("heading", { name: t("merge_merged"), level: 2 }).waitFor();
    const merged = await address();
    await page.locator("article dd a").first().click();
    await page.getByRole("heading", { name: t("merge_timeline"), level: 1 }).waitFor();
    await back();
    await returned(merged, page.getByRole("heading", { name: t("merge_merged"), level: 2 }));
    await back();
    await returned(inbox, cards);

    // A merged checklist that the board opened goes back to the board.
    await nav.getByRole("link", { name: t("desk_board") }).click();
    await cells.first().waitFor();
    const whole = await address();
    await page.getByRole("button", { name: /×2/ }).first().click();
    await page.getByRole("dialog").getByRole("link", { name: t("desk_merged_open") }).click();
    await page.getByRole("heading", { name: t("merge_merged"), level: 2 }).waitFor();
    await back();
    await returned(whole, cells);

    // Sync is looked at from anywhere.
    await page.getByRole("link", { name: new RegExp(`^${t("sync_title")}: `) }).click();
    await page.getByRole("heading", { name: t("sync_title"), level: 1 }).waitFor();
    await back();
    await returned(whole, cells);
    await back();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();

    // From home, where one came from home; and by a link from outside, when one came from nowhere.
    const [check] = team.checks["insp.produce2"];
    await page.locator('main a[href^="/check/"]').first().click();
    await back();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await page.goto(`${server.url}/check/${check}/record`);
    await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
    await back();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();

    assert.deepEqual(lead.complaints, []);
  } catch (error) {
    await shot("back-broken").catch(() => {});
    throw error;
  } finally {
    await lead.close();
  }
});
