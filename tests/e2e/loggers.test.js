// A logger's own file on a phone: what it leaves open is asked, one thing at a time, through a reload;
// then it is drawn, kept as it is beside its readings, and compared with the limits.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { visit } from "./harness/enrolled.js";
import { begin, calm, item, place, press } from "./harness/inspector.js";
import { file, LOGTAG, TABLE, TAG } from "./harness/loggers.js";
import { settled } from "./harness/person.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-loggers-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** A room whose temperature was read: what was read against is what a log is drawn against. */
async function room(who, named) {
  await begin(who, "NS-MKT-CS", /NS-MKT-CS/, /冷|[Cc]old/);
  await place(who, "check_room", named);
  const freezer = item(who, "CCS-03");
  await freezer.locator(".editor button").first().tap();
  await press(who, "18.5", "tap");
  const pad = who.page.getByRole("dialog");
  await pad.getByRole("button", { name: who.t("check_save"), exact: true }).tap();
  await pad.waitFor({ state: "detached" });
}

test("a table in Chinese is asked about step by step, through a reload, drawn, and kept as it is", () =>
  visit(server, { locale: "zh" }, "insp.produce1", "logger-table", async (ada) => {
    const { page, t, shot } = ada;
    await room(ada, "1号冷冻间");
    const log = item(ada, "CCS-06");
    const sheet = page.getByRole("dialog");
    await log.getByLabel(t("log_import")).setInputFiles(file("三号库.csv", "text/csv", TABLE));
    await sheet.getByRole("button", { name: /GBK.*时间,温度/ }).waitFor();
    await shot("logger-encoding");
    await sheet.getByRole("button", { name: /GBK/ }).tap();
    await sheet.getByRole("heading", { name: /日期/ }).waitFor();
    await settled(page);

    // The file and the answer are on the device: a reload goes on there.
    await page.reload();
    await log.getByRole("button", { name: t("log_file_go_on", { name: "三号库.csv" }) }).tap();
    await sheet.getByRole("button", { name: /日-月-年/ }).waitFor();
    await shot("logger-date");
    // A wet thumb taps twice: the echo answers nothing that comes to lie under it.
    const wrong = await sheet.getByRole("button", { name: /月-日-年/ }).boundingBox();
    await page.touchscreen.tap(wrong.x + 40, wrong.y + 20);
    await page.touchscreen.tap(wrong.x + 40, wrong.y + 20);
    await sheet.getByRole("heading", { name: /时区/ }).waitFor();
    // The wrong one is taken back.
    await calm(page);
    await sheet.getByRole("button", { name: t("log_file_back") }).tap();
    await sheet.getByRole("button", { name: /日-月-年/ }).tap();
    await sheet.getByRole("heading", { name: /时区/ }).waitFor();
    await shot("logger-zone");
    await sheet.getByRole("button", { name: /\+08:00/ }).tap();
    const drawn = t("log_spoken", { count: 4, min: "−18.6", max: "−15.2", unit: "°C" });
    await sheet.getByRole("img", { name: drawn }).waitFor();
    await sheet.getByText("2021-06-03 08:00").first().waitFor();
    await sheet.getByLabel(t("log_place")).fill("库门");
    await shot("logger-read");
    await sheet.getByRole("button", { name: t("log_save", { count: 4 }) }).tap();
    await sheet.waitFor({ state: "detached" });

    await settled(page);
    await page.reload();
    await log.getByRole("img", { name: drawn }).waitFor();
    await settled(page);
    await log.getByText(/三号库\.csv.*SHA-256/).waitFor();
    await log.getByText("库门").waitFor();
    assert.equal(await log.getByRole("button", { name: t("log_file_go_on", { name: "三号库.csv" }) }).count(), 0, "a saved file is no draft");

    // Each time out of range takes what was done about it.
    await log.getByText(t("log_out_count", { count: 1, done: 0 })).waitFor();
    await shot("log-excursion");
    await log.getByRole("button", { name: t("log_out_act") }).tap();
    await sheet.getByLabel(t("log_out_act_label")).fill("货物移到2号库，报修");
    await shot("log-excursion-act");
    await sheet.getByRole("button", { name: t("check_save"), exact: true }).tap();
    await log.getByText(t("log_out_count", { count: 1, done: 1 })).waitFor();
    await log.getByText("货物移到2号库，报修").scrollIntoViewIfNeeded();
    await shot("log-excursion-done");

    // What is no text says what to do with it, and is put away.
    await log.getByLabel(t("log_replace_by_file")).setInputFiles(file("log.pdf", "application/pdf", "%PDF-1.7\n"));
    await sheet.getByRole("alert").filter({ hasText: "PDF" }).waitFor();
    await shot("logger-refused");
    await sheet.getByRole("button", { name: t("log_file_put_away") }).tap();
    await sheet.waitFor({ state: "detached" });
    await log.getByRole("img", { name: drawn }).waitFor();
    await log.getByLabel(t("log_replace_by_file")).setInputFiles(file("none.csv", "text/csv", ""));
    await log.getByRole("alert").filter({ hasText: t("log_file_empty", { name: "none.csv" }) }).waitFor();
    // Neither GBK nor anything else that is asked about: the line is named.
    await log.getByLabel(t("log_replace_by_file")).setInputFiles(file("cut.csv", "text/csv", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("a\nb", "utf16le"), Buffer.from([0x00, 0xd8])])));
    await sheet.getByRole("alert").filter({ hasText: "第 2 行" }).waitFor();
  }));

