// Two leads and two inspectors on five devices, and a network that goes at every step: the leads
// decide the same item differently without a network, one by keys alone and one by thumb alone; what
// each of them did is in view for the other, late data opens it again, and in the end all show one day.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { lead } from "./harness/lead.js";
import { draw } from "./harness/person.js";
import { Server } from "./harness/server.js";
import { dayFromNow, Phone } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const run = promisify(execFile);
const SITE = "NS-MKT";
const OTHER = "FT-MKT";
const today = dayFromNow(0);
let home;
let server;
const phones = {};
const checks = {};

/** A check by the entrance list that counts so many inspectors. */
const counts = (count, site = SITE) => ({ head: { checklist: "ENT", site, day: today, visit: "surprise", inspectors: ["insp.produce1", "insp.produce2"], place: { none: "under a roof" } }, answers: { "GEN-01": { count }, "GEN-02": { result: "pass" }, "ENT-09": { result: "pass" } } });

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-two-leads-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  await server.admin("user", "add", "lead.second", "--role", "lead", "--zh", "魏副手", "--en", "Wei Fushou");
  await server.admin("team", "member", "PRODUCE", "lead.second");
  for (const [user, lines] of [["insp.produce1", [counts(2), counts(2, OTHER)]], ["insp.produce2", [counts(3), counts(3, OTHER)]]]) {
    const phone = (phones[user] = new Phone(SPOTCHECK_CLI, join(home, user)));
    await phone.enrol(server.links[user], user);
    checks[user] = await phone.record(lines);
    await phone.record([{ inspection: checks[user][0], signatures: [{ role: "inspector", name: user }], complete: true }]);
    await phone.sync();
  }
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** What a phone records later, and sends. */
async function late(user, line) {
  await phones[user].record([line]);
  await phones[user].sync();
}

/** What a device without a screen says of the day, as one number. */
async function dayOf(phone) {
  await phone.sync();
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", phone.home, "--json", "day", "--site", SITE, "--date", today]);
  return { sha256: createHash("sha256").update(stdout).digest("hex"), days: JSON.parse(stdout) };
}

/** To the inbox by what is on the screen. */
async function toInbox({ page, t, act }) {
  await act(page.getByRole("link", { name: t("desk_title") }));
  await act(page.getByRole("navigation", { name: t("desk_nav") }).getByRole("link", { name: t("desk_inbox") }));
  await page.getByRole("heading", { name: t("merge_inbox"), level: 1 }).waitFor();
}

/** To the merged checklist of the site. */
async function toMerged({ page, t, act }) {
  await act(page.getByRole("region", { name: /南山农批|Nanshan wholesale/ }).getByRole("link", { name: t("merge_open_merged") }));
  await page.getByRole("heading", { name: t("merge_merged"), level: 2 }).waitFor();
}

/** The site's open card; the other site's, where it is asked for, comes first by its code. */
const open = ({ page, card }) => page.getByRole("region", { name: /南山农批|Nanshan wholesale/ }).locator(card("GEN-01"));

/** Keeps a value: the digit, the reason and Enter, or three taps. */
async function keep(who, name, why) {
  const { page, t, act } = who;
  const side = open(who).locator("[data-side]").filter({ hasText: name });
  await side.waitFor();
  if (who.keys) {
    const at = await side.getAttribute("data-side");
    // J until the card is the one meant.
    for (let tries = 0; !(await open(who).evaluate((it) => it.contains(document.activeElement))); tries += 1) {
      assert.ok(tries < 9, "J comes to every card");
      await page.keyboard.press("j");
    }
    await page.keyboard.press(at);
    await who.reach(page.getByLabel(t("merge_why")));
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(why);
    await page.keyboard.press("Enter");
  } else {
    await act(side.getByRole("button", { name: new RegExp(t("merge_keep", { name })) }));
    await act(page.getByRole("button", { name: why, exact: true }));
    await act(page.getByRole("button", { name: t("merge_confirm") }));
  }
  await open(who).waitFor({ state: "detached" });
}

/** The merged checklist as data, but for whose decision it is. */
async function data(who) {
  const [file] = await Promise.all([who.page.waitForEvent("download"), who.act(who.page.getByRole("button", { name: who.t("merge_json") }))]);
  const merged = JSON.parse(await readFile(await file.path(), "utf8"));
  return JSON.stringify(merged, (key, value) => (key === "mine" ? undefined : value));
}

