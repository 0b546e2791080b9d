// What an inspector reads and counts: a log with its gap, a value with its history, one instrument
// for a whole check, people in a time. By touch, on a phone, through a reload.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { begin, calm, item, part, place, press } from "./harness/inspector.js";
import { settled } from "./harness/person.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;
let ada;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-readings-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  ada = await enrolled(server, { locale: "zh", theme: "light" }, "insp.produce1");
});

after(async () => {
  await ada?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

async function tried(name, act) {
  try {
    await act(ada);
    assert.deepEqual(ada.complaints, []);
    assert.deepEqual(ada.barriers, [], "axe finds nothing serious");
  } catch (error) {
    await ada.shot(`${name}-broken`);
    throw error;
  }
}

const save = ({ t }, within) => within.getByRole("button", { name: t("check_save"), exact: true }).tap();

test("a value keeps its history, and the instrument is named once a check", () =>
  tried("history", async (ada) => {
    const { page, t, shot } = ada;
    await begin(ada, "NS-MKT-CS", /NS-MKT-CS/, /冷/);
    await place(ada, "check_room", "1号冷冻间");
    const freezer = item(ada, "CCS-03");
    const pad = page.getByRole("dialog");
    const read = async (keys) => {
      await freezer.locator(".editor button").first().tap();
      await press(ada, keys, "tap");
      await save(ada, pad);
      await pad.waitFor({ state: "detached" });
      await calm(page);
    };
    await freezer.locator(".editor button").first().tap();
    await pad.getByText(t("check_instrument_none")).waitFor();
    await pad.getByRole("button", { name: t("check_instrument_choose") }).tap();
    await pad.getByLabel(t("check_instrument_number")).fill("T-17");
    await pad.getByRole("button", { name: t("check_instrument_use") }).tap();
    await pad.getByText("T-17").first().waitFor();
    await press(ada, "18.5", "tap");
    await save(ada, pad);
    await pad.waitFor({ state: "detached" });
    await freezer.getByText(t("check_by_instrument", { number: "T-17" })).waitFor();

    // The second reading names it by itself, after a reload too.
    await settled(page);
    await page.reload();
    await read("17");
    await freezer.getByText("−17 °C").waitFor();
    await freezer.getByText(t("check_by_instrument", { number: "T-17" })).waitFor();
    await freezer.getByRole("button", { name: t("check_history", { item: "CCS-03" }) }).tap();
    const then = pad.getByRole("listitem");
    await then.filter({ hasText: "−18.5 °C" }).waitFor();
    assert.equal(await then.count(), 2);
    assert.equal(await then.filter({ hasText: "−17 °C" }).filter({ hasText: t("check_current") }).count(), 1);
    assert.equal(await then.filter({ hasText: "−18.5 °C" }).filter({ hasText: t("check_current") }).count(), 0, "what was said before is not current, and not gone");
    await shot("history");
    await pad.getByRole("button", { name: t("common_close") }).tap();

    // Taken back with one tap: what was said before holds again.
    await read("16");
    await page.getByRole("button", { name: t("common_undo") }).tap();
    await freezer.getByText("−17 °C").waitFor();
  }));

test("a log is typed, drawn with its limit and its gap, kept through a reload, and shown on the record", () =>
  tried("log", async (ada) => {
    const { page, t, shot } = ada;
    const log = item(ada, "CCS-06");
    const sheet = page.getByRole("dialog");
    await log.getByRole("button", { name: t("log_enter") }).tap();
    const add = async (keys, value) => {
      await press(ada, keys, "tap");
      await sheet.getByRole("button", { name: t("log_add"), exact: true }).tap();
      await sheet.locator("li strong").filter({ hasText: value }).first().waitFor();
      await calm(page);
    };
    // Below zero by itself, since the limit is.
    await add("18.6", "−18.6 °C");
    await add("18.4", "−18.4 °C");
    const later = sheet.getByRole("button", { name: t("log_on_by", { minutes: 30 }) });
    for (let steps = 0; steps < 3; steps += 1) await later.tap();
    await add("15.2", "−15.2 °C");
    const told = [t("log_spoken", { count: 3, min: "−18.6", max: "−15.2", unit: "°C" }), "≤ −18.0 °C", t("log_spoken_beyond", { count: 1 }), t("log_spoken_gaps", { count: 1 })];
    const drawn = async (within) => {
      const spoken = await within.getByRole("img", { name: told[0] }).getAttribute("aria-label");
      for (const words of told) assert.ok(spoken.includes(words), `${words}: ${spoken}`);
      assert.equal(await within.locator(".limit").count(), 1, "the limit is a line");
      assert.equal(await within.locator(".gap").count(), 1, "the gap is hatched");
      assert.equal(await within.locator("polygon.mark").count(), 1, "what is beyond the limit has a mark");
    };
    await sheet.getByRole("img", { name: told[0] }).waitFor();
    await drawn(sheet);
    await shot("log-typed");

    // A draft survives whatever happens; then it is saved as the answer.
    await page.reload();
    await log.getByRole("button", { name: t("log_go_on", { count: 3 }) }).tap();
    await sheet.getByRole("button", { name: t("log_save", { count: 3 }) }).tap();
    await sheet.waitFor({ state: "detached" });
    await page.reload();
    await log.getByRole("img", { name: told[0] }).waitFor();
    await drawn(log);

    // A logger's file takes its place, with a reason; one that is none is refused in words.
    const file = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });
    const picked = log.getByLabel(t("log_replace_by_file"));
    await picked.setInputFiles(file("logger.json", "time,value"));
    await log.getByText(t("log_not_json", { name: "logger.json" })).waitFor();
    const readings = [...Array(48)].map((_, at) => [new Date(Date.UTC(2021, 5, 1, 0, 30 * at)).toISOString(), at === 20 ? "-16.9" : `-18.${at % 10}`]);
    await picked.setInputFiles(file("L-7.json", JSON.stringify({ unit: "°C", interval_min: 30, instrument: "L-7", probe: null, place: null, readings })));
    await sheet.getByRole("img", { name: /48/ }).waitFor();
    const keep = sheet.getByRole("button", { name: t("log_save", { count: 48 }) });
    assert.ok(await keep.isDisabled(), "not without a reason");
    await sheet.getByLabel(t("log_why")).fill("仪器导出");
    await shot("log-file");
    await keep.tap();
    await sheet.waitFor({ state: "detached" });
    await log.getByRole("img", { name: /48/ }).waitFor();
    await log.getByText(t("log_instrument_is", { instrument: "L-7" })).waitFor();

    await page.getByRole("link", { name: t("check_finish") }).tap();
    await page.getByRole("link", { name: t("check_see_record") }).tap();
    await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
    await page.locator("article").getByRole("img", { name: /48/ }).waitFor();
    await shot("log-record-whole");
  }));

