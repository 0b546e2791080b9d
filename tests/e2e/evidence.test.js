// What an inspector shows: photos in a burst and taken again, marks on a copy, a spoken note, a
// site's code before the camera, a site that is in no list. The camera and the microphone are
// Chromium's own make-believe ones; what comes of them is kept, shown and played.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { DEVICES, heldBeforeCamera } from "./harness/codes.js";
import { enrolled } from "./harness/enrolled.js";
import { calm, item, part, start } from "./harness/inspector.js";
import { jpeg } from "./harness/jpeg.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const SITE = "NS-MKT";
let home;
let server;
let ben;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-evidence-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  const flags = [...DEVICES, await heldBeforeCamera(`https://example.org/s?site=${SITE}`, join(home, "code.y4m"))];
  ben = await enrolled(server, { locale: "en", theme: "dark", flags }, "insp.produce2");
});

after(async () => {
  await ben?.close();
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

async function tried(name, act) {
  try {
    await act(ben);
    assert.deepEqual(ben.complaints, []);
    assert.deepEqual(ben.barriers, [], "axe finds nothing serious");
  } catch (error) {
    await ben.shot(`${name}-broken`);
    throw error;
  }
}

const file = (buffer, name) => ({ name: `${name}.jpg`, mimeType: "image/jpeg", buffer });
const photo = (seed) => file(jpeg(seed, 20_000 + seed), seed);

/** A photo with something to read in it. */
async function striped() {
  const page = await ben.browser.newPage({ viewport: { width: 800, height: 600 } });
  await page.setContent('<body style="margin:0;height:100vh;background:repeating-linear-gradient(90deg,#000 0 8px,#fff 8px 16px)">');
  const buffer = await page.screenshot({ type: "jpeg", quality: 90 });
  await page.close();
  return buffer;
}

/** How much light and dark there is in a square of the photo that is shown, 0 to 255; and the mean redness. */
const looked = (page, [x, y]) =>
  page.locator("dialog[open] .stage img").last().evaluate(async (img, [x, y]) => {
    await img.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(img, 0, 0);
    const { data } = pen.getImageData(x * canvas.width - 24, y * canvas.height - 24, 48, 48);
    let [least, most, red] = [255, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
      [least, most] = [Math.min(least, data[at + 1]), Math.max(most, data[at + 1])];
      red = Math.max(red, data[at] - data[at + 1]);
    }
    return { contrast: most - least, red };
  }, [x, y]);

test("a site's code before the camera begins the check there, and the site is nearby the next time", () =>
  tried("scan", async (ben) => {
    const { page, t, shot } = ben;
    await page.getByRole("link", { name: t("today_start") }).tap();
    await page.getByText(t("site_near_none")).waitFor();
    await page.getByRole("button", { name: t("site_scan") }).tap();
    // Nothing more is tapped: the code is in the picture.
    await page.waitForURL(new RegExp(`/start\\?site=${SITE}$`));
    await page.getByText(t("site_place_found", { metres: 12 })).waitFor();
    await start(ben);
    assert.equal(await page.evaluate(() => document.querySelectorAll("video").length), 0, "the camera is off");

    await page.getByRole("link", { name: t("common_back") }).tap();
    await page.getByRole("link", { name: t("today_start") }).tap();
    const nearby = page.getByRole("list", { name: t("site_nearby") }).getByRole("button", { name: new RegExp(SITE) });
    await nearby.getByText(t("site_metres", { metres: 0 })).waitFor();
    await shot("nearby");

    // A code that no site has: the way on is to add the site.
    await page.getByRole("searchbox").fill("冷库 X-404");
    await page.getByText(t("site_none")).waitFor();
    await page.getByRole("button", { name: t("site_add") }).tap();
    const sheet = page.getByRole("dialog");
    assert.equal(await sheet.getByLabel(t("site_name")).inputValue(), "冷库 X-404", "what was typed is its name");
    await sheet.getByRole("button", { name: t("site_kind_cold_store") }).tap();
    await shot("add-site");
    await sheet.getByRole("button", { name: t("site_add_go") }).tap();
    await page.getByRole("heading", { name: "冷库 X-404", level: 1 }).waitFor();
    await calm(page);
    await start(ben);
    await page.getByRole("link", { name: t("common_back") }).tap();
    await page.getByRole("link").filter({ hasText: "冷库 X-404" }).waitFor();
  }));

test("photos come in a burst, the last one again or away; marks are on a copy, and the original stays", () =>
  tried("photos", async (ben) => {
    const { page, t, shot } = ben;
    const original = await striped();
    await page.getByRole("link").filter({ hasText: "Nanshan wholesale market" }).first().tap();
    await part(ben, "check_common");
    const card = item(ben, "GEN-02");
    await card.getByRole("button", { name: t("common_pass"), exact: true }).tap();
    const camera = card.getByLabel(t("check_photo_of", { item: "GEN-02" }), { exact: true });
    const tray = card.getByRole("group", { name: t("photo_tray") });
    await camera.setInputFiles(photo(1));
    await tray.getByText(t("photo_taken", { count: 1 })).waitFor();
    await camera.setInputFiles(photo(2));
    await tray.getByText(t("photo_taken", { count: 2 })).waitFor();
    await tray.getByLabel(t("photo_retake")).setInputFiles(file(original, "again"));
    await page.waitForFunction(() => document.querySelector("[aria-busy='true']") === null);
    await tray.getByText(t("photo_taken", { count: 2 })).waitFor();
    await card.getByLabel(t("photo_gallery")).setInputFiles([photo(3), photo(4)]);
    await tray.getByText(t("photo_chosen", { count: 2 })).waitFor();
    await tray.getByRole("button", { name: t("photo_remove") }).tap();
    await tray.getByText(t("photo_removed")).waitFor();
    await tray.getByRole("button", { name: t("common_undo") }).tap();
    await tray.getByText(t("photo_chosen", { count: 2 })).waitFor();
    await calm(page);
    await tray.getByRole("button", { name: t("photo_remove") }).tap();
    await tray.getByText(t("photo_removed")).waitFor();
    await shot("burst");
    // What was taken is there after a kill, before anybody said that it is all.
    await page.reload();
    await tray.getByText(t("photo_chosen", { count: 1 })).waitFor();
    await tray.getByRole("button", { name: t("photo_done") }).tap();
    await tray.waitFor({ state: "detached" });
    const shown = card.getByRole("button", { name: new RegExp(t("photo_show", { number: "\\d" })) });
    assert.equal(await shown.count(), 3, "one kept, one taken again, one of two chosen");

    await shown.nth(1).tap();
    const viewer = page.getByRole("dialog", { name: t("photo_title"), exact: true });
    await viewer.getByRole("button", { name: t("photo_mark"), exact: true }).tap();
    const marking = page.getByRole("dialog", { name: t("photo_mark_title") });
    const canvas = marking.locator("canvas");
    await canvas.waitFor();
    const drag = async (x1, y1, x2, y2) => {
      const box = await canvas.boundingBox();
      await page.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + x2 * box.width, box.y + y2 * box.height, { steps: 4 });
      await page.mouse.up();
    };
    await drag(0.1, 0.9, 0.25, 0.5);
    await marking.getByRole("button", { name: t("photo_circle") }).tap();
    await drag(0.4, 0.3, 0.6, 0.7);
    await marking.getByRole("button", { name: t("photo_blur") }).tap();
    await drag(0.7, 0.3, 0.95, 0.7);
    await marking.getByText(t("photo_marks", { count: 3 })).waitFor({ state: "attached" });
    await shot("marks");
    await marking.getByRole("button", { name: t("photo_mark_save") }).tap();
    await marking.waitFor({ state: "detached" });

    // The copy: marks in red, and nothing left to read where it is blurred.
    await viewer.getByText("3 / 4").waitFor();
    const BLURRED = [0.825, 0.5];
    assert.ok((await looked(page, [0.25, 0.5])).red > 60, "the arrow is on the copy");
    assert.ok((await looked(page, BLURRED)).contrast < 120, "what is blurred cannot be read");
    await viewer.getByRole("button", { name: t("photo_facts") }).tap();
    await viewer.getByText(t("photo_copy_of", { number: 2 })).waitFor();
    const hash = createHash("sha256").update(original).digest("hex");
    assert.equal(await viewer.getByText(hash).count(), 0);
    await shot("marked");
    await viewer.getByRole("button", { name: t("photo_open_original") }).tap();
    await viewer.getByText(hash).waitFor();
    const before = await looked(page, BLURRED);
    assert.ok(before.contrast > 200 && before.red < 60, "the original is as it was");
    await viewer.getByRole("button", { name: t("common_close") }).tap();
  }));

test("a note is spoken, kept with its finding, and played again", () =>
  tried("voice", async (ben) => {
    const { page, t, shot } = ben;
    const card = item(ben, "GEN-03");
    await card.getByRole("button", { name: t("common_fail"), exact: true }).tap();
    await card.getByRole("button", { name: t("voice_start") }).tap();
    const stop = card.getByRole("button", { name: new RegExp(t("voice_stop", { time: "" }).trim()) });
    await stop.waitFor();
    await page.waitForTimeout(1_500);
    await stop.tap();
    await card.getByRole("button", { name: t("voice_keep") }).waitFor();
    await shot("voice");
    await calm(page);
    await card.getByRole("button", { name: t("voice_keep") }).tap();
    await card.getByRole("button", { name: t("voice_play", { number: 1 }) }).waitFor();
    await card.getByRole("button", { name: t("check_phrase_1") }).tap();
    await calm(page);
    await card.getByRole("button", { name: t("check_finding_save") }).tap();
    await card.locator(".finding").waitFor();
    await page.reload();
    await part(ben, "check_common");
    const play = card.getByRole("button", { name: t("voice_play", { number: 1 }) });
    // The whole of it is heard, and no more: it began, and it ended by itself.
    const began = Date.now();
    await play.tap();
    await card.getByRole("button", { name: t("voice_pause", { number: 1 }) }).waitFor();
    await play.waitFor();
    assert.ok(Date.now() - began > 1_000, "as long as was spoken");
    assert.equal(await card.getByText(t("voice_not_here")).count(), 0);
  }));
