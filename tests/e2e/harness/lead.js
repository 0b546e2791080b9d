// A lead with a browser who has only keys, or only a thumb: whatever they touch they must be able to reach.
import assert from "node:assert/strict";

import { enrolled } from "./enrolled.js";

/** Tabs from one end of a screen to the other, at most. */
const TABS = 120;
/** What a thumb hits without aiming, in CSS px; WCAG asks for 24. */
const THUMB_PX = 44;

/**
 * A lead's own device, signed in by a fresh link. `act(locator)` presses what it finds: by Tab and
 * Enter alone, or by a tap on something that a thumb can hit.
 */
export async function lead(server, user, { keys, ...options }) {
  server.links[user] = await server.invite(user);
  const who = await enrolled(server, { ...options, desktop: keys }, user);
  const { page, t } = who;

  /** By Tab, as far as the screen goes round. */
  who.reach = async (target) => {
    await target.waitFor();
    const there = () => target.evaluate((it) => it === document.activeElement);
    for (let tabs = 0; !(await there()); tabs += 1) {
      assert.ok(tabs < TABS, `no way by Tab to ${target}`);
      await page.keyboard.press("Tab");
    }
  };

  async function byKeys(target) {
    await who.reach(target);
    await page.keyboard.press("Enter");
  }

  async function byThumb(target) {
    await target.waitFor();
    // A second tap at once on one spot is a wet screen's, not a person's.
    await page.waitForTimeout(320);
    await target.scrollIntoViewIfNeeded();
    const { width, height } = await target.boundingBox();
    assert.ok(width >= THUMB_PX && height >= THUMB_PX, `${target} is ${width} × ${height}: too small for a thumb`);
    await target.tap();
  }

  who.keys = keys;
  who.act = keys ? byKeys : byThumb;
  who.back = () => who.act(page.getByRole("link", { name: t("common_back") }));
  who.chip = page.getByRole("link", { name: new RegExp(`^${t("sync_title")}: `) });
  /** The open card of an item. */
  who.card = (code) => page.locator("article").filter({ has: page.locator("[data-side]") }).filter({ hasText: code });

  /** One round from the screen of sync and back to where one was; gives what it says when it stopped. */
  who.round = async () => {
    await who.act(who.chip);
    const now = page.getByRole("button", { name: t("sync_now") });
    await now.waitFor();
    await who.act(now);
    await page.getByRole("button", { name: t("common_cancel") }).waitFor({ state: "detached" });
    await now.waitFor();
    const said = await page.locator("main").innerText();
    await who.back();
    await now.waitFor({ state: "detached" });
    return said;
  };
  /** The same, to the end: a look may come before the round has begun. */
  who.sync = async () => {
    let said = "";
    for (let tries = 0; tries < 3 && !said.includes(t("sync_nothing")); tries += 1) said = await who.round();
    assert.ok(said.includes(t("sync_nothing")), "all is sent");
  };
  return who;
}