test("people are counted by one thumb, through a reload", () =>
  tried("count", async (ada) => {
    const { page, t, shot } = ada;
    await page.goto(server.url);
    await begin(ada, "nsnp", /NS-MKT/, /入口|市场/);
    await place(ada, "check_gate", "北门");
    const queue = item(ada, "ENT-07");
    await queue.getByRole("button", { name: t("check_watch_start") }).tap();
    const watch = queue.getByRole("group", { name: t("check_watch") });
    // Two taps at once are two people here.
    for (let people = 0; people < 4; people += 1) await watch.locator(".plus").tap();
    await watch.locator(".less").tap();
    await shot("count");
    await page.reload();
    await part(ada, "check_gate");
    assert.equal(await watch.getByLabel(t("check_count"), { exact: true }).textContent(), "3", "neither count nor time is lost");
    await watch.locator(".end button").last().tap();
    await watch.waitFor({ state: "detached" });
    assert.equal(await queue.locator(".stepper input").first().inputValue(), "3");
    const seconds = Number(await queue.locator(".stepper input").nth(1).inputValue());
    assert.ok(seconds >= 1, "the time went on through the reload");
    for (const at of [2, 3]) await queue.locator(".stepper input").nth(at).fill("0");
    await queue.locator(".stepper input").last().blur();
    await save(ada, queue);
    await queue.locator(".said").getByText(new RegExp(`3.*${seconds}`)).waitFor();

    // A share of people, by steps and by typing.
    const screened = item(ada, "ENT-03");
    await screened.locator(".stepper input").first().fill("20");
    await screened.locator(".stepper input").nth(1).fill("18");
    await screened.locator(".stepper input").nth(1).blur();
    await screened.locator(".stepper button").last().tap();
    await save(ada, screened);
    await screened.locator(".said").getByText(/19.*20|20.*19/).waitFor();
  }));
