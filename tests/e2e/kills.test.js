// The app itself, killed: its tab, then the whole browser, with the server gone. What it said was saved
// is on the screen again, at the item where the inspector was.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Chromium } from "./harness/chromium.js";
import { begin, calm, item, part } from "./harness/inspector.js";
import { jpeg } from "./harness/jpeg.js";
import { texts } from "./harness/person.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB, CHROMIUM = "/usr/bin/chromium" } = process.env;
/** A tab that was killed may hold its files for a moment. */
const TRIES = 50;
const t = texts("en");
let home;
let server;
let browser;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-kills-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  browser = await start();
});

after(async () => {
  await browser?.kill();
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

const start = () => Chromium.start(CHROMIUM, join(home, "profile"));

/** The app in a fresh tab, in English, with whatever that tab's address shows. */
async function open(address) {
  const page = await browser.page();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(() => localStorage.setItem("spotcheck.locale", "en"));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(address);
  const elsewhere = page.getByText(t("common_elsewhere"), { exact: true });
  for (let left = TRIES; left > 0; left -= 1) {
    await page.locator("main").waitFor();
    await page.getByText(t("common_loading"), { exact: true }).waitFor({ state: "detached" });
    if ((await elsewhere.count()) === 0) return { page, t };
    await page.waitForTimeout(300);
    await page.reload();
  }
  throw new Error("the device stayed in the hands of a tab that is gone");
}

test("a killed tab and a killed browser open again at the same item, with every answer that was shown as saved", async () => {
  let ada = await open(server.links["insp.produce1"]);
  await ada.page.getByRole("button", { name: t("enrol_go") }).click();
  await ada.page.getByRole("heading", { name: t("today_drafts") }).waitFor();
  await ada.page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await ada.page.getByRole("button", { name: t("sync_now") }).waitFor({ timeout: 60_000 });
  await ada.page.getByRole("link", { name: t("common_back") }).click();
  await ada.page.evaluate(() => navigator.serviceWorker.ready);
  await server.stop();

  await begin(ada, "nsnp", /NS-MKT/);
  await part(ada, "check_common");
  const pressed = (who, code, answer) => item(who, code).getByRole("button", { name: t(answer), exact: true, pressed: true }).waitFor();
  const answer = async (code, given) => {
    await item(ada, code).getByRole("button", { name: t(given), exact: true }).click();
    // This is what says that it is saved; the kill comes at once.
    await pressed(ada, code, given);
  };
  await answer("GEN-02", "common_pass");
  await browser.killTab(ada.page);

  // From the icon: the check is on top, and leads to the part and the item.
  const resume = async () => {
    ada = await open(server.url);
    await ada.page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await ada.page.locator('a[href^="/check/"]').first().click();
    await item(ada, "GEN-02").waitFor();
  };
  await resume();
  await pressed(ada, "GEN-02", "common_pass");
  assert.ok(await item(ada, "GEN-02").evaluate((it) => it.getBoundingClientRect().top < innerHeight), "the same place of the list");

  // A photo, then the whole browser, before anybody said that it is all.
  const card = item(ada, "GEN-02");
  await calm(ada.page);
  await card.getByLabel(t("check_photo_of", { item: "GEN-02" }), { exact: true }).setInputFiles({ name: "1.jpg", mimeType: "image/jpeg", buffer: jpeg(3, 900_000) });
  await card.getByText(t("photo_taken", { count: 1 })).waitFor();
  await answer("GEN-03", "common_fail");
  await browser.kill();
  browser = await start();
  await resume();
  await pressed(ada, "GEN-02", "common_pass");
  await pressed(ada, "GEN-03", "common_fail");
  await item(ada, "GEN-02").getByText(t("photo_taken", { count: 1 })).waitFor();
  await item(ada, "GEN-02").getByRole("button", { name: t("photo_done") }).click();
  await item(ada, "GEN-02").getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();

  // And all of it reaches the server.
  await server.start();
  await ada.page.getByRole("link", { name: t("common_back") }).click();
  await ada.page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await ada.page.getByRole("button", { name: t("sync_now") }).click();
  await ada.page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
});
