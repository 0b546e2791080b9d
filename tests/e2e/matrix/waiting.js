// Screens that wait: for a core that takes its time, for a server that says nothing.
import { hold, letGo } from "../harness/slow.js";

/** Long enough for whatever says that it waits. */
const WAIT_MS = 700;

/** What a touch leads to, while the answer is not there yet; then it is let go, and `there` comes. */
async function waits({ page, take }, name, touch, there) {
  await hold(page);
  await touch();
  await page.waitForTimeout(WAIT_MS);
  await take(`loading-${name}`);
  await letGo(page);
  await there.waitFor();
}

/** The app as it opens, a check, the list of sites, and a sync whose server says nothing. */
export async function inspector(who, server) {
  const { page, t } = who;
  const start = page.getByRole("link", { name: t("today_start") });
  const back = () => page.getByRole("link", { name: t("common_back") }).click();
  await waits(who, "open", () => page.reload(), start);
  await waits(who, "sites", () => start.click(), page.getByRole("searchbox"));
  await waits(who, "found", () => page.getByRole("searchbox").fill("nsnp"), page.getByRole("button", { name: /NS-MKT/ }).first());
  await back();
  await waits(who, "check", () => page.locator('a[href^="/check/"]').first().click(), page.getByRole("navigation", { name: t("check_parts") }));
  await back();
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  server.hold();
  await page.getByRole("button", { name: t("sync_now") }).click();
  await page.getByRole("button", { name: t("common_cancel") }).waitFor();
  await page.waitForTimeout(WAIT_MS);
  await who.take("loading-sync");
  await page.getByRole("button", { name: t("common_cancel") }).click();
  await server.stop();
  await server.start();
  await page.getByRole("button", { name: t("sync_now") }).waitFor({ timeout: 60_000 });
  await back();
}

/** The lead's screens, each asked for from the one before it. */
export async function lead(who) {
  const { page, t } = who;
  const nav = page.getByRole("navigation", { name: t("desk_nav") });
  for (const [name, key] of [["inbox", "desk_inbox"], ["findings", "desk_findings"], ["coverage", "desk_coverage"], ["team", "desk_team"], ["board", "desk_board"]]) {
    const link = nav.getByRole("link", { name: t(key) });
    await waits(who, name, () => link.click(), nav.locator('[aria-current="page"]').filter({ hasText: t(key) }));
  }
}
