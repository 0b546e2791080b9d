// The app for whoever has only keys, large letters, the sun in the eyes, or gloves: an inspector's
// screens, one after the other.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { item, part } from "./harness/inspector.js";
import { languages } from "./harness/languages.js";
import { lead as byHand } from "./harness/lead.js";
import { jpeg } from "./harness/jpeg.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
/** What a glove hits. */
const TARGET_PX = 48;
/** Half of what is held to be good: a line that comes is not a list that moves. */
const LEAST_SHIFT = 0.05;
/** A pixel's rounding is no smaller target. */
const ROUNDING_PX = 0.5;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-access-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** All that is touched and is smaller than a glove needs. A link within a sentence is text. */
function small(least) {
  const touched = document.querySelectorAll('a[href], button, input, select, textarea, summary, [role="button"]');
  // A box is ticked by its words too, and a file is asked for by the button it lies under.
  const byLabel = (it) => it.matches('[type="checkbox"], [type="radio"]') || getComputedStyle(it).opacity === "0";
  const area = (it) => (it.labels?.length > 0 && byLabel(it) ? it.labels[0] : it);
  const seen = (it) => it.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && it.getClientRects().length > 0 && !it.closest(".for-readers, svg");
  const boxes = [...touched].filter(seen).map((it) => [it, area(it).getBoundingClientRect()]);
  const inText = (it) => it.matches("p a");
  return boxes
    .filter(([it, { width, height }]) => !inText(it) && (width < least || height < least))
    .map(([it, { width, height }]) => `${it.outerHTML.slice(0, 90)}: ${Math.round(width)} × ${Math.round(height)}`);
}

