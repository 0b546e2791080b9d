// Photos as phones give them: held in any way, with the place in them, up to 12 MB. They are seen
// upright, also on a second device, and what the server keeps is the very bytes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { begin, calm, finish, item, part } from "./harness/inspector.js";
import { fromPhone } from "./harness/jpeg.js";
import { draw } from "./harness/person.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const SITE = "NS-MKT";
/** As TIFF numbers them, with the corner where the stored picture's first corner is seen. */
const HELD = [
  { orientation: 6, bytes: 300_000, corner: [0.9, 0.1], upright: true },
  { orientation: 3, bytes: 3_000_000, corner: [0.9, 0.9], upright: false },
  { orientation: 8, bytes: 12_000_000, corner: [0.1, 0.9], upright: true },
];
let home;
let data;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-photos-"));
  data = join(home, "server");
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** 800 × 600, blue, with a red first corner: how it is held is seen by where the red is. */
async function corner(browser) {
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  await page.setContent('<body style="margin:0;height:100vh;background:#00f"><div style="width:200px;height:150px;background:#f00">');
  const picture = await page.screenshot({ type: "jpeg", quality: 90 });
  await page.close();
  return picture;
}

/** What the picture of a selector shows at a spot of it: its colour, and the shape of the whole. */
const seen = (picture, [x, y]) =>
  picture.evaluate(async (img, [x, y]) => {
    await img.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(img, 0, 0);
    const [red, , blue] = pen.getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
    return { colour: red > blue ? "red" : "blue", upright: canvas.height > canvas.width };
  }, [x, y]);

/** In the viewer that is open, one photo after the other: upright, and the very bytes by their hash. */
async function areUpright({ page, t }, photos) {
  const viewer = page.getByRole("dialog", { name: t("photo_title"), exact: true });
  for (const [at, { corner, upright, hash }] of photos.entries()) {
    await viewer.getByText(`${at + 1} / ${photos.length}`).waitFor();
    await viewer.getByRole("button", { name: t("photo_facts") }).click();
    await viewer.getByText(hash, { exact: true }).waitFor();
    const picture = viewer.getByRole("img", { name: new RegExp(`${at + 1}$`) });
    await picture.waitFor();
    assert.deepEqual(await seen(picture, corner), { colour: "red", upright }, `photo ${at + 1}`);
    assert.equal((await seen(picture, [1 - corner[0], 1 - corner[1]])).colour, "blue");
    await viewer.getByRole("button", { name: t("photo_facts") }).click();
    if (at + 1 < photos.length) await page.keyboard.press("ArrowRight");
  }
  await viewer.getByRole("button", { name: t("common_close") }).click();
  await viewer.waitFor({ state: "detached" });
}

/** Every blob of the server, by its hash. */
async function blobs() {
  const files = await readdir(join(data, "blobs"), { recursive: true, withFileTypes: true });
  return new Map(files.filter((it) => it.isFile()).map((it) => [it.name, join(it.parentPath, it.name)]));
}

test("photos of 0.3 to 12 MB, however the phone was held, are seen upright and kept byte for byte; a second device has the record with them", async () => {
  const ada = await enrolled(server, { locale: "zh", theme: "light" }, "insp.produce1");
  const lead = await enrolled(server, { locale: "en", theme: "dark", desktop: true }, "lead.produce");
  try {
    const { page, t, shot } = ada;
    const picture = await corner(ada.browser);
    const photos = HELD.map((it) => {
      const buffer = fromPhone(picture, { ...it, lat: 22, lon: 113 });
      return { ...it, buffer, hash: createHash("sha256").update(buffer).digest("hex") };
    });
    await begin(ada, "nsnp", new RegExp(SITE));
    await part(ada, "check_common");
    const card = item(ada, "GEN-02");
    await card.getByRole("button", { name: t("common_fail"), exact: true }).click();
    const camera = card.getByLabel(t("check_take_photo"), { exact: true });
    for (const [at, { buffer }] of photos.entries()) {
      await camera.setInputFiles({ name: `${at}.jpg`, mimeType: "image/jpeg", buffer });
      await card.getByRole("button", { name: t("photo_show", { number: at + 1 }) }).waitFor({ timeout: 60_000 });
    }
    await card.getByRole("button", { name: t("photo_show", { number: 1 }) }).click();
    await areUpright(ada, photos);
    await shot("photos-upright");
    await card.getByRole("button", { name: t("check_phrase_1") }).click();
    await calm(page);
    await card.getByRole("button", { name: t("check_finding_save") }).click();
    await card.getByRole("button", { name: t("check_finding_save") }).waitFor({ state: "detached" });
    await finish(ada);
    await page.getByRole("button", { name: t("check_sign") }).first().click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel(t("check_signer")).fill("Ada");
    await draw(page, t("check_draw_here"));
    await sheet.getByRole("button", { name: t("check_save"), exact: true }).click();
    await page.getByText(t("check_signed_by", { name: "Ada" })).waitFor();
    await calm(page);
    await page.getByRole("button", { name: t("check_complete") }).click();
    await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
    await page.getByRole("link", { name: t("common_back") }).click();
    await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor({ timeout: 120_000 });

    const kept = await blobs();
    for (const { buffer, hash } of photos) {
      assert.ok(kept.has(hash), "the server has the photo");
      assert.deepEqual(await readFile(kept.get(hash)), buffer, "byte for byte, with how it was held and where");
    }

    // On the lead's own device: the finding with its photos, and the record.
    await lead.page.getByRole("link", { name: new RegExp(lead.t("sync_title")) }).click();
    await lead.page.getByRole("button", { name: lead.t("sync_now") }).click();
    await lead.page.getByText(lead.t("sync_nothing")).waitFor({ timeout: 60_000 });
    await lead.page.getByRole("link", { name: lead.t("common_back") }).click();
    await lead.page.getByRole("link", { name: lead.t("desk_title") }).click();
    await lead.page.getByRole("navigation", { name: lead.t("desk_nav") }).getByRole("link", { name: lead.t("desk_findings") }).click();
    const finding = lead.page.getByRole("article").first();
    await finding.getByRole("button", { name: lead.t("photo_show", { number: 3 }) }).waitFor({ timeout: 120_000 });
    await lead.page.waitForFunction(() => {
      const shown = [...document.querySelectorAll("article img")];
      return shown.length >= 3 && shown.every((it) => it.naturalWidth > 0);
    }, null, { timeout: 60_000 });
    await finding.getByRole("button", { name: lead.t("photo_show", { number: 1 }) }).click();
    await areUpright(lead, photos);
    await finding.getByRole("link", { name: new RegExp(lead.t("desk_open_check")) }).click();
    await finish(lead);
    await lead.page.getByRole("link", { name: lead.t("check_see_record") }).click();
    await lead.page.getByRole("heading", { name: lead.t("check_record"), level: 2 }).waitFor();
    const recorded = lead.page.locator("article li .photos img");
    await recorded.nth(2).waitFor();
    assert.equal((await seen(recorded.nth(2), HELD[2].corner)).colour, "red");
    await lead.page.getByText("Ada", { exact: true }).waitFor();
    await lead.shot("record-elsewhere");

    for (const who of [ada, lead]) {
      assert.deepEqual(who.complaints, []);
      assert.deepEqual(who.barriers, [], "axe finds nothing serious");
    }
  } catch (error) {
    await ada.shot("photos-broken");
    await lead.shot("photos-broken");
    throw error;
  } finally {
    await ada.close();
    await lead.close();
  }
});
