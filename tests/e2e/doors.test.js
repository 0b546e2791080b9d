// Where there is no way in: a page over plain HTTP, a browser that keeps no files, a code that is out
// of date. And a device with no room left for an answer. Each is said, with what to do, and nothing
// that was saved is lost.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { enrolled } from "./harness/enrolled.js";
import { begin, calm, item, part } from "./harness/inspector.js";
import { person } from "./harness/person.js";
import { roomFor } from "./harness/room.js";
import { Server } from "./harness/server.js";
import { inWorker } from "./harness/worker.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB, CHROMIUM = "/usr/bin/chromium" } = process.env;
const run = promisify(execFile);
/** The browser's own reports of an answer that is no success, and of a page without TLS: we have our words for both. */
const REPORTED = /Failed to load resource|origin was untrustworthy/;
const OTHER_MACHINE = "spotcheck.test";
/** Answers until a file has to grow beyond what it was granted, which may be a megabyte. */
const ANSWERS = 200;
let home;
let data;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-doors-"));
  data = join(home, "server");
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

async function withPerson(options, act) {
  const who = await person({ program: CHROMIUM, ...options });
  try {
    await act(who);
    assert.deepEqual(who.complaints.filter((it) => !REPORTED.test(it)), []);
  } finally {
    await who.close();
  }
}

for (const locale of ["zh", "en"]) {
  test(`over plain HTTP from another machine the page says what is missing, and keeps nothing (${locale})`, () =>
    withPerson({ locale, flags: [`--host-resolver-rules=MAP ${OTHER_MACHINE} 127.0.0.1`] }, async ({ page, t }) => {
      await page.goto(server.url.replace("127.0.0.1", OTHER_MACHINE));
      assert.equal(await page.evaluate(() => isSecureContext), false, "a browser takes this for another machine");
      await page.getByText(t("common_insecure"), { exact: true }).waitFor();
      await page.getByText(t("common_insecure_how"), { exact: true }).waitFor();
      assert.equal(await page.getByLabel(t("enrol_link")).count(), 0, "nobody enrols what would be lost");
    }));

  test(`a browser that keeps no private files is named before anything is recorded (${locale})`, () =>
    withPerson({ locale, context: { serviceWorkers: "block" } }, async ({ page, context, t }) => {
      await inWorker(context, "navigator.storage.getDirectory = () => Promise.reject(new DOMException('private', 'SecurityError'));");
      await page.goto(server.url);
      await page.getByText(t("common_private"), { exact: true }).waitFor();
      await page.getByText(t("common_private_how"), { exact: true }).waitFor();
      // The way on: another browser, or this one once it keeps files.
      await context.unrouteAll();
      await page.getByRole("button", { name: t("common_reload") }).click();
      await page.getByLabel(t("enrol_link")).waitFor();
    }));
}

test("a code that is out of date is refused in words, and a fresh one enrols", () =>
  withPerson({ locale: "en" }, async ({ page, t }) => {
    // As it was written a day and an hour ago: a code is good for a day.
    const { stdout } = await run("faketime", ["-f", "-25h", SPOTCHECK_SERVER, "--data", data, "admin", "code", "insp.produce2"]);
    const link = stdout.trim();
    assert.match(link, /#enrol=/);
    await page.goto(link);
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByText(t("enrol_refused")).waitFor();
    assert.equal(await page.getByLabel(t("enrol_link")).inputValue(), link, "what was pasted stays");
    await page.getByLabel(t("enrol_link")).fill(await server.invite("insp.produce2"));
    await page.waitForTimeout(350);
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
  }));

test("an answer for which there is no room is said not to be saved, and every one before it is there", async () => {
  const ada = await enrolled(server, { locale: "zh" }, "insp.produce1");
  const { page, t, shot } = ada;
  try {
    await begin(ada, "nsnp", /NS-MKT/);
    await part(ada, "check_common");
    const card = item(ada, "GEN-02");
    const button = (answer) => card.getByRole("button", { name: t(answer), exact: true });
    const shown = (answer) => card.getByRole("button", { name: t(answer), exact: true, pressed: true });
    await button("common_pass").click();
    await shown("common_pass").waitFor();
    // A browser grants an open file more than it asked for; one that is opened anew has nothing left.
    await page.reload();
    let saved = "common_pass";
    await shown(saved).waitFor();
    const room = await roomFor(ada, server);
    await room(0);
    let full = false;
    for (let tries = 0; tries < ANSWERS && !full; tries += 1) {
      const next = saved === "common_pass" ? "common_fail" : "common_pass";
      await button(next).click();
      const words = card.getByText(t("common_fail_full"));
      await words.or(shown(next)).first().waitFor();
      full = (await words.count()) > 0;
      if (!full) saved = next;
    }
    assert.ok(full, "the device was never full");
    await shot("answer-full");
    assert.equal(await shown(saved).count(), 1, "what is shown is what was saved");
    await page.reload();
    await shown(saved).waitFor();

    // Room again: the same tap is saved.
    await room(null);
    const next = saved === "common_pass" ? "common_fail" : "common_pass";
    await calm(page);
    await button(next).click();
    await shown(next).waitFor();
    await page.reload();
    await shown(next).waitFor();
    assert.deepEqual(ada.complaints, []);
    assert.deepEqual(ada.barriers, [], "axe finds nothing serious");
  } catch (error) {
    await shot("answer-full-broken");
    throw error;
  } finally {
    await ada.close();
  }
});
