// The lead's merge in a real browser: two inspectors who contradict each other, decided by keyboard
// alone and by thumb alone, signed, and the same on every device afterwards.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { enrolled } from "./harness/enrolled.js";
import { draw } from "./harness/person.js";
import { Server } from "./harness/server.js";
import { recordTeam } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const run = promisify(execFile);
const SITE = "NS-MKT";
let home;
let server;
let team;

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-merge-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  team = await recordTeam({ program: SPOTCHECK_CLI, server, home });
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** A lead's own device, with the day on it. A link is good for one device: each gets a fresh one. */
async function lead(options) {
  await server.stop();
  await server.start();
  const who = await enrolled(server, options, "lead.produce");
  const { page, t } = who;
  // As by a link within the app.
  const go = (path) => page.evaluate((path) => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = path;
    link.click();
    link.remove();
  }, path);
  who.sync = async () => {
    await go("/sync");
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
  };
  who.summary = (key, count) => page.getByText(t(key, { count })).first().waitFor();
  who.open = async () => page.locator("article").filter({ has: page.locator("[data-side]") }).count();
  await go(`/desk/inbox?day=${team.today}`);
  await page.getByRole("heading", { name: t("merge_inbox"), level: 1 }).waitFor();
  return who;
}

/** What a device without a screen says of the day, as one number. */
async function dayOf(phone) {
  await phone.sync();
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", phone.home, "--json", "day", "--site", SITE, "--date", team.today]);
  return { sha256: createHash("sha256").update(stdout).digest("hex"), days: JSON.parse(stdout) };
}

test("a lead decides by keyboard alone, takes it back, and decides again", async () => {
  const lin = await lead({ locale: "en", theme: "dark", desktop: true });
  const { page, t, shot } = lin;
  try {
    const count = await lin.open();
    assert.ok(count >= 2, "the day has contradictions");
    await lin.summary("merge_wait", count);
    await shot("merge-inbox");
    const current = () => page.evaluate(() => document.activeElement?.closest("article")?.id ?? "");

    await page.keyboard.press("j");
    const first = await current();
    assert.match(first, /^item-/, "J goes to the first item");
    await page.keyboard.press("j");
    const second = await current();
    assert.notEqual(second, first, "J goes on");
    await page.keyboard.press("k");
    assert.equal(await current(), first, "K comes back");

    // No reason, no decision; keys are text while a reason is typed.
    await page.keyboard.press("1");
    await page.getByText(t("merge_why"), { exact: true }).waitFor();
    await page.getByRole("button", { name: t("merge_confirm") }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(t("merge_why_missing")).waitFor();
    await page.getByLabel(t("merge_why")).focus();
    await page.keyboard.type("junk 12 u");
    assert.equal(await page.getByLabel(t("merge_why")).inputValue(), "junk 12 u");
    await shot("merge-why");
    await page.keyboard.press("Enter");
    await lin.summary("merge_wait", count - 1);
    await page.waitForFunction((id) => document.activeElement?.closest("article")?.id === id, second);
    await page.getByText("junk 12 u").first().waitFor();

    // The bar that takes it back is there for seconds.
    await page.keyboard.press("u");
    await lin.summary("merge_wait", count);

    // The same again: the reason is remembered, so it is a digit and Enter.
    await page.keyboard.press("k");
    await page.waitForFunction((id) => document.activeElement?.closest("article")?.id === id, first);
    await page.keyboard.press("2");
    await page.getByRole("button", { name: t("merge_confirm") }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("button", { name: t("merge_confirm") }).count(), 0, "Escape leaves it open");
    await page.keyboard.press("2");
    await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "submit");
    await page.keyboard.press("Enter");
    await lin.summary("merge_wait", count - 1);

    await lin.sync();
    assert.deepEqual(lin.complaints, []);
    assert.deepEqual(lin.barriers, [], "axe finds nothing serious");
  } catch (error) {
    await shot("merge-broken");
    throw error;
  } finally {
    await lin.close();
  }
});

