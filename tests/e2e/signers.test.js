// The end of a check: every inspector signs for themselves, a signature is made anew, words of a
// finding are changed, and the site record says all that the law wants in writing.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { calm, finish, item, part, place } from "./harness/inspector.js";
import { jpeg } from "./harness/jpeg.js";
import { draw, settled } from "./harness/person.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-signers-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

const photo = (seed) => ({ name: `${seed}.jpg`, mimeType: "image/jpeg", buffer: jpeg(seed, 40_000) });

for (const [locale, theme, desktop, user, me, colleague] of [
  ["zh", "sun", false, "insp.produce1", "蔡示例", "米试样"],
  ["en", "dark", true, "insp.produce2", "Mi Shiyang", "Cai Shili"],
]) {
  test(`two inspectors sign, one of them anew, and the record says it all (${locale})`, async () => {
    const who = await enrolled(server, { locale, theme, desktop }, user);
    const { page, t, shot } = who;
    const dialog = page.getByRole("dialog");
    const inspector = (name) => `${t("check_by_inspector")} ${name}`;
    const sign = async (button, name) => {
      await page.getByRole("button", { name: button, exact: true }).click();
      if (name) await dialog.getByLabel(t("check_signer")).fill(name);
      await draw(page, t("check_draw_here"));
      await calm(page);
      await dialog.getByRole("button", { name: t("check_save"), exact: true }).click();
      await dialog.waitFor({ state: "detached" });
    };
    try {
      await page.getByRole("link", { name: t("today_start") }).click();
      await page.getByRole("searchbox").fill("nsnp");
      await page.getByRole("button", { name: /NS-MKT/ }).first().click();
      await page.getByText(t("site_place_found", { metres: 12 })).waitFor();
      const everybody = page.getByRole("button", { name: new RegExp(`^${t("site_everybody", { count: "\\d+" })}$`) });
      if ((await page.getByRole("button", { name: colleague, exact: true }).count()) === 0) await everybody.click();
      await page.getByRole("button", { name: colleague, exact: true }).click();
      await page.getByLabel(t("site_programmes")).fill("P1");
      await page.getByRole("button", { name: t("site_start_go") }).click();
      await place(who, "check_gate", "A1");
      const gate = item(who, "ENT-01");
      await gate.getByRole("button", { name: t("common_fail"), exact: true }).click();
      await gate.getByLabel(t("check_note")).fill("Nobody at the gate");
      await gate.getByLabel(t("check_fixed"), { exact: true }).check();
      await gate.getByLabel(t("check_fixed_how")).fill("A guard was called");
      await gate.getByLabel(t("check_fixed_photo"), { exact: true }).setInputFiles(photo(2));
      await gate.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
      await gate.getByRole("button", { name: t("check_finding_save") }).click();
      await gate.locator(".finding").waitFor();
      await part(who, "check_common");
      const papers = item(who, "GEN-02");
      await papers.getByRole("button", { name: t("common_pass"), exact: true }).click();
      await papers.getByLabel(t("check_photo_of", { item: "GEN-02" }), { exact: true }).setInputFiles(photo(3));
      await papers.getByRole("button", { name: t("photo_done") }).click();
      await papers.getByRole("group", { name: t("photo_tray") }).waitFor({ state: "detached" });
      await papers.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();

      // Other words, and graver, where the finding stands.
      await part(who, "check_gate");
      await gate.getByRole("button", { name: t("check_finding_edit") }).click();
      const form = gate.getByRole("group", { name: t("check_finding_edit") });
      assert.equal(await form.getByLabel(t("check_note")).inputValue(), "Nobody at the gate");
      await form.getByLabel(t("check_note")).fill("Two guards missing at gate A1");
      await form.getByText(t("check_draft_kept")).waitFor();
      await page.reload();
      assert.equal(await form.getByLabel(t("check_note")).inputValue(), "Two guards missing at gate A1", "half changed, and still there");
      await form.getByRole("button", { name: t("check_critical"), exact: true }).click();
      await shot("finding-edit");
      await form.getByRole("button", { name: t("check_finding_save") }).click();
      await gate.getByText("Two guards missing at gate A1").waitFor();
      await gate.locator(".finding").getByText(t("check_critical"), { exact: true }).waitFor();

      await finish(who);
      const open = [inspector(me), inspector(colleague), t("check_by_site")].join(locale === "zh" ? "、" : ", ");
      await page.getByText(t("check_unsigned", { names: open })).waitFor();
      await page.getByLabel(t("check_p_in_charge")).fill("Manager Li, 138 0000 0000");
      await page.getByLabel(t("check_p_address")).fill("1 Nanshan Road");
      await page.getByRole("button", { name: t("check_p_now"), exact: true }).click();
      await page.getByLabel(t("check_p_badge", { name: me })).fill("0755-101");
      await page.getByLabel(t("check_p_handling")).fill("Staff the gate by Friday");
      await page.getByRole("heading", { name: t("check_signatures") }).click();
      await shot("finish-particulars-whole");
      await page.reload();
      assert.equal(await page.getByLabel(t("check_p_handling")).inputValue(), "Staff the gate by Friday");

      // The names are there already; the pads are for one person each. What is drawn is there after a reload.
      const mine = page.getByRole("button", { name: t("check_sign_as", { name: inspector(me) }), exact: true });
      await mine.click();
      await draw(page, t("check_draw_here"));
      await calm(page);
      await settled(page);
      await page.reload();
      await mine.click();
      const save = dialog.getByRole("button", { name: t("check_save"), exact: true });
      await save.waitFor();
      assert.ok(await save.isEnabled(), "nobody has to draw it again");
      await shot("sign-drawn");
      await calm(page);
      await save.click();
      await dialog.waitFor({ state: "detached" });
      await page.getByText(t("check_signed_by", { name: me })).waitFor();
      await sign(t("check_sign_as", { name: inspector(colleague) }), "Smudged");
      await page.getByText(t("check_signed_by", { name: "Smudged" })).waitFor();
      await sign(t("check_sign_as", { name: t("check_by_site") }));
      await page.getByText(t("check_signed_by", { name: "Manager Li" })).waitFor();
      await sign(t("check_sign_anew_as", { name: inspector(colleague) }), colleague);
      await page.getByText(t("check_signed_by", { name: colleague })).waitFor();
      assert.equal(await page.getByText(t("check_signed_by", { name: "Smudged" })).count(), 0);
      await page.getByRole("button", { name: t("check_history", { item: inspector(colleague) }) }).click();
      await dialog.getByText(t("check_signed_by", { name: "Smudged" })).waitFor();
      await shot("sign-history");
      await dialog.getByRole("button", { name: t("common_close") }).click();
      assert.equal(await page.getByText(t("check_after")).count(), 0, "nobody's signature makes another's old");
      await shot("finish-signed-whole");
      await calm(page);
      await page.getByRole("button", { name: t("check_complete") }).click();

      const record = page.getByRole("article");
      await record.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
      for (const words of ["1 Nanshan Road", "Manager Li, 138 0000 0000", t("check_r_badge", { name: me, number: "0755-101" }), "P1", "Staff the gate by Friday", "Two guards missing at gate A1", t("check_r_fixed", { how: "A guard was called" }), t("check_r_position", { lat: "22.54310", lon: "113.93420", metres: 12 })]) {
        await record.getByText(words).first().waitFor();
      }
      assert.match(await record.textContent(), locale === "zh" ? /\d\d:\d\d 至 \d\d:\d\d/ : /\d\d:\d\d to \d\d:\d\d/);
      await record.getByRole("img", { name: t("check_r_photo_of", { item: "GEN-02" }) }).waitFor();
      await record.getByRole("img", { name: t("check_fixed_photo_alt") }).waitFor();
      for (const name of [me, colleague, "Manager Li"]) await record.getByRole("img", { name: t("check_signature_of", { name }) }).waitFor();
      await shot("record-whole");
      assert.deepEqual(who.complaints, []);
      assert.deepEqual(who.barriers, [], "axe finds nothing serious");
    } catch (error) {
      await shot("signers-broken");
      throw error;
    } finally {
      await who.close();
    }
  });
}
