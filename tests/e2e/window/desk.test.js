// The lead's merge in the app's real window, without a network: decided, signed, the window killed and
// opened again, then sent; the inspectors' devices have the same day.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import { Server } from "../harness/server.js";
import { recordTeam } from "../harness/team.js";
import { Window } from "../harness/window.js";

const { SPOTCHECK_APP, SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB, SPOTCHECK_SCREENS } = process.env;
const run = promisify(execFile);
let folder;
let server;
let team;

before(async () => {
  assert.ok(SPOTCHECK_APP && SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask window`");
  folder = await mkdtemp(join(tmpdir(), "spotcheck-window-desk-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(folder, "server") }).start();
  team = await recordTeam({ program: SPOTCHECK_CLI, server, home: folder });
});

after(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** The merged day as a device without a screen has it. */
async function dayOf(phone) {
  await phone.sync();
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", phone.home, "--json", "day", "--site", "NS-MKT", "--date", team.today]);
  return stdout;
}

test("a lead decides and signs in the window without a network, and everybody has that day", async () => {
  const home = join(folder, "lead");
  const open = () => Window.open({ app: SPOTCHECK_APP, web: SPOTCHECK_WEB, home, locale: "en", theme: "light", size: [1280, 800] });
  let window = await open();
  const { t } = window;
  const shot = (name) => SPOTCHECK_SCREENS && window.shot(join(SPOTCHECK_SCREENS, `window-desk-${name}.en-light.png`));
  const toInbox = async () => {
    await window.click("link", t("desk_title"));
    await window.click("link", new RegExp(`^${t("desk_inbox")}`), { within: await window.find("navigation", t("desk_nav")) });
    await window.find("heading", t("merge_inbox"));
  };
  const waiting = () => window.run(() => document.querySelectorAll("article [data-side='1']").length);
  try {
    await window.type("textbox", t("enrol_link"), server.links["lead.produce"]);
    await window.click("button", t("enrol_go"));
    await window.find("heading", t("today_drafts"));
    await window.click("link", new RegExp(t("sync_title")));
    await window.find("button", t("sync_now"));
    await window.says(t("sync_nothing"));
    await server.stop();
    await window.click("link", t("common_back"));

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
    await window.click("link", new RegExp(t("sync_title")));
    await window.click("button", t("sync_now"));
    await window.says(t("sync_nothing"));
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
