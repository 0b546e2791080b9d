// A site that no register lists: an inspector adds it and checks there, a lead puts its name right and
// confirms it, and the inspector's device follows.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { start } from "./harness/inspector.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-sites-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** One round from home and back. */
async function sync({ page, t }) {
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).click();
  await page.getByRole("button", { name: t("common_cancel") }).waitFor({ state: "detached" });
  await page.getByText(t("sync_nothing")).waitFor();
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
}

test("a site added on the spot is confirmed by a lead under its right name, and everybody sees it", async () => {
  const ada = await enrolled(server, { locale: "zh", theme: "light" }, "insp.produce1");
  const lead = await enrolled(server, { locale: "en", theme: "light" }, "lead.produce");
  try {
    await ada.page.getByRole("link", { name: ada.t("today_start") }).click();
    await ada.page.getByRole("button", { name: ada.t("site_add"), exact: true }).click();
    await ada.page.getByRole("dialog").getByLabel(ada.t("site_name")).fill("河边早市");
    await ada.page.getByRole("dialog").getByRole("button", { name: ada.t("site_add_go") }).click();
    // In two scopes or one: where the check goes is chosen here, once.
    await ada.page.getByRole("button", { name: "冷链联合检查" }).click();
    await start(ada);
    await ada.page.getByRole("link", { name: ada.t("common_back") }).click();
    await ada.page.getByRole("heading", { name: ada.t("today_drafts") }).waitFor();
    await sync(ada);

    await sync(lead);
    await lead.page.getByRole("link", { name: lead.t("desk_title") }).click();
    await lead.page.getByRole("navigation", { name: lead.t("desk_nav") }).getByRole("link", { name: lead.t("desk_coverage") }).click();
    await lead.page.getByRole("heading", { name: lead.t("site_added_title", { count: 1 }) }).waitFor();
    await lead.page.getByRole("button", { name: lead.t("site_added_look") }).click();
    await lead.shot("site-confirm");
    const sheet = lead.page.getByRole("dialog");
    await sheet.getByLabel(lead.t("site_name")).fill("河边市场");
    await sheet.getByRole("button", { name: lead.t("site_added_confirm") }).click();
    await sheet.waitFor({ state: "detached" });
    await lead.page.getByRole("heading", { name: lead.t("site_added_title", { count: 1 }) }).waitFor({ state: "detached" });
    await lead.page.goto(server.url);
    await lead.page.getByRole("heading", { name: lead.t("today_drafts") }).waitFor();
    await sync(lead);

    await sync(ada);
    await ada.page.getByRole("link", { name: ada.t("today_start") }).click();
    await ada.page.getByRole("searchbox").fill("河边");
    const found = ada.page.getByRole("list", { name: ada.t("site_results") });
    await found.getByText("河边市场").waitFor();
    assert.equal(await found.getByText(ada.t("site_unconfirmed")).count(), 0);
    assert.deepEqual([...ada.complaints, ...lead.complaints], []);
    assert.deepEqual([...ada.barriers, ...lead.barriers], [], "axe finds nothing serious on any screen");
  } catch (error) {
    await ada.shot("sites-inspector-broken");
    await lead.shot("sites-lead-broken");
    throw error;
  } finally {
    await ada.close();
    await lead.close();
  }
});
