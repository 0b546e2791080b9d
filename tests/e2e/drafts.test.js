// What somebody has begun and not saved survives a reload, a killed tab and another screen, and is
// gone once it is saved or thrown away. Found by role and name alone.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { visit } from "./harness/enrolled.js";
import { begin, calm, item, part, place, press } from "./harness/inspector.js";
import { killTab } from "./harness/kill.js";
import { settled } from "./harness/person.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-drafts-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** A box is there and comes to say these words. */
async function says(box, words) {
  await box.waitFor();
  let said = await box.inputValue();
  for (const end = Date.now() + 10_000; said !== words && Date.now() < end; said = await box.inputValue()) await box.page().waitForTimeout(50);
  assert.equal(said, words);
}

test("a half-written finding is there after a reload, a kill, another part and another screen; a saved one leaves nothing", () =>
  visit(server, { locale: "zh" }, "insp.produce1", "draft-finding", async (ada) => {
    const { t, shot } = ada;
    await begin(ada, "nsnp", /NS-MKT/);
    await place(ada, "check_gate", "北门");
    await place(ada, "check_gate", "南门");
    const gate = () => item(ada, "ENT-01");
    const note = () => gate().getByLabel(t("check_note"));
    const severity = () => gate().getByRole("button", { name: t("check_minor"), exact: true });
    const how = () => gate().getByLabel(t("check_fixed_how"));
    const there = async (words) => {
      await says(note(), words);
      await severity().and(ada.page.locator("[aria-pressed=true]")).waitFor();
      await says(how(), "叫来一名保安");
    };
    await gate().getByRole("button", { name: t("common_fail"), exact: true }).tap();
    await severity().tap();
    await gate().getByLabel(t("check_fixed"), { exact: true }).check();
    await how().fill("叫来一名保安");
    await note().pressSequentially("南门两名保安都不在岗");
    await gate().getByText(t("check_draft_kept")).waitFor();
    await ada.page.reload();
    await there("南门两名保安都不在岗");

    // Typed, and killed at once: not even the last letter is lost, once the screen says it is kept.
    await note().pressSequentially("，已拍照");
    await gate().getByText(t("check_draft_kept")).waitFor();
    await shot("draft");
    ada.page = await killTab(ada.page);
    await ada.page.getByRole("navigation", { name: t("check_parts") }).waitFor();
    await ada.page.getByRole("button", { name: "南门", exact: true }).and(ada.page.locator("[aria-pressed=true]")).waitFor();
    await there("南门两名保安都不在岗，已拍照");

    // The other gate has its own, which is empty.
    await ada.page.getByRole("button", { name: "北门", exact: true }).tap();
    await gate().getByRole("button", { name: t("common_fail"), exact: true }).tap();
    await says(note(), "");
    await part(ada, "check_common");
    await part(ada, "check_gate");
    await ada.page.getByRole("button", { name: "南门", exact: true }).tap();
    await there("南门两名保安都不在岗，已拍照");

    // By way of the home screen: the same part, the same place, the same words.
    await ada.page.getByRole("link", { name: t("common_back") }).tap();
    await ada.page.getByRole("link").filter({ hasText: "南山农批市场" }).first().tap();
    await there("南门两名保安都不在岗，已拍照");

    // Thrown away, and brought back with one tap.
    await gate().getByRole("button", { name: t("check_draft_discard") }).tap();
    await says(note(), "");
    await calm(ada.page);
    await gate().getByRole("button", { name: t("common_undo") }).tap();
    await there("南门两名保安都不在岗，已拍照");

    await calm(ada.page);
    await gate().getByRole("button", { name: t("check_finding_save") }).tap();
    await gate().getByText("南门两名保安都不在岗，已拍照").waitFor();
    // It withdraws the finding: the form that comes again is a new one.
    await ada.page.getByRole("link", { name: t("check_finish") }).tap();
    await ada.page.getByRole("button", { name: t("check_void_finding") }).tap();
    const sheet = ada.page.getByRole("dialog");
    await sheet.getByLabel(t("check_void_why")).fill("重复");
    await calm(ada.page);
    await sheet.getByRole("button", { name: t("check_void_finding") }).tap();
    await sheet.waitFor({ state: "detached" });
    await ada.page.getByRole("link", { name: t("common_back") }).tap();
    await says(note(), "");
    await ada.page.reload();
    await says(note(), "");
    await gate().getByText(t("check_draft_kept")).waitFor({ state: "detached" });
  }));