test("a table in UTF-16 whose one line says both alarms is compared with the limit", () =>
  visit(server, { locale: "zh" }, "insp.produce3", "logger-logtag", async (eve) => {
    const { page, t, shot } = eve;
    await room(eve, "2号冷冻间");
    const log = item(eve, "CCS-06");
    const sheet = page.getByRole("dialog");
    await log.getByLabel(t("log_import")).setInputFiles(file("logtag.csv", "text/csv", LOGTAG));
    await sheet.getByRole("button", { name: /\+08:00/ }).tap();
    await sheet.getByText(t("log_file_alarms")).waitFor();
    await sheet.getByText(/高温 · −18\.0 °C/).waitFor();
    await sheet.getByText(/低温 · −25\.0 °C/).waitFor();
    assert.equal(await sheet.getByText(t("log_file_wrong")).count(), 0, "it is set as the limit asks");
    await shot("logger-logtag");
    await calm(page);
    await sheet.getByRole("button", { name: t("log_save", { count: 3 }) }).tap();
    await sheet.waitFor({ state: "detached" });
    await log.getByText(/logtag\.csv.*SHA-256/).waitFor();
  }));

test("a logger set otherwise than the limit asks becomes a finding with one tick", () =>
  visit(server, { locale: "en", theme: "dark" }, "insp.produce2", "logger-tag", async (ben) => {
    const { page, t, shot } = ben;
    await room(ben, "Freezer 1");
    const log = item(ben, "CCS-06");
    const sheet = page.getByRole("dialog");
    await log.getByLabel(t("log_import")).setInputFiles(file("tag.txt", "text/plain", TAG));
    for (const answer of [/\+08:00/, /read it all the same/]) {
      await sheet.getByRole("button", { name: answer }).tap();
      await calm(page);
    }
    await sheet.getByText(/alarm is set to −12\.0, expected −18/).waitFor();
    await sheet.getByRole("img", { name: /readings 2/ }).waitFor();
    await shot("logger-tag");
    await sheet.getByRole("button", { name: t("log_save", { count: 2 }) }).tap();
    await sheet.waitFor({ state: "detached" });
    await log.getByText(/-12\.0, expected -18/).waitFor();
    await log.getByText(/logger Q-tag Fridge-tag 2 L 990000000009/).waitFor();
    await page.getByRole("link", { name: t("check_finish") }).tap();
    await page.getByRole("link", { name: t("check_see_record") }).tap();
    await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
    await page.locator("article").getByText(/-12\.0, expected -18/).first().waitFor();
    await shot("logger-record-whole");
  }));