test("two leads decide differently offline, and every device ends with one day", async () => {
  const [lin, wei] = await Promise.all([lead(server, "lead.produce", { keys: true, locale: "en", theme: "dark" }), lead(server, "lead.second", { keys: false, locale: "zh", theme: "light" })]);
  const both = [lin, wei];
  try {
    for (const who of both) {
      await toInbox(who);
      await open(who).waitFor();
      // The app is kept by the worker of the first visit: a reload without a server comes back.
      await who.page.evaluate(() => navigator.serviceWorker.ready);
    }

    // Cut before anything: both decide, and both are told that it is here and waits.
    await server.stop();
    await keep(lin, "Cai Shili", "The roster says two");
    await keep(wei, "米试样", wei.t("merge_phrase_2"));
    for (const who of both) {
      await who.page.getByRole("link", { name: new RegExp(who.t("sync_chip_waiting", { ops: 1 })) }).waitFor();
      assert.ok((await who.round()).includes(who.t("common_fail_offline")), "it says that the server is away, and that all is kept");
      await who.page.reload();
      await who.page.getByText(who.t("merge_fold_decided", { count: 1 }), { exact: true }).waitFor();
      await who.shot("two-leads-offline");
    }

    // The network is back for one of them, and goes in the middle of the other's round.
    await server.start();
    await lin.sync();
    await wei.act(wei.chip);
    const now = wei.page.getByRole("button", { name: wei.t("sync_now") });
    await now.waitFor();
    server.hold();
    // A round may begin by itself before she taps.
    const runs = wei.page.getByRole("button", { name: wei.t("common_cancel") }).waitFor();
    await Promise.race([wei.act(now).catch(() => {}), runs]);
    await runs;
    await server.stop();
    await wei.page.getByText(wei.t("common_fail_offline")).waitFor();
    await wei.back();
    await server.start();
    await wei.sync();
    await lin.sync();
    for (const who of both) {
      await open(who).getByText(who.t("merge_reopened_two")).waitFor();
      // Both decisions, each with its reason as it was given.
      for (const why of ["The roster says two", wei.t("merge_phrase_2")]) await open(who).getByText(why).waitFor();
      await who.shot("two-leads-split");
    }

    // One of them decides anew: it holds for both, and only its author may take it back.
    await keep(lin, "Mi Shiyang", "We looked at the roster together");
    await lin.sync();
    await wei.sync();
    await open(wei).waitFor({ state: "detached" });
    await wei.act(wei.page.locator("summary").filter({ hasText: wei.t("merge_fold_decided", { count: 1 }) }));
    await wei.page.getByText("We looked at the roster together").waitFor();
    await wei.page.getByText(wei.t("merge_not_mine")).waitFor();

    // Late data, while only one of them has a network: open again there, with what was decided and
    // what came late; on the other as soon as it hears of it.
    await wei.context.setOffline(true);
    await late("insp.produce2", { inspection: checks["insp.produce2"][0], answers: { "GEN-01": { count: 4 } }, why: "One more came at noon" });
    await lin.sync();
    await open(lin).getByText(lin.t("merge_reopened"), { exact: true }).waitFor();
    await open(lin).getByText(lin.t("merge_late")).waitFor();
    await lin.shot("two-leads-late");
    assert.equal(await open(wei).count(), 0, "nothing came here");
    await wei.context.setOffline(false);
    await wei.sync();
    await open(wei).getByText(wei.t("merge_reopened"), { exact: true }).waitFor();
    await open(wei).getByText("We looked at the roster together").waitFor();
    await wei.shot("two-leads-late");
    await keep(wei, "米试样", wei.t("merge_phrase_1"));

    // Signed with the network gone; what was signed is here, and goes when there is one.
    await server.stop();
    await toMerged(wei);
    await wei.act(wei.page.getByRole("button", { name: wei.t("merge_sign"), exact: true }));
    await draw(wei.page, wei.t("check_draw_here"));
    await wei.act(wei.page.getByRole("button", { name: wei.t("check_save"), exact: true }));
    await wei.page.getByRole("button", { name: wei.t("merge_sign_again") }).waitFor();
    await wei.page.reload();
    await wei.page.getByRole("button", { name: wei.t("merge_sign_again") }).waitFor();
    await server.start();
    await wei.sync();
    await lin.sync();
    await toMerged(lin);
    await lin.page.getByText("魏副手").or(lin.page.getByText("Wei Fushou")).first().waitFor();
    assert.equal(await lin.page.getByText(lin.t("merge_is_after")).count(), 0, "nothing came after it");
    await lin.back();

    // A correction of a signed check, and a check voided: both are said, neither is lost.
    await late("insp.produce1", { inspection: checks["insp.produce1"][0], answers: { "GEN-02": { result: "fail", reason: "the notice is old" } }, why: "seen too late" });
    await late("insp.produce2", { inspection: checks["insp.produce2"][1], void: "wrong site" });
    for (const who of both) {
      await who.sync();
      if (who === wei) await who.back();
      await who.act(who.page.locator("summary").filter({ hasText: who.t("merge_fold_suspicious", { count: 2 }) }));
      await who.page.getByText(who.t("merge_s_after", { name: who === lin ? "Cai Shili" : "蔡示例", what: who.t("merge_k_answered") })).waitFor();
      await who.shot("two-leads-after-whole");
      await toMerged(who);
      await who.page.getByText(who.t("merge_is_after")).waitFor();
      await who.shot("two-leads-merged-whole");
    }

    // The same on every device: the data of both screens, and the day of both phones byte by byte.
    const [one, other] = [await data(lin), await data(wei)];
    assert.equal(one, other);
    const [ada, ben] = await Promise.all(Object.values(phones).map(dayOf));
    assert.equal(ada.sha256, ben.sha256);
    assert.equal(ada.days[0].open, 0, "all is decided");

    // The merged checklist of the other site no longer counts the check that was voided.
    await lin.back();
    await lin.act(lin.page.getByRole("navigation", { name: lin.t("desk_nav") }).getByRole("link", { name: lin.t("desk_board") }));
    await lin.page.getByRole("region", { name: lin.t("desk_figures") }).getByText(lin.t("desk_state_voided")).waitFor();
    for (const who of both) {
      assert.deepEqual(who.complaints, []);
      assert.deepEqual(who.barriers, [], "axe finds nothing serious");
    }
  } catch (error) {
    for (const who of both) await who.shot("two-leads-broken").catch(() => {});
    throw error;
  } finally {
    for (const who of both) await who.close();
  }
});
