// An inspector's check in a real browser, on the real core, from the sign-in link to the
// server: only what a person can see is touched.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { finish } from "./harness/inspector.js";
import { draw } from "./harness/person.js";
import { jpeg } from "./harness/jpeg.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-flow-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

const photo = (seed) => ({ name: `${seed}.jpg`, mimeType: "image/jpeg", buffer: jpeg(seed, 400_000) });

/** From home to the first item of a check of the kind at a site found by what is typed. */
async function begin({ page, t, shot }, typed, site) {
  await page.getByRole("link", { name: t("today_start") }).click();
  await page.getByRole("searchbox").fill(typed);
  await page.getByRole("button", { name: site }).first().waitFor();
  await shot("sites");
  await page.getByRole("button", { name: site }).first().click();
  await page.getByText(t("site_place_found", { metres: 12 })).waitFor();
  await shot("start");
  await page.getByRole("button", { name: t("site_start_go") }).click();
  await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
}

for (const [locale, theme, desktop] of [["zh", "light", false], ["en", "dark", true]]) {
  test(`a check without any network is sent when it returns (${locale})`, async () => {
    const ada = await enrolled(server, { locale, theme, desktop }, locale === "zh" ? "insp.produce1" : "insp.produce2");
    const { page, t, shot } = ada;
    try {
      await shot("today-empty");
      // The worker of the first visit must have kept the app before the server goes.
      await page.evaluate(() => navigator.serviceWorker.ready);
      const kept = await page.evaluate(async () => (await (await caches.open((await caches.keys())[0])).keys()).map((it) => it.url));
      assert.ok(kept.some((it) => it.endsWith(".wasm")), "the core is kept by the worker, not by chance");
      await server.stop();
      await page.reload();
      await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
      await begin(ada, "nsnp", /NS-MKT/);
      await shot("check");

      // A fail is a finished finding after four taps: fail, photo, phrase, save.
      await page.getByRole("navigation").getByRole("button", { name: t("check_gate") }).click();
      await page.getByRole("button", { name: t("check_add", { what: t("check_gate") }) }).click();
      await page.getByLabel(t("check_name_it")).fill(locale === "zh" ? "北门" : "North gate");
      await page.getByRole("button", { name: t("check_save"), exact: true }).click();
      const gate = page.getByRole("article", { name: /ENT-01/ });
      await gate.getByRole("button", { name: t("common_fail"), exact: true }).click();
      await shot("finding");
      await gate.getByLabel(t("check_take_photo"), { exact: true }).setInputFiles(photo(1));
      await gate.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
      await gate.getByRole("button", { name: t("check_phrase_2") }).click();
      // Put right before they left: how, and a photo of it.
      await gate.getByLabel(t("check_fixed"), { exact: true }).check();
      await gate.getByLabel(t("check_fixed_how")).fill("A guard came");
      await gate.getByLabel(t("check_fixed_photo"), { exact: true }).setInputFiles(photo(2));
      await gate.getByRole("button", { name: t("photo_show", { number: 1 }) }).nth(1).waitFor();
      await shot("fixed");
      await gate.getByRole("button", { name: t("check_finding_save") }).click();
      await gate.getByText(t("check_phrase_2")).waitFor();

      // A number on our own pad.
      await page.getByRole("navigation").getByRole("button", { name: t("check_place") }).click();
      const gaps = page.getByRole("article", { name: /ENT-02/ });
      await gaps.getByRole("button", { name: t("check_enter", { unit: t("check_unit_gaps") }) }).click();
      for (const key of ["1", "2"]) await page.getByRole("button", { name: key, exact: true }).click();
      await shot("keypad");
      await page.getByRole("button", { name: t("check_save"), exact: true }).click();
      await gaps.getByText(`12 ${t("check_unit_gaps")}`).waitFor();

      // Undone with one tap.
      await page.getByRole("button", { name: t("common_undo") }).click();
      await gaps.getByText(`12 ${t("check_unit_gaps")}`).waitFor({ state: "detached" });

      // A reload, as after a kill, comes back to the same check.
      await page.reload();
      await gaps.waitFor();
      await finish(ada);
      await page.getByText(t("check_phrase_2")).waitFor();
      await shot("finish");
      await page.getByRole("button", { name: t("check_sign_as", { name: t("check_by_inspector") }) }).click();
      await page.getByRole("dialog").getByLabel(t("check_signer")).fill("Ada");
      await draw(page, t("check_draw_here"));
      await shot("signature");
      await page.getByRole("button", { name: t("check_save"), exact: true }).click();
      await page.getByText(t("check_signed_by", { name: "Ada" })).waitFor();
      await page.getByRole("button", { name: t("check_sign_as", { name: t("check_by_site") }) }).click();
      await page.getByRole("button", { name: t("check_refuse"), exact: true }).click();
      await page.getByLabel(t("check_refuse_why")).fill("busy");
      await page.getByLabel(t("check_witness")).fill("Ben");
      await page.getByRole("button", { name: t("check_save"), exact: true }).click();
      // A second tap at once on the same spot is a wet screen's, not a person's.
      await page.waitForTimeout(350);
      await page.getByRole("button", { name: t("check_complete") }).click();
      await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
      await shot("record");
      await page.getByText(t("sync_state_here")).waitFor();

      // The network is back: all of it is sent, photos too.
      await server.start();
      await page.getByRole("link", { name: t("common_back") }).click();
      await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
      await shot("sync");
      await page.getByRole("button", { name: t("sync_now") }).click();
      await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
      await page.getByRole("link", { name: t("common_back") }).click();
      await page.getByText(t("sync_state_sent")).first().waitFor();
      await shot("today");

      // Begun by mistake: the check is void, with its reason, and on the list no more.
      await begin(ada, "nsnp", /NS-MKT/);
      const [, drafted] = new URL(page.url()).pathname.match(/check\/([^/]+)/);
      await finish(ada);
      await page.getByRole("button", { name: t("check_void"), exact: true }).click();
      const sheet = page.getByRole("dialog", { name: t("check_void") });
      assert.ok(await sheet.getByRole("button", { name: t("check_void"), exact: true }).isDisabled(), "not without a reason");
      await sheet.getByLabel(t("check_void_why")).fill("The wrong market");
      await shot("void");
      await sheet.getByRole("button", { name: t("check_void"), exact: true }).click();
      await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
      assert.equal(await page.locator(`a[href="/check/${drafted}"]`).count(), 0);
      await page.getByRole("link", { name: t("common_settings") }).click();
      await page.getByRole("heading", { name: t("settings_theme") }).waitFor();
      await shot("settings");
      assert.deepEqual(ada.complaints, []);
      assert.deepEqual(ada.barriers, [], "axe finds nothing serious on any screen");
    } catch (error) {
      await shot("broken");
      throw error;
    } finally {
      await ada.close();
    }
  });
}
