// A core that takes its time: nobody is told what is not known yet.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { Server } from "./harness/server.js";
import { hold, letGo, slowCore } from "./harness/slow.js";

const { SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-waiting-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

test("while sites are still looked for it is not said that there are none", async () => {
  const ada = await enrolled(server, { locale: "en" }, "insp.produce1");
  const { page, t, context } = ada;
  try {
    await slowCore(context);
    await page.reload();
    await page.getByRole("link", { name: t("today_start") }).click();
    await page.getByRole("searchbox").waitFor();
    await hold(page);
    await page.getByRole("searchbox").fill("nsnp");
    await page.getByText(t("common_loading"), { exact: true }).waitFor();
    assert.equal(await page.getByText(t("site_none")).count(), 0);
    await letGo(page);
    await page.getByRole("button", { name: /NS-MKT/ }).first().waitFor();
    await page.getByRole("searchbox").fill("xyz");
    await page.getByText(t("site_none")).waitFor();
    assert.deepEqual(ada.complaints, []);
  } finally {
    await ada.close();
  }
});
