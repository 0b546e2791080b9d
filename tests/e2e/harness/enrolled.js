// A person who has opened their sign-in link, with a camera for the screens and axe for the barriers.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { person } from "./person.js";

const { SPOTCHECK_SCREENS, CHROMIUM = "/usr/bin/chromium" } = process.env;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Enrols by the user's link, waits for the first round, and stands on the home screen. */
export async function enrolled(server, options, user) {
  const who = await person({ program: CHROMIUM, ...options });
  who.barriers = [];
  who.withAxe = async () => {
    if (!(await who.page.evaluate(() => "axe" in window))) await who.page.evaluate(AXE);
  };
  who.shot = async (name) => {
    if (!name.endsWith("-broken")) return shot(name);
    // The test has failed: what is wrong with the picture must not be said instead of what went wrong.
    await shot(name).catch((error) => console.log(`no picture of ${name}:`, error));
  };
  const shot = async (name) => {
    const { page } = who;
    // Where pictures are not kept, this is all that is left of what was to be seen.
    if (name.endsWith("-broken")) {
      console.log(name, page.url(), who.complaints);
      console.log(await page.evaluate(() => document.body.innerText.slice(0, 600)));
    }
    // What a machine can see of what shuts people out; a person has to see the rest.
    await who.withAxe();
    const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
    const serious = violations.filter((it) => ["serious", "critical"].includes(it.impact));
    const said = serious.map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
    who.barriers.push(...said.map((it) => `${name}: ${it}`));
    if (!SPOTCHECK_SCREENS) return;
    mkdirSync(SPOTCHECK_SCREENS, { recursive: true });
    const look = `${options.locale}-${options.theme ?? "light"}-${options.desktop ? "desktop" : "phone"}`;
    await page.screenshot({ path: join(SPOTCHECK_SCREENS, `${name}.${look}.png`), fullPage: name.endsWith("-whole") });
  };
  try {
    await signIn(who, server.links[user]);
    return who;
  } catch (error) {
    await who.shot(`enrol-${user}-broken`);
    // Nobody else would: a browser that stays keeps the tests from ending.
    await who.close();
    throw error;
  }
}

async function signIn({ page, t, shot }, link) {
  assert.ok(link, "nobody has a sign-in link: ask for one by server.invite");
  await page.goto(link);
  await page.getByRole("button", { name: t("enrol_go") }).waitFor();
  await shot("enrol");
  assert.ok(!page.url().includes("enrol="), "the code leaves the address");
  await page.getByRole("button", { name: t("enrol_go") }).click();
  await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
  // The first round brings the registers; until then there is no site to be found.
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
}

/** What a person does, without a complaint of the page and a barrier on any picture; ends their browser. */
export async function tried(who, name, act) {
  try {
    await act(who);
    assert.deepEqual(who.complaints, []);
    assert.deepEqual(who.barriers, [], "axe finds nothing serious");
  } catch (error) {
    await who.shot(`${name}-broken`);
    throw error;
  } finally {
    await who.close();
  }
}

/** The same by somebody who comes with a link of their own, asked for where the server gave none. */
export async function visit(server, options, user, name, act) {
  server.links[user] ??= await server.invite(user);
  return tried(await enrolled(server, options, user), name, act);
}
