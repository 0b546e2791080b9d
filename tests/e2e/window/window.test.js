// The inspector's check in the app's real window: offline from the second screen on, killed and
// opened again, then sent, and seen by a second device. Once as the desktop carries bytes, once as
// Android does.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import { Key } from "selenium-webdriver";

import { jpeg } from "../harness/jpeg.js";
import { CLI, enrol, sync, windows } from "../harness/windows.js";

const run = promisify(execFile);
const here = windows("window");

const ways = [
  { locale: "zh", theme: "light", user: "insp.produce1", android: false },
  { locale: "en", theme: "dark", user: "insp.produce2", android: true },
];

for (const { locale, theme, user, android } of ways) {
  test(`a check in the window is kept, found again and sent (${locale}${android ? ", bytes as text" : ""})`, async () => {
    const { folder, server } = here;
    await server.up();
    const open = () => here.open(user, { locale, theme, ...(android ? { bridge: "text" } : {}) });
    let window = await open();
    const { t } = window;
    const part = (key) => new RegExp(`^${t(key)}`);
    const parts = async () => ({ within: await window.find("navigation", t("check_parts")) });
    const shot = (name) => here.shot(window, `window-${name}.${locale}-${theme}`);
    try {
      await enrol(window, server.links[user]);
      await server.stop();

      await window.click("link", t("today_start"));
      await window.type("searchbox", t("site_search"), "nsnp");
      await window.click("button", /NS-MKT/);
      await window.click("button", t("site_start_go"));
      await window.click("button", part("check_gate"), await parts());
      await window.click("button", t("check_add", { what: t("check_gate") }));
      await window.type("textbox", t("check_name_it"), locale === "zh" ? "北门" : "North gate");
      await window.click("button", t("check_save"));

      // A fail with a photo of real size, whose bytes cross the bridge.
      const gate = () => window.find("article", /^ENT-01/);
      await window.click("button", t("common_fail"), { within: await gate() });
      const photo = join(folder, `${user}.jpg`);
      await writeFile(photo, jpeg(locale === "zh" ? 1 : 2, 3_000_000));
      await window.type("file", t("check_take_photo"), photo, { within: await gate() });
      await window.find("button", t("photo_show", { number: 1 }), { within: await gate() });
      await window.click("button", t("check_phrase_2"), { within: await gate() });
      await window.click("button", t("check_finding_save"), { within: await gate() });
      await window.says(t("check_minor"), await gate()).catch(() => window.says(t("check_phrase_2")));
      await shot("finding");

      await window.click("button", part("check_place"), await parts());
      await window.click("button", t("check_enter", { unit: t("check_unit_gaps") }), { within: await window.find("article", /^ENT-02/) });
      for (const key of ["1", "2"]) await window.click("button", key);
      await window.click("button", t("check_save"));
      await window.says(`12 ${t("check_unit_gaps")}`);

      // Killed: the same check, the same answer, the same photo.
      await window.close();
      window = await open();
      await window.click("link", /NS-MKT|南山农批|Nanshan/);
      await window.click("button", part("check_place"), await parts());
      await window.says(`12 ${t("check_unit_gaps")}`);
      await window.click("button", part("check_gate"), await parts());
      await window.find("button", t("photo_show", { number: 1 }), { within: await gate() });
      await window.until(() => {
        const photo = [...document.querySelectorAll("article img")].at(-1);
        return photo?.complete && photo.naturalWidth > 0;
      }, "the photo is drawn");
      await shot("check");

      await window.click("link", t("check_finish"));
      await window.click("button", new RegExp(`^${t("check_sign_as", { name: t("check_by_inspector") })}`));
      // Their name is there already: another one instead.
      await window.type("textbox", t("check_signer"), `${Key.END}${Key.BACK_SPACE.repeat(40)}Ada`);
      await window.draw(t("check_draw_here"));
      await window.click("button", t("check_save"));
      await window.says(t("check_signed_by", { name: "Ada" }));
      // A second tap at once on the same spot is a wet screen's, not a person's.
      await pause(350);
      await window.click("button", t("check_complete"));
      await window.find("heading", t("check_record"));
      await window.says(t("sync_state_here"));
      await shot("record");

      await server.up();
      await window.click("link", t("common_back"));
      await sync(window);
      await window.click("link", t("common_back"));
      await window.says(t("sync_state_sent"));
      await shot("today");

      // A second device has it, with the photo.
      const lead = (...args) => run(CLI, ["--home", join(folder, `lead-${locale}`), "--json", ...args]);
      await lead("enrol", server.links["lead.produce"]);
      const listed = JSON.parse((await lead("inspection", "list")).stdout.trim().split("\n")[0]);
      assert.ok(JSON.stringify(listed).includes("NS-MKT"), "the lead's device lists the check");
    } catch (error) {
      await shot("broken");
      throw error;
    } finally {
      await window.close();
    }
  });
}
