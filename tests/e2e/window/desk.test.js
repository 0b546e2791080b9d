// The lead's merge in the app's real window, without a network: decided, signed, the window killed and
// opened again, then sent; the inspectors' devices have the same day.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import { recordTeam } from "../harness/team.js";
import { CLI, enrol, sync, windows } from "../harness/windows.js";

const run = promisify(execFile);
let team;
const here = windows("window-desk", async ({ server, folder }) => {
  team = await recordTeam({ program: CLI, server, home: folder });
});

/** The merged day as a device without a screen has it. */
async function dayOf(phone) {
  await phone.sync();
  const { stdout } = await run(CLI, ["--home", phone.home, "--json", "day", "--site", "NS-MKT", "--date", team.today]);
  return stdout;
}

test("a lead decides and signs in the window without a network, and everybody has that day", async () => {
  const { server } = here;
  const open = () => here.open("lead", { locale: "en", theme: "light", size: [1280, 800] });
  let window = await open();
  const { t } = window;
  const shot = (name) => here.shot(window, `window-desk-${name}.en-light`);
  const toInbox = async () => {
    await window.click("link", t("desk_title"));
    await window.click("link", new RegExp(`^${t("desk_inbox")}`), { within: await window.find("navigation", t("desk_nav")) });
    await window.find("heading", t("merge_inbox"));
  };
  const waiting = () => window.run(() => document.querySelectorAll("article [data-side='1']").length);
  try {
    await enrol(window, server.links["lead.produce"]);
    // Who is on the team is asked of the server, beside everything that is on the device.
    await window.click("link", t("desk_title"));
    const rail = () => window.find("navigation", t("desk_nav"));
    await window.click("link", t("desk_team"), { within: await rail() });
    await window.says("phone of insp.produce2");
    await shot("team");
    await window.click("link", t("desk_home"), { within: await rail() });
    await server.stop();

    await toInbox();
    await window.until(() => document.querySelectorAll("article [data-side='1']").length > 1, "items that wait");
    await shot("inbox");
    for (let left = await waiting(); left > 0; left -= 1) {
      await window.says(t("merge_wait", { count: left }));
      await window.click("button", /^Keep .*value 1/);
      const phrase = await window.run((words) => [...document.querySelectorAll("button")].some((it) => it.innerText.trim() === words), t("merge_phrase_1"));
      if (phrase) await window.click("button", t("merge_phrase_1"));
      await pause(350);
      await window.click("button", t("merge_confirm"));
    }
    await window.says(t("merge_wait_none"));

    // Killed at once: what the screen said is there.
    await window.close();
    window = await open();
    await toInbox();
    await window.says(t("merge_wait_none"));
    await window.click("link", t("merge_open_merged"));
    await window.click("button", t("merge_sign"));
    await window.draw(t("check_draw_here"));
    await window.click("button", t("check_save"));
    await window.find("button", t("merge_sign_again"));
    await shot("merged");

    await server.up();
    await window.click("link", t("common_back"));
    await sync(window);
    const [one, other] = await Promise.all(Object.values(team.phones).map(dayOf));
    assert.equal(one, other, "the merged day is the same on every device");
    assert.ok(JSON.parse(one).every((it) => it.open === 0), "all is decided");
  } catch (error) {
    await shot("broken");
    throw error;
  } finally {
    await window.close();
  }
});
