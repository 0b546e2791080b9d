// What goes wrong in the field: each is said in words, leaves a way on, and loses nothing that was
// acknowledged.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { enrolled } from "./harness/enrolled.js";
import { item, part, start } from "./harness/inspector.js";
import { jpeg } from "./harness/jpeg.js";
import { person } from "./harness/person.js";
import { portal } from "./harness/portal.js";
import { roomFor } from "./harness/room.js";
import { Server } from "./harness/server.js";
import { inWorker } from "./harness/worker.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB, CHROMIUM = "/usr/bin/chromium" } = process.env;
const run = promisify(execFile);
/** The browser's own report of an answer that is no success: we have our words for it. */
const REPORTED = /Failed to load resource/;
const DAY_MS = 86_400_000;
let home;
let server;
/** A link that was used. */
let used;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-trouble-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

async function tried(who, name, act) {
  try {
    await act();
    assert.deepEqual(who.complaints.filter((it) => !REPORTED.test(it)), []);
    assert.deepEqual(who.barriers ?? [], [], "axe finds nothing serious");
  } catch (error) {
    await who.shot?.(`${name}-broken`);
    throw error;
  } finally {
    await who.close();
  }
}

/** Syncs by hand, and gives how much waits afterwards. */
async function sync({ page, t }, words) {
  // The button stays under the thumb: a second tap at once would be a wet screen's.
  await page.waitForTimeout(350);
  await page.getByRole("button", { name: t("sync_now") }).tap();
  await page.getByText(words).waitFor({ timeout: 30_000 });
  return Number(await page.locator("dl .digits").first().textContent());
}

test("camera and place refused, a full device, portals and strangers: words, a way on, and nothing lost", async () => {
  const ada = await enrolled(server, { locale: "zh", theme: "light", place: false }, "insp.produce1");
  used = server.links["insp.produce1"];
  const { page, t, shot } = ada;
  await tried(ada, "trouble", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    // No place, no camera: both are said, and the code is typed.
    await page.getByRole("link", { name: t("today_start") }).tap();
    await page.getByText(t("site_near_denied")).waitFor();
    await page.getByRole("button", { name: t("site_scan") }).tap();
    const scanner = page.getByRole("dialog");
    await scanner.getByText(t("scan_denied")).or(scanner.getByText(t("scan_none"))).waitFor();
    await shot("camera-denied");
    await scanner.getByLabel(t("site_code")).fill("NS-MKT");
    await scanner.getByRole("button", { name: t("scan_use") }).tap();
    await page.getByLabel(t("site_place_why")).fill("室内无信号");
    await shot("place-denied");
    await start(ada);
    await part(ada, "check_common");

    // What is no photo is refused at once; the one before it stays.
    const card = item(ada, "GEN-02");
    const pass = card.getByRole("button", { name: t("common_pass"), exact: true });
    await pass.tap();
    const camera = card.getByLabel(t("check_photo_of", { item: "GEN-02" }), { exact: true });
    const take = (buffer, name) => camera.setInputFiles({ name: `${name}.jpg`, mimeType: "image/jpeg", buffer });
    const taken = (count) => card.getByText(t("photo_taken", { count })).waitFor();
    await take(jpeg(1, 50_000), 1);
    await taken(1);
    await take(Buffer.from("not a photo at all"), "letter");
    await card.getByText(t("photo_fail_none")).waitFor();
    await take(Buffer.alloc(0), "empty");
    await card.getByText(t("photo_fail_empty")).waitFor();
    await taken(1);

    // No room left: it is said, what was acknowledged stays, and the photo is not thrown away.
    const room = await roomFor(ada, server);
    await room(0);
    await take(jpeg(2, 3_000_000), 2);
    await card.getByText(t("photo_fail_full")).waitFor();
    await shot("full");
    await taken(1);
    await room(null);
    await card.getByRole("button", { name: t("photo_retry", { count: 1 }) }).tap();
    await taken(2);
    await card.getByRole("button", { name: t("photo_done") }).tap();
    await card.getByRole("group", { name: t("photo_tray") }).waitFor({ state: "detached" });
    await card.getByRole("button", { name: t("photo_show", { number: 2 }) }).waitFor();
    await server.stop();
    await page.reload();
    await card.getByRole("button", { name: t("photo_show", { number: 2 }) }).waitFor();

    // A sign-in page and another server are not the server: nothing moves, and it is said.
    await item(ada, "GEN-03").getByRole("button", { name: t("common_pass"), exact: true }).tap();
    await page.getByRole("button", { name: t("common_undo") }).waitFor();
    await page.getByRole("link", { name: t("common_back") }).tap();
    await page.getByRole("link", { name: new RegExp(t("sync_title")) }).tap();
    const waits = await sync(ada, t("common_fail_offline"));
    assert.ok(waits > 0, "something waits");
    await portal(server, async () => assert.equal(await sync(ada, t("common_fail_not_our_server")), waits));
    await shot("portal");
    const stranger = new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "stranger") });
    stranger.url = server.url;
    await stranger.start();
    try {
      const [words] = t("common_fail_refused").split(/ ?[(（]/);
      assert.equal(await sync(ada, words), waits, "another server gets nothing");
      await shot("stranger");
    } finally {
      await stranger.stop();
    }
    await server.start();
    assert.equal(await sync(ada, t("sync_nothing")), 0, "the server itself gets all of it");

    // Revoked: it is said on home and where things are sent, and what is recorded waits here.
    const admin = (...args) => run(SPOTCHECK_SERVER, ["admin", ...args, "--data", join(home, "server"), "--json"]);
    const { stdout } = await admin("device", "list");
    const devices = stdout.trim().split("\n").flatMap((it) => JSON.parse(it));
    await admin("device", "revoke", "--reason", "lost", devices[0].log);
    await sync(ada, t("common_fail_revoked"));
    await page.getByRole("link", { name: t("common_back") }).tap();
    await page.getByText(t("today_revoked")).waitFor();
    await shot("revoked");
    await page.locator('a[href^="/check/"]').first().tap();
    await part(ada, "check_common");
    await item(ada, "GEN-06").getByRole("button", { name: t("check_signed"), exact: true }).tap();
    await item(ada, "GEN-06").locator(".said").waitFor();
  });
});

