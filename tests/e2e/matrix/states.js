// The inspector's screens in states that the pictures of the guide do not show.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { calm, item, part } from "../harness/inspector.js";
import { jpeg } from "../harness/jpeg.js";
import { file, TABLE, TAG } from "../harness/loggers.js";
import { portal } from "../harness/portal.js";
import { roomFor } from "../harness/room.js";

const run = promisify(execFile);
const close = ({ page, t }) => page.getByRole("dialog").last().getByRole("button", { name: t("common_close") }).click();

/** Before anything is recorded: nothing yet, nothing found, a code to be scanned. */
export async function beforeWork(ada) {
  const { page, t, take } = ada;
  await page.getByText(t("today_no_drafts")).waitFor();
  await take("today-empty");
  await page.getByRole("link", { name: t("today_start") }).click();
  await page.getByRole("searchbox").fill("xyz");
  await page.getByText(t("site_none")).waitFor();
  await take("sites-none");
  await page.getByRole("button", { name: t("site_add") }).click();
  await take("site-add");
  await close(ada);
  await page.getByRole("button", { name: t("site_scan") }).click();
  await page.getByRole("dialog").getByRole("status").first().waitFor();
  await take("scan");
  await close(ada);
  await page.getByRole("link", { name: t("common_back") }).click();
}

/** A browser that tells no place and has no camera: both are said, and there is a way on. */
export async function denied(ada) {
  const { page, context, t, take } = ada;
  await context.clearPermissions();
  await page.getByRole("link", { name: t("today_start") }).click();
  await page.getByText(t("site_near_denied")).waitFor();
  await take("sites-no-place");
  await page.getByRole("searchbox").fill("nsnp");
  await page.getByRole("button", { name: /NS-MKT/ }).first().click();
  await page.getByLabel(t("site_place_why")).waitFor();
  await take("start-no-place");
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("link", { name: t("common_back") }).click();
  await context.grantPermissions(["geolocation"]);
}

/** No room left for an answer and for a photo, and a Wi-Fi's own page where the server was. */
export async function obstacles(ada, server) {
  const { page, t, take } = ada;
  const back = () => page.getByRole("link", { name: t("common_back") }).click();
  const toSync = () => page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await toSync();
  await page.getByText(t("sync_nothing")).waitFor();
  await take("sync-nothing");
  await back();

  await page.locator('a[href^="/check/"]').filter({ hasText: ada.say("冷库", "cold") }).first().click();
  await part(ada, "check_common");
  const letter = item(ada, "GEN-02");
  const camera = letter.getByLabel(t("check_photo_of", { item: "GEN-02" }), { exact: true });
  const room = await roomFor(ada, server);
  await room(0);
  await camera.setInputFiles({ name: "1.jpg", mimeType: "image/jpeg", buffer: jpeg(9, 3_000_000) });
  await letter.getByText(t("photo_fail_full")).waitFor();
  await letter.scrollIntoViewIfNeeded();
  await take("photo-full");
  await room(null);
  await letter.getByRole("button", { name: t("photo_retry", { count: 1 }) }).click();
  await letter.getByText(t("photo_fail_full")).waitFor({ state: "detached" });
  await camera.setInputFiles({ name: "letter.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") });
  await letter.getByText(t("photo_fail_none")).waitFor();
  await take("photo-none");
  await back();

  await server.stop();
  await toSync();
  const now = page.getByRole("button", { name: t("sync_now") });
  await portal(server, async () => {
    await now.click();
    await page.getByText(t("common_fail_not_our_server")).waitFor({ timeout: 30_000 });
    await take("sync-portal");
  });
  await now.click();
  await page.getByText(t("common_fail_offline")).waitFor({ timeout: 30_000 });
  await take("sync-offline");
  await server.start();
  await back();
}

