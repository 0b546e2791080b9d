// A thermometer from the register to the record: registered, checked in ice, read, and judged by what it can tell.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { begin, calm, finish, item, place, press } from "./harness/inspector.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const day = (from, days) => new Date(from.getTime() + days * 86_400_000).toISOString().slice(0, 10);
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-instruments-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** Types into the sheet's pad and saves. */
async function type(who, keys, save) {
  await press(who, keys);
  await who.page.getByRole("dialog").getByRole("button", { name: who.t(save), exact: true }).click();
}

for (const [locale, user, theme] of [["zh", "insp.produce1", "light"], ["en", "insp.produce2", "dark"]]) {
  test(`a thermometer is registered, checked in ice, and its readings say no more than it can (${locale})`, async () => {
    const who = await enrolled(server, { locale, theme }, user);
    const { page, t, shot } = who;
    const number = `TP-${locale}`;
    try {
      await page.getByRole("link", { name: t("common_settings") }).click();
      await page.getByRole("link", { name: t("instrument_settings") }).click();
      await page.getByRole("button", { name: t("instrument_add") }).click();
      const sheet = page.getByRole("dialog");
      await sheet.getByLabel(t("instrument_number"), { exact: false }).fill(number);
      await sheet.getByLabel(t("instrument_mpe"), { exact: false }).fill("half");
      await sheet.getByRole("button", { name: t("instrument_keep"), exact: true }).click();
      await sheet.getByRole("alert").waitFor();
      await shot("instrument-form");
      await sheet.getByLabel(t("instrument_mpe"), { exact: false }).fill("0,5");
      await sheet.getByLabel(t("instrument_calibrated")).fill(day(new Date(), -30));
      await sheet.getByLabel(t("instrument_due")).fill(day(new Date(), 300));
      await calm(page);
      await sheet.getByRole("button", { name: t("instrument_keep"), exact: true }).click();
      await page.getByText(t("instrument_kept", { number })).waitFor();
      const card = page.getByRole("listitem").filter({ hasText: number });
      await card.getByText(t("instrument_check_missing")).first().waitFor();
      await shot("instruments");
      for (let back = 0; back < 2; back += 1) await page.getByRole("link", { name: t("common_back") }).click();

      await begin(who, "NS-MKT-CS", /NS-MKT-CS/, /冷|[Cc]old/);
      await place(who, "check_room", "A1");
      const frozen = item(who, "CCS-03");
      const enter = () => frozen.locator(".editor button").first().click();
      await enter();
      await sheet.getByRole("button", { name: t("check_instrument_choose") }).click();
      await sheet.getByRole("button", { name: number, exact: true }).click();
      await sheet.getByText(t("instrument_caps")).waitFor();
      await shot("keypad-unchecked");
      await sheet.getByRole("button", { name: t("instrument_check"), exact: true }).click();
      await sheet.getByText(t("instrument_check_how")).waitFor();
      await shot("ice-check");
      await type(who, "0.2", "instrument_check_save");
      await sheet.getByText(t("instrument_ready")).waitFor();
      // -17.6, where at most -18.0 passes and the thermometer errs by up to 0.5.
      await type(who, "17.6", "check_save");
      await frozen.getByText(t("check_conditional_fail"), { exact: false }).waitFor();
      await frozen.getByText(t("check_doubt_margin"), { exact: false }).waitFor();
      assert.equal(await frozen.getByRole("group", { name: t("check_finding") }).count(), 0, "no proof, no finding");
      await shot("reading-margin");
      await enter();
      await type(who, "14.5", "check_save");
      await frozen.getByRole("group", { name: t("check_finding") }).waitFor();
      await enter();
      await type(who, "18.3", "check_save");
      await frozen.getByText(t("check_conditional_pass"), { exact: false }).waitFor();
      await finish(who);
      await page.getByRole("link", { name: t("check_see_record") }).click();
      await page.getByRole("cell", { name: new RegExp(`−18\\.3.*${number}.*${t("check_conditional_pass")}`) }).waitFor();
      await shot("record-conditional");
      assert.deepEqual(who.complaints, []);
      assert.deepEqual(who.barriers, [], "axe finds nothing serious on any screen");
    } catch (error) {
      await shot("instruments-broken");
      throw error;
    } finally {
      await who.close();
    }
  });
}