test("a number, ticks, a reason and words of a finding that no item asks about come back where they were", () =>
  visit(server, { locale: "en", theme: "dark" }, "insp.produce2", "draft-others", async (ben) => {
    const { t, shot } = ben;
    const dialog = () => ben.page.getByRole("dialog");
    await begin(ben, "nsnp", /NS-MKT/);
    await part(ben, "check_place");
    await item(ben, "ENT-08").getByRole("checkbox").first().check();
    await item(ben, "ENT-09").getByRole("button", { name: t("common_na"), exact: true }).tap();
    await item(ben, "ENT-09").getByLabel(t("check_na_other")).pressSequentially("closed for repa");
    await item(ben, "ENT-02").getByRole("button", { name: t("check_enter", { unit: t("check_unit_gaps") }) }).tap();
    await press(ben, ["1", "2"], "tap");
    await dialog().getByText("12", { exact: true }).waitFor();
    await settled(ben.page);
    ben.page = await killTab(ben.page);
    // The sheet that was open is open, with what was typed in it.
    await dialog().getByText("12", { exact: true }).waitFor();
    await shot("draft-pad");
    await dialog().getByRole("button", { name: t("check_save"), exact: true }).tap();
    await item(ben, "ENT-02").getByText(`12 ${t("check_unit_gaps")}`).waitFor();
    await item(ben, "ENT-02").getByRole("button", { name: t("check_enter", { unit: t("check_unit_gaps") }) }).tap();
    assert.equal(await dialog().getByText("12", { exact: true }).count(), 0, "a saved number leaves no draft");
    await dialog().getByRole("button", { name: t("common_close") }).tap();
    assert.ok(await item(ben, "ENT-08").getByRole("checkbox").first().isChecked());
    assert.ok(!(await item(ben, "ENT-08").getByRole("checkbox").nth(1).isChecked()));
    await says(item(ben, "ENT-09").getByLabel(t("check_na_other")), "closed for repa");

    await calm(ben.page);
    await ben.page.getByRole("button", { name: t("check_free_finding") }).tap();
    await dialog().getByLabel(t("check_note")).fill("Oil on the floor of the loading bay");
    await dialog().getByText(t("check_draft_kept")).waitFor();
    await ben.page.reload();
    await says(dialog().getByLabel(t("check_note")), "Oil on the floor of the loading bay");
    await shot("draft-free");
    await dialog().getByRole("button", { name: t("check_finding_save") }).tap();
    await dialog().waitFor({ state: "detached" });
    await ben.page.getByRole("button", { name: t("check_free_finding") }).tap();
    await says(dialog().getByLabel(t("check_note")), "");
  }));

test("words of a text item come back, and are gone when they are the answer", () =>
  visit(server, { locale: "en" }, "insp.produce3", "draft-text", async (eve) => {
    const { t } = eve;
    await begin(eve, "BUS-R03-S01", /BUS-R03-S01/);
    await part(eve, "check_place");
    const box = () => item(eve, "BUS-01").getByRole("textbox");
    await box().pressSequentially("every fifth bus, pl");
    await settled(eve.page);
    await eve.page.reload();
    await says(box(), "every fifth bus, pl");
    await box().pressSequentially("ate B0001");
    await item(eve, "BUS-01").getByRole("button", { name: t("check_save"), exact: true }).tap();
    await item(eve, "BUS-01").getByText("every fifth bus, plate B0001").first().waitFor();
    await settled(eve.page);
    await eve.page.reload();
    await says(box(), "");
  }));
