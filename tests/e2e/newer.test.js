// A newer version of the app: it comes by itself and waits; a calm line says so, and one tap takes it.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { Server } from "./harness/server.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let web;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-newer-"));
  web = join(home, "web");
  await cp(SPOTCHECK_WEB, web, { recursive: true });
  server = await new Server({ program: SPOTCHECK_SERVER, web, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** The same app under the name of another version. */
async function publish() {
  const worker = join(web, "service-worker.js");
  const source = await readFile(worker, "utf8");
  const { version } = JSON.parse(await readFile(join(web, "_app", "version.json"), "utf8"));
  const newer = source.replaceAll(version, "newer");
  assert.ok(newer !== source, "the worker names its version");
  await writeFile(worker, newer);
  // What a server reads of a build it reads once.
  await server.stop();
  await server.start();
}

test("a newer version is said in a calm line, taken with one tap, and takes nothing away", async () => {
  const ada = await enrolled(server, { locale: "zh" }, "insp.produce1");
  const { page, t, shot } = ada;
  try {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    assert.equal(await page.getByText(t("common_newer")).count(), 0, "none is there, none is said");
    await publish();
    await page.reload();
    await page.getByText(t("common_newer")).waitFor();
    await shot("newer");
    // Nobody is moved to it without having asked.
    assert.ok(!(await page.evaluate(() => caches.keys())).every((it) => it === "spotcheck-newer"));
    await page.getByRole("button", { name: t("common_newer_take") }).tap();
    await page.getByText(t("common_newer")).waitFor({ state: "detached" });
    await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
    await page.waitForFunction(async () => (await caches.keys()).join() === "spotcheck-newer");
    // The device is the one it was.
    await page.getByRole("link", { name: t("today_start") }).waitFor();
    assert.deepEqual(ada.complaints, []);
    assert.deepEqual(ada.barriers, []);
  } catch (error) {
    await shot("newer-broken");
    throw error;
  } finally {
    await ada.close();
  }
});