test("another device shows the same, decides the rest by thumb, and the merged checklist is signed", async () => {
  const wei = await lead({ locale: "zh", theme: "light" });
  const { page, t, shot } = wei;
  try {
    await page.locator("summary").filter({ hasText: t("merge_fold_decided", { count: 1 }) }).first().tap();
    await page.getByText("junk 12 u").first().waitFor();
    await shot("merge-inbox");
    await shot("merge-inbox-whole");

    // Two inspectors saw one thing: it becomes one, is two again, and one for good.
    const alike = page.locator("summary").filter({ hasText: t("merge_fold_alike", { count: 1 }) });
    const pair = page.getByRole("group", { name: t("merge_alike_group", { count: 2 }) });
    for (const forGood of [false, true]) {
      await alike.tap();
      await pair.getByRole("group", { name: /not staffed/ }).getByRole("button").tap();
      await shot("merge-alike");
      await pair.getByRole("button", { name: t("merge_alike_unite", { count: 2 }) }).tap();
      await alike.waitFor({ state: "detached" });
      if (!forGood) await page.getByRole("button", { name: t("common_undo"), exact: true }).last().tap();
    }
    await page.locator("summary").filter({ hasText: t("merge_fold_sameness", { count: 1 }) }).tap();
    await page.getByRole("group", { name: t("merge_one_thing", { count: 2 }) }).getByText(/not staffed/).waitFor();
    await shot("merge-one-thing");

    // Another value, on our own pad.
    const card = page.locator("article").filter({ has: page.locator("[data-side]") });
    let left = await wei.open();
    const measured = card.filter({ hasText: "ENT-06" });
    if ((await measured.count()) > 0) {
      await measured.getByRole("button", { name: t("merge_other") }).tap();
      for (const key of ["0", t("check_point"), "3"]) await page.getByRole("dialog").getByRole("button", { name: key, exact: true }).tap();
      await shot("merge-other");
      await page.getByRole("button", { name: t("merge_other_use") }).tap();
      await page.getByRole("button", { name: t("merge_phrase_1"), exact: true }).tap();
      await shot("merge-why");
      await page.waitForTimeout(350);
      await page.getByRole("button", { name: t("merge_confirm") }).tap();
      left -= 1;
      if (left > 0) await wei.summary("merge_wait", left);
    }

    // The history of a value, on demand.
    if (left > 0) {
      await card.first().getByRole("button", { name: /历史/ }).tap();
      await page.getByRole("link", { name: t("merge_see_timeline") }).first().waitFor();
      await shot("merge-history");
      await page.getByRole("button", { name: t("common_close") }).tap();
    }

    // One person's readings for the rest, seen before they count; one undo.
    if (left > 1) {
      const before = left;
      await page.getByRole("button", { name: t("merge_bulk") }).first().tap();
      await page.getByRole("dialog").getByRole("group", { name: t("merge_bulk_who") }).getByRole("button").first().tap();
      await page.getByText(t("merge_bulk_rows", { count: before })).waitFor();
      await shot("merge-bulk");
      await page.getByRole("dialog").getByRole("button", { name: t("merge_phrase_1"), exact: true }).tap();
      await page.getByRole("button", { name: t("merge_bulk_go", { count: before }) }).tap();
      await page.getByText(t("merge_wait_none")).waitFor();
      await page.getByRole("button", { name: t("common_undo"), exact: true }).last().tap();
      await wei.summary("merge_wait", before);
    }
    while (left > 0) {
      await page.waitForTimeout(350);
      await card.first().locator("[data-side='1'] .keep button").tap();
      await page.waitForTimeout(350);
      await page.getByRole("button", { name: t("merge_confirm") }).tap();
      left -= 1;
      await page.getByText(left > 0 ? t("merge_wait", { count: left }) : t("merge_wait_none")).first().waitFor();
    }
    await shot("merge-done-whole");

    await page.getByRole("region", { name: /NS-MKT|南山|Nanshan/ }).first().or(page.locator("main section").first()).first().getByRole("link", { name: t("merge_open_merged") }).first().tap();
    await page.getByRole("heading", { name: t("merge_merged"), level: 2 }).waitFor();
    await page.getByText(t("merge_stands_for")).waitFor();
    await shot("merged-whole");
    await page.getByRole("button", { name: t("merge_sign"), exact: true }).tap();
    await draw(page, t("check_draw_here"));
    await shot("merged-sign");
    await page.getByRole("button", { name: t("check_save"), exact: true }).tap();
    await page.getByRole("button", { name: t("merge_sign_again") }).waitFor();
    await page.locator("article .ink img").waitFor();
    assert.equal(await page.getByText(t("merge_is_after")).count(), 0, "nothing came after signing");
    await page.locator("article dd a").first().tap();
    await page.getByRole("heading", { name: t("merge_timeline"), level: 1 }).waitFor();
    await shot("timeline-whole");

    await wei.sync();
    assert.deepEqual(wei.complaints, []);
    assert.deepEqual(wei.barriers, [], "axe finds nothing serious");
  } catch (error) {
    await shot("merge-broken");
    throw error;
  } finally {
    await wei.close();
  }

  // Two devices without a screen, byte by byte.
  const [one, two] = await Promise.all(Object.values(team.phones).map(dayOf));
  assert.equal(one.sha256, two.sha256, "the merged day is the same everywhere");
  assert.ok(one.days.every((it) => it.open === 0), "all is decided");
});