/** Two days ahead, where the core asks for the time. */
const AHEAD = `{
  const RightDate = Date;
  const ahead = () => RightDate.now() + ${2 * DAY_MS};
  globalThis.Date = class extends RightDate {
    static now = ahead;
    constructor(...given) {
      super(...(given.length > 0 ? given : [ahead()]));
    }
  };
}\n`;

test("an old browser, a wrong or used link, a clock two days ahead, a second tab: words in one's language, and a way on", async () => {
  await server.up();
  const ben = await person({ program: CHROMIUM, locale: "en", theme: "dark", desktop: true, context: { serviceWorkers: "block" } });
  const { page, context, t } = ben;
  await tried(ben, "trouble", async () => {
    const old = await context.newPage();
    await old.addInitScript(() => delete Promise.any);
    await old.goto(server.url);
    for (const words of ["飞检需要更新的浏览器", "Spotcheck needs a newer browser"]) await old.getByRole("heading", { name: words }).waitFor();
    await old.close();

    await inWorker(context, AHEAD);
    await page.goto(server.url);
    const link = page.getByLabel(t("enrol_link"));
    const enrol = page.getByRole("button", { name: t("enrol_go") });
    const said = (words) => page.getByText(words).waitFor();
    for (const garbage of ["hello", "https://example.org/", "https://example.org/#enrol=", "ftp://example.org/#enrol=x", "{}"]) {
      await link.fill(garbage);
      await enrol.click();
      await said(t("enrol_bad_link"));
      await page.waitForTimeout(350);
    }
    const wellFormed = server.links["insp.produce2"];
    // Cut in the middle, another server's, nobody's: each is said, and the box keeps what was pasted.
    const [, code] = wellFormed.split("#enrol=");
    for (const [text, words] of [[wellFormed.slice(0, -8), /./], [`http://127.0.0.1:9/#enrol=${code}`, t("enrol_unreachable")], [used, t("enrol_refused")]]) {
      await link.fill(text);
      await enrol.click();
      await page.getByRole("alert").or(page.locator(".notice")).getByText(words).first().waitFor();
      assert.equal(await link.inputValue(), text);
      await page.waitForTimeout(350);
    }
    await link.fill(wellFormed);
    await enrol.click();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();

    // The clock is said to be wrong; what is recorded is sent all the same.
    await said(t("today_clock"));

    // A second tab is told where the app is open, and takes over when that one is closed.
    const second = await context.newPage();
    await second.goto(server.url);
    await second.getByText(t("common_elsewhere"), { exact: true }).waitFor();
    await page.getByRole("link", { name: t("today_start") }).click();
    await page.getByRole("searchbox").waitFor();
    await page.close();
    await second.getByRole("button", { name: t("common_reload") }).click();
    await second.getByRole("heading", { name: t("today_drafts") }).waitFor();
  });
});
