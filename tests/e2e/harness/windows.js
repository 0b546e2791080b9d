// What every test in the real window begins with: a folder that passes, the real server in it, and
// windows on devices that are folders in it too. Run as `cargo xtask window`.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";

import { Server } from "./server.js";
import { Window } from "./window.js";

const { SPOTCHECK_APP, SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB, SPOTCHECK_SCREENS } = process.env;

/** The shipped command line: a second device. */
export const CLI = SPOTCHECK_CLI;

/**
 * Before the first test a server runs, and after the last one all of it is gone. `name`: the tests' own;
 * `begin(here)`: what else is there before the first one.
 */
export function windows(name, begin) {
  const here = { folder: undefined, server: undefined };
  before(async () => {
    assert.ok(SPOTCHECK_APP && SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask window`");
    here.folder = await mkdtemp(join(tmpdir(), `spotcheck-${name}-`));
    here.server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(here.folder, "server") }).start();
    if (SPOTCHECK_SCREENS) mkdirSync(SPOTCHECK_SCREENS, { recursive: true });
    await begin?.(here);
  });
  after(async () => {
    await here.server?.stop();
    if (here.folder) await rm(here.folder, { recursive: true, force: true, maxRetries: 10 });
  });

  /** A window on a device's folder. `options`: language, theme, size. */
  here.open = (device, options) => Window.open({ app: SPOTCHECK_APP, web: SPOTCHECK_WEB, home: join(here.folder, device), ...options });
  /** A picture of it for a person to look at. */
  here.shot = (window, picture) => SPOTCHECK_SCREENS && window.shot(join(SPOTCHECK_SCREENS, `${picture}.png`));
  return here;
}

/** Enrols in a new window, fetches the registers, and stands on the home screen. */
export async function enrol(window, link) {
  const { t } = window;
  await window.type("textbox", t("enrol_link"), link);
  await window.click("button", t("enrol_go"));
  await window.find("heading", t("today_drafts"));
  await window.click("link", new RegExp(t("sync_title")));
  await window.find("button", t("sync_now"));
  await window.says(t("sync_nothing"));
  await window.click("link", t("common_back"));
}

/** From home: one round, until nothing waits any more. */
export async function sync(window) {
  const { t } = window;
  await window.click("link", new RegExp(t("sync_title")));
  await window.click("button", t("sync_now"));
  await window.says(t("sync_nothing"));
}