/** Everything that moved on its own: not the answer to a touch, however slow the machine is. */
function watchShifts() {
  const ANSWER_MS = 2_000;
  window.shifts = [];
  let touched = -ANSWER_MS;
  // A round that begins or ends on its own screen draws it anew: that is its answer, too.
  let running = false;
  new MutationObserver(() => {
    const runs = document.querySelector("main .run") !== null;
    if (runs !== running) [running, touched] = [runs, performance.now()];
  }).observe(document, { childList: true, subtree: true });
  for (const kind of ["pointerdown", "keydown", "click", "input", "change"]) addEventListener(kind, (it) => (touched = it.timeStamp), true);
  new PerformanceObserver((list) => {
    for (const it of list.getEntries()) {
      if (!it.hadRecentInput && it.startTime - touched > ANSWER_MS) window.shifts.push({ path: location.pathname, value: it.value, moved: it.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent) });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** What makes the page wider than the screen: the innermost of it. */
function sideways() {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const beyond = [...document.querySelectorAll("body *")].filter((it) => it.getBoundingClientRect().right > innerWidth + 1);
  const inner = beyond.filter((it) => !beyond.some((other) => other !== it && it.contains(other)));
  return inner.slice(0, 4).map((it) => `${it.outerHTML.slice(0, 100)} to ${Math.round(it.getBoundingClientRect().right)}`);
}

/** Shows one screen of the inspector after the other to `look`. */
async function screens(ada, look) {
  const { page, t } = ada;
  const photo = { name: "1.jpg", mimeType: "image/jpeg", buffer: jpeg(1, 40_000) };
  await look("today");
  await page.getByRole("link", { name: t("today_start") }).click();
  await page.getByRole("searchbox").fill("nsnp");
  await page.getByRole("button", { name: /NS-MKT/ }).first().waitFor();
  await look("sites");
  await page.getByRole("button", { name: /NS-MKT/ }).first().click();
  await page.getByText(t("site_place_found", { metres: 12 })).waitFor();
  await look("start");
  await page.getByRole("button", { name: t("site_start_go") }).click();
  await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
  await look("check");
  await part(ada, "check_common");
  const card = item(ada, "GEN-02");
  await card.getByRole("button", { name: t("common_fail"), exact: true }).click();
  await card.getByLabel(t("check_take_photo"), { exact: true }).setInputFiles(photo);
  await card.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
  await look("finding");
  await card.getByRole("button", { name: t("check_phrase_1") }).click();
  await page.waitForTimeout(350);
  await card.getByRole("button", { name: t("check_finding_save") }).click();
  await card.locator(".finding").waitFor();
  await page.getByRole("link", { name: t("check_finish") }).click();
  await page.getByRole("heading", { name: t("check_signatures") }).waitFor();
  await look("finish");
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
  await page.waitForTimeout(350);
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).waitFor();
  await look("sync");
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("link", { name: t("common_settings") }).click();
  await page.getByRole("heading", { name: t("settings_theme") }).waitFor();
  await look("settings");
}

const INSPECTORS = [["zh", "insp.produce1"], ["en", "insp.produce2"]];

for (const [locale, user] of languages(INSPECTORS, "zh")) {
  test(`a glove hits everything, and nothing moves on its own (${locale})`, async () => {
    server.links[user] = await server.invite(user);
    const ada = await enrolled(server, { locale, script: watchShifts }, user);
    const faults = [];
    try {
      await screens(ada, async (name) => {
        // As long as a touch may still be answered, and a while longer.
        await ada.page.waitForTimeout(3_000);
        faults.push(...(await ada.page.evaluate(small, TARGET_PX - ROUNDING_PX)).map((it) => `${name}: ${it}`));
      });
      assert.deepEqual(faults, []);
      const shifts = await ada.page.evaluate(() => window.shifts);
      assert.deepEqual(shifts.filter((it) => it.value > LEAST_SHIFT), [], "nothing jumps away from a thumb");
    } catch (error) {
      await ada.shot("glove-broken");
      throw error;
    } finally {
      await ada.close();
    }
  });

  test(`in strong sun all text has a contrast of 7 to 1 (${locale})`, async () => {
    server.links[user] = await server.invite(user);
    const ada = await enrolled(server, { locale, theme: "sun" }, user);
    const faults = [];
    try {
      await screens(ada, async (name) => {
        await ada.withAxe();
        const { violations } = await ada.page.evaluate(() => window.axe.run({ runOnly: ["color-contrast-enhanced"], rules: { "color-contrast-enhanced": { enabled: true } } }));
        faults.push(...violations.flatMap((it) => it.nodes.map((node) => `${name}: ${node.html.slice(0, 120)}`)));
      });
      assert.deepEqual(faults, []);
    } catch (error) {
      await ada.shot("sun-broken");
      throw error;
    } finally {
      await ada.close();
    }
  });
}

test("a check by keys alone: found, answered, failed with its finding, refused with a witness, completed", async () => {
  const ada = await byHand(server, "insp.produce1", { keys: true, locale: "en" });
  const { page, t, act, reach } = ada;
  const type = async (target, words) => {
    await reach(target);
    await page.keyboard.type(words);
  };
  const said = (name, within = page) => within.getByRole("button", { name, exact: true });
  try {
    await act(page.getByRole("link", { name: t("today_start") }));
    await type(page.getByRole("searchbox"), "nsnp");
    await act(page.getByRole("button", { name: /NS-MKT/ }).first());
    await act(page.getByRole("button", { name: t("site_start_go") }));
    await act(page.getByRole("navigation", { name: t("check_parts") }).getByRole("button", { name: t("check_common") }));
    await act(said(t("common_pass"), item(ada, "GEN-03")));
    await said(t("common_undo")).waitFor();
    const card = item(ada, "GEN-02");
    await act(said(t("common_fail"), card));
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), act(card.getByLabel(t("check_take_photo"), { exact: true }))]);
    await chooser.setFiles({ name: "1.jpg", mimeType: "image/jpeg", buffer: jpeg(1, 40_000) });
    await card.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
    await type(card.getByLabel(t("check_note")), "Nobody there");
    await act(said(t("check_finding_save"), card));
    await card.getByText("Nobody there").waitFor();
    await act(page.getByRole("link", { name: t("check_finish") }));
    // The checklist too has a button that speaks of signing.
    await page.getByRole("heading", { name: t("check_finish_title"), level: 1 }).waitFor();
    await act(page.getByRole("button", { name: t("check_sign") }).last());
    await act(said(t("check_refuse")));
    await type(page.getByLabel(t("check_refuse_why")), "busy");
    await type(page.getByLabel(t("check_witness")), "Ben");
    await act(said(t("check_save"), page.getByRole("dialog")));
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForTimeout(350);
    await act(page.getByRole("button", { name: t("check_complete") }));
    await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
    assert.deepEqual(ada.complaints, []);
  } catch (error) {
    await ada.shot("keys-broken");
    throw error;
  } finally {
    await ada.close();
  }
});

// English has the longer words.
for (const [locale, user] of languages(INSPECTORS, "en")) {
  test(`with letters of 200 % on the narrowest phone nothing goes sideways (${locale})`, async () => {
    server.links[user] = await server.invite(user);
    const large = () => localStorage.setItem("spotcheck.text", "200");
    const ada = await enrolled(server, { locale, script: large, context: { viewport: { width: 320, height: 640 } } }, user);
    const faults = [];
    try {
      assert.equal(await ada.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "32px");
      await screens(ada, async (name) => {
        faults.push(...(await ada.page.evaluate(sideways)).map((it) => `${name}: ${it}`));
      });
      assert.deepEqual(faults, []);
    } catch (error) {
      await ada.shot("sun-broken");
      throw error;
    } finally {
      await ada.close();
    }
  });
}
