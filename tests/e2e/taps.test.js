// How many taps it takes: counted, so that nobody adds one unseen. A photo is one, on the button
// that opens the phone's own camera; the shutter is one more.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled, tried } from "./harness/enrolled.js";
import { begin, calm, item, place, press } from "./harness/inspector.js";
import { jpeg } from "./harness/jpeg.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const PHOTO = { name: "1.jpg", mimeType: "image/jpeg", buffer: jpeg(1, 60_000) };
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-taps-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** Counts what a person taps, and nothing that a script does. */
function count() {
  window.taps = 0;
  addEventListener("click", (tap) => tap.isTrusted && (window.taps += 1), true);
}

/** An enrolled inspector whose taps are counted; `touch` is how they tap. */
async function counted(options, user) {
  const who = await enrolled(server, options, user);
  const { page } = who;
  await who.context.addInitScript(count);
  await page.reload();
  await page.getByRole("heading", { name: who.t("today_drafts") }).waitFor();
  who.touch = options.desktop ? "click" : "tap";
  /** The taps that an act takes. */
  who.taps = async (act) => {
    const before = await page.evaluate(() => window.taps);
    await act();
    return (await page.evaluate(() => window.taps)) - before;
  };
  return who;
}

test("a finding takes four taps, a photo from a cold start two, and a wet thumb does one thing", async () => {
  const ada = await counted({ locale: "zh" }, "insp.produce1");
  const { page, t, touch, taps } = ada;
  await tried(ada, "taps", async () => {
    // The camera from a cold start, and its shutter.
    const photo = page.getByLabel(t("today_camera"), { exact: true });
    assert.equal(await photo.getAttribute("capture"), "environment", "the camera, not the album");
    const opened = await taps(async () => {
      const [camera] = await Promise.all([page.waitForEvent("filechooser"), photo[touch]()]);
      await camera.setFiles(PHOTO);
      await page.getByRole("group", { name: t("photo_tray") }).getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
    });
    const shutter = 1;
    assert.equal(opened + shutter, 2, "cold start to a kept photo");

    await begin(ada, "nsnp", /NS-MKT/);
    await place(ada, "check_gate", "北门");
    const gate = item(ada, "ENT-01");
    const finding = await taps(async () => {
      await gate.getByRole("button", { name: t("common_fail"), exact: true })[touch]();
      const camera = gate.getByLabel(t("check_take_photo"), { exact: true });
      await camera.waitFor();
      await camera.setInputFiles(PHOTO);
      await gate.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
      await gate.getByRole("button", { name: t("check_phrase_2") })[touch]();
      await gate.getByRole("button", { name: t("check_finding_save") })[touch]();
      await gate.locator(".finding").getByText(t("check_phrase_2")).waitFor();
      await gate.locator(".finding").getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
    });
    const camera = 1;
    assert.equal(finding + camera, 4, "fail to a finished finding, with photo and phrase");

    // Two quick taps on one spot, as of a wet thumb, do one thing.
    await calm(page);
    const wet = async (button) => {
      await button.evaluate((it) => it.scrollIntoView({ block: "center" }));
      const { x, y, width, height } = await button.boundingBox();
      const [at, heard] = [[x + width / 2, y + height / 2], await page.evaluate(() => window.taps)];
      await Promise.all([page.touchscreen.tap(...at), page.touchscreen.tap(...at)]);
      await page.waitForFunction((all) => window.taps >= all, heard + 2);
    };
    assert.equal(await taps(() => wet(gate.getByRole("button", { name: t("common_pass"), exact: true }))), 2);
    await gate.getByRole("button", { name: t("common_pass"), exact: true, pressed: true }).waitFor();
    await gate.getByRole("button", { name: t("check_history", { item: "ENT-01" }) }).click();
    const history = page.getByRole("dialog");
    await history.getByRole("listitem").nth(1).waitFor();
    assert.equal(await history.getByRole("listitem").count(), 2, "failed once, passed once");
    await history.getByRole("button", { name: t("common_close") }).tap();
    await history.waitFor({ state: "detached" });
    await calm(page);
    await wet(page.getByRole("button", { name: "English" }));
    await page.getByRole("button", { name: "中文" }).waitFor();
    await page.getByRole("link", { name: "Finish" }).waitFor();
  });
});

test("minus 18.5 takes five taps on our own pad, and the language one", async () => {
  const ben = await counted({ locale: "en", theme: "dark", desktop: true }, "insp.produce2");
  const { page, t, touch, taps } = ben;
  await tried(ben, "taps", async () => {
    await begin(ben, "NS-MKT-CS", /NS-MKT-CS/, /[Cc]old/);
    await place(ben, "check_room", "Freezer 1");
    const freezer = item(ben, "CCS-03");
    await freezer.getByRole("button", { name: t("check_enter", { unit: "°C" }) }).click();
    const number = await taps(async () => {
      await press(ben, "18.5", touch);
      await page.getByRole("dialog").getByRole("button", { name: t("check_save"), exact: true })[touch]();
      await freezer.getByText("−18.5 °C").waitFor();
    });
    assert.equal(number, 5, "from the open pad to a saved −18.5 °C");

    const switched = await taps(async () => {
      await page.getByRole("button", { name: "中文" })[touch]();
      await page.getByRole("heading", { name: "冷冻库实测" }).waitFor();
    });
    assert.ok(switched <= 2, `the other language takes ${switched} taps from a check`);
    // A sheet is the furthest from anything: it closes with one.
    await freezer.locator(".editor button").first().click();
    const fromSheet = await taps(async () => {
      await page.getByRole("dialog").getByRole("button", { name: "关闭" })[touch]();
      await page.getByRole("button", { name: "English" })[touch]();
      await page.getByRole("heading", { name: "Frozen room measured" }).waitFor();
    });
    assert.equal(fromSheet, 2, "the other language from a sheet");
  });
});
