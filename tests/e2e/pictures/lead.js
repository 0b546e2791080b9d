// The lead's pictures: the day on a desk, deciding on a desk and by thumb, signing.
import { handwriting } from "./inspector.js";

const SITE = "FT-MKT";

/** As by a link within the app. */
const go = (page, path) =>
  page.evaluate((path) => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = path;
    link.click();
    link.remove();
  }, path);

/** Enrols the lead and fetches the day. */
export async function enrol(lead, server) {
  const { page, t } = lead;
  await page.goto(server.links["lead.produce"]);
  await page.getByRole("button", { name: t("enrol_go") }).click();
  await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
  await sync(lead);
}

async function sync({ page, t }) {
  await go(page, "/sync");
  await page.getByRole("button", { name: t("sync_now") }).click();
  await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
}

export async function look(lead, team) {
  const { page, t, take } = lead;
  await go(page, `/desk?day=${team.today}`);
  await page.getByRole("region", { name: t("desk_figures") }).waitFor();
  await page.waitForTimeout(500);
  await take("board");
  await go(page, `/desk/coverage?day=${team.today}`);
  await page.getByRole("button", { name: t("desk_period_7") }).click();
  await page.getByRole("link", { name: new RegExp(t("desk_kind_wholesale_market")) }).waitFor();
  await take("coverage");
  await page.locator('a[href*="group=street_market"]').click();
  await page.getByText(t("desk_age_never")).first().waitFor();
  await take("missing");
  await go(page, `/desk/findings?day=${team.today}`);
  await page.getByRole("article").nth(3).waitFor();
  await page.waitForTimeout(800);
  await take("findings");
  await go(page, "/desk/team");
  await page.getByRole("article").first().waitFor();
  await take("team");
  await go(page, "/desk/search");
  await page.getByRole("searchbox").fill(lead.say("南门", "south gate"));
  await page.getByRole("article").first().waitFor();
  await page.waitForTimeout(500);
  await take("search");
}

/** By keyboard: one decision, and the data that came after it. */
export async function decide(lead, team) {
  const { page, t, take } = lead;
  await go(page, `/desk/inbox?day=${team.today}`);
  await page.locator("[data-side]").first().waitFor();
  await page.waitForTimeout(800);
  await take("inbox");
  // Which item comes first is the core's affair; the picture is of one that two people counted.
  const here = page.locator("article:focus").filter({ hasText: "GEN-01" });
  for (let tries = 0; tries < 9 && (await here.count()) === 0; tries += 1) await page.keyboard.press("j");
  await page.keyboard.press(await here.locator("[data-side]").filter({ hasText: lead.say("米试样", "Mi Shiyang") }).getAttribute("data-side"));
  await page.getByLabel(t("merge_why")).fill(lead.say("以签到表为准：到场三人", "The sign-in sheet says three"));
  const item = here.or(page.locator("article:focus-within")).first();
  await item.evaluate((it) => it.scrollIntoView({ block: "start" }));
  await page.evaluate(() => scrollBy(0, 70));
  // The matrix shows it in other sizes: there it is looked for anew.
  await page.locator("article:has(textarea, input[type='text'])").first().evaluate((it) => it.setAttribute("data-about", ""));
  await take("why");
  await page.evaluate(() => document.querySelector("[data-about]")?.removeAttribute("data-about"));
  await page.getByRole("button", { name: t("merge_confirm") }).click();
  await page.getByText(t("merge_fold_decided", { count: 1 })).first().waitFor();
  await sync(lead);
}

/** By thumb on a phone: what came late, one person's readings for the rest, the signature. */
export async function sign(lead, team) {
  const { page, t, take } = lead;
  await go(page, `/desk/inbox?day=${team.today}`);
  await page.getByText(t("merge_reopened")).waitFor();
  await page.waitForTimeout(800);
  await page.getByText(t("merge_reopened")).evaluate((it) => {
    it.closest("article").scrollIntoView({ block: "start" });
    it.closest("article").setAttribute("data-about", "");
  });
  await page.evaluate(() => scrollBy(0, 90));
  await take("reopened");
  await page.evaluate(() => document.querySelector("[data-about]")?.removeAttribute("data-about"));
  await page.getByRole("button", { name: t("merge_bulk") }).first().tap();
  await page.getByRole("dialog").getByRole("group", { name: t("merge_bulk_who") }).getByRole("button").nth(1).tap();
  await page.getByRole("dialog").getByRole("button", { name: t("merge_phrase_2"), exact: true }).tap();
  await take("bulk");
  await page.getByRole("dialog").getByRole("button", { name: new RegExp(t("merge_bulk_go", { count: "\\d" })) }).tap();
  await page.getByText(t("merge_wait_none")).first().waitFor();
  await go(page, `/desk/merged?site=${SITE}&day=${team.today}&checklist=ENT`);
  await page.getByRole("button", { name: t("merge_sign"), exact: true }).tap();
  await handwriting(lead);
  await take("sign-merged");
  await page.getByRole("button", { name: t("check_save"), exact: true }).tap();
  await page.getByRole("button", { name: t("merge_sign_again") }).waitFor();
  await page.waitForTimeout(500);
  await take("merged");
  await page.locator("article dd a").first().tap();
  await page.getByRole("heading", { name: t("merge_timeline"), level: 1 }).waitFor();
  await page.waitForTimeout(500);
  await take("timeline");
  await sync(lead);
}
