// A board of more rows than a screen: the first come first, the others after them, and none is missing,
// neither at its end, nor in a file, nor on the way back.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { enrolled } from "./harness/enrolled.js";
import { Server } from "./harness/server.js";
import { dayFromNow, Phone } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const run = promisify(execFile);
/** More than the screen asks for at first. */
const VEHICLES = 90;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-board-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  const phone = new Phone(SPOTCHECK_CLI, join(home, "phone"));
  await phone.enrol(server.links["insp.produce1"], "phone");
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", phone.home, "--json", "site", "find", "粤B", "--limit", String(VEHICLES)]);
  const codes = stdout.trim().split("\n").map((line) => JSON.parse(line).code);
  assert.equal(codes.length, VEHICLES);
  await phone.record(codes.map((site) => ({ head: { checklist: "BUS", site, day: dayFromNow(0) }, answers: {} })));
  await phone.sync();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

test("all rows of a long board come, to its end, into a file, and on the way back", async () => {
  const lead = await enrolled(server, { locale: "en", desktop: true }, "lead.produce");
  const { page, t } = lead;
  const row = (at) => page.locator(`[aria-rowindex='${at + 1}']`);
  try {
    await page.getByRole("link", { name: t("desk_title") }).click();
    await page.getByText(t("desk_shown", { shown: VEHICLES, all: VEHICLES }), { exact: true }).waitFor();
    assert.equal(await page.getByRole("table").getAttribute("aria-rowcount"), String(VEHICLES + 1));

    // A file has all of them, as soon as it can be asked for.
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: t("desk_export_csv"), exact: true }).click()]);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
    assert.equal(lines.length, VEHICLES + 1);

    // The last row, which did not come first; its check, and back to it.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await row(VEHICLES).waitFor();
    const last = await row(VEHICLES).getByRole("rowheader").innerText();
    await row(VEHICLES).getByRole("link").click();
    await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
    await page.getByRole("link", { name: t("common_back") }).click();
    await row(VEHICLES).waitFor();
    assert.equal(await row(VEHICLES).getByRole("rowheader").innerText(), last);

    // What is typed finds it among all.
    await page.getByRole("searchbox", { name: t("desk_filter_text") }).fill(last.split("\n")[0]);
    await page.getByText(t("desk_shown", { shown: 1, all: VEHICLES }), { exact: true }).waitFor();
    assert.deepEqual(lead.complaints, []);
  } finally {
    await lead.close();
  }
});