/** A check under way: reasons, a history, photos in the hand, a photo's facts, and a check that is void. */
export async function work(ada, scenes) {
  const { page, t, take, say } = ada;
  const photo = (name) => ({ name, mimeType: "image/jpeg", buffer: scenes[name] });
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByLabel(t("today_camera"), { exact: true }).setInputFiles(photo("fence.jpg"));
  const tray = page.getByRole("group", { name: t("photo_tray") });
  await tray.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
  await take("photo-first");
  await tray.getByRole("button", { name: t("photo_done") }).click();
  await page.getByRole("heading", { name: t("today_loose", { count: 1 }) }).waitFor();
  await take("today-loose");

  await page.locator('a[href^="/check/"]').filter({ hasText: say("冷库", "cold") }).first().click();
  await logger(ada);
  await part(ada, "check_lot");
  await take("part-empty");
  await part(ada, "check_common");
  const letter = item(ada, "GEN-02");
  await letter.getByRole("button", { name: t("common_na"), exact: true }).click();
  await take("not-applicable");
  await letter.getByRole("button", { name: t("common_pass"), exact: true }).click();
  await calm(page);
  await letter.getByRole("button", { name: t("common_fail"), exact: true }).click();
  await letter.getByRole("group", { name: t("check_finding") }).waitFor();
  await take("fail");
  await letter.getByRole("button", { name: t("check_phrases_edit") }).click();
  await take("phrases");
  await close(ada);
  await letter.getByRole("button", { name: t("check_history", { item: "GEN-02" }) }).click();
  await page.getByRole("dialog").getByRole("listitem").nth(1).waitFor();
  await take("history");
  await close(ada);
  await calm(page);
  await letter.getByRole("button", { name: t("common_pass"), exact: true }).click();
  await letter.getByLabel(t("check_photo_of", { item: "GEN-02" }), { exact: true }).setInputFiles(photo("gate.jpg"));
  await letter.getByRole("button", { name: t("photo_show", { number: 1 }) }).click();
  await page.getByRole("button", { name: t("photo_facts") }).click();
  await page.getByText("SHA-256").waitFor();
  await take("photo-facts");
  await close(ada);
  await page.getByRole("button", { name: t("check_free_finding") }).click();
  await take("free-finding");
  await close(ada);
  await page.getByRole("link", { name: t("check_finish") }).click();
  await page.getByRole("heading", { name: t("check_signatures") }).waitFor();
  await take("finish-missing");
  await page.getByRole("button", { name: t("check_void"), exact: true }).click();
  await take("void");
  await close(ada);
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("link", { name: t("common_back") }).click();
  await instruments(ada);
}

/** The register of instruments: empty, one that is not filled in well, one that waits for its check. */
async function instruments(ada) {
  const { page, t, take } = ada;
  const sheet = page.getByRole("dialog").last();
  await page.getByRole("link", { name: t("common_settings") }).click();
  await page.getByRole("link", { name: t("instrument_settings") }).click();
  await page.getByText(t("instrument_none")).waitFor();
  await take("instruments-none");
  await page.getByRole("button", { name: t("instrument_add") }).click();
  await sheet.getByLabel(t("instrument_number"), { exact: false }).fill("TP-0042");
  await sheet.getByLabel(t("instrument_mpe"), { exact: false }).fill("half");
  await sheet.getByRole("button", { name: t("instrument_keep"), exact: true }).click();
  await sheet.getByRole("alert").waitFor();
  await take("instrument-form");
  await sheet.getByLabel(t("instrument_mpe"), { exact: false }).fill("0.5");
  await calm(page);
  await sheet.getByRole("button", { name: t("instrument_keep"), exact: true }).click();
  await page.getByText(t("instrument_kept", { number: "TP-0042" })).waitFor();
  await take("instruments");
  await page.getByRole("button", { name: new RegExp(t("instrument_check")) }).click();
  await sheet.getByText(t("instrument_check_how")).waitFor();
  await take("ice-check");
  await close(ada);
  for (let back = 0; back < 2; back += 1) await page.getByRole("link", { name: t("common_back") }).click();
}

/** A logger's file: what it leaves open, what it says, and one that is none. */
async function logger(ada) {
  const { page, t, take } = ada;
  await part(ada, "check_room");
  const log = item(ada, "CCS-06");
  const picked = log.getByLabel(t("log_import")).or(log.getByLabel(t("log_replace_by_file"))).first();
  const sheet = page.getByRole("dialog");
  const away = async () => {
    await calm(page);
    await sheet.getByRole("button", { name: t("log_file_put_away") }).click();
    await sheet.waitFor({ state: "detached" });
  };
  await picked.setInputFiles(file("room-3.csv", "text/csv", TABLE));
  await sheet.getByRole("button", { name: /GBK/ }).click();
  await sheet.getByRole("heading", { name: /日期|dates/ }).waitFor();
  await take("logger-question");
  await away();
  await picked.setInputFiles(file("tag.txt", "text/plain", TAG));
  await sheet.getByRole("button", { name: /\+08:00/ }).click();
  await calm(page);
  await sheet.getByRole("button", { name: /仍然读入|read it all the same/ }).click();
  await sheet.getByText(t("log_file_alarms")).waitFor();
  await take("logger-read");
  await away();
  await picked.setInputFiles(file("log.pdf", "application/pdf", "%PDF-1.7\n"));
  await sheet.getByRole("alert").waitFor();
  await take("logger-refused");
  await away();
}

/** A second tab, and a device that was revoked, with all others. `program` is the server's, `data` its folder. */
export async function trouble(ada, { program, data }) {
  const { page, context, t, take } = ada;
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByText(t("common_elsewhere"), { exact: true }).waitFor();
  await take("elsewhere", second);
  await second.close();

  const admin = (...args) => run(program, ["admin", ...args, "--data", data, "--json"]);
  const { stdout } = await admin("device", "list");
  for (const { log } of stdout.trim().split("\n").flatMap((it) => JSON.parse(it))) await admin("device", "revoke", "--reason", "lost", log).catch(() => {});
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).click();
  await page.getByText(t("common_fail_revoked")).waitFor({ timeout: 30_000 });
  await take("sync-revoked");
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByText(t("today_revoked")).waitFor();
  await take("revoked");
}
