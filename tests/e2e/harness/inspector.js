// What an inspector does in every check, by roles and names alone.

/** From home to the first item of a check at a site that is found by what is typed. */
export async function begin({ page, t }, typed, site, checklist) {
  await page.getByRole("link", { name: t("today_start") }).click();
  await page.getByRole("searchbox").fill(typed);
  await page.getByRole("button", { name: site }).first().click();
  if (checklist) await page.getByRole("group", { name: t("site_checklist") }).getByRole("button", { name: checklist }).click();
  await start({ page, t });
}

/** From the head of a check to its first item. */
export async function start({ page, t }) {
  await page.getByRole("button", { name: t("site_start_go") }).click();
  await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
}

/** To a part of the checklist. */
export const part = ({ page, t }, key) => page.getByRole("navigation", { name: t("check_parts") }).getByRole("button", { name: t(key) }).click();

/** A place of a part that repeats: a gate, a cold room. */
export async function place(who, key, name) {
  const { page, t } = who;
  await part(who, key);
  await page.getByRole("button", { name: t("check_add", { what: t(key) }) }).click();
  await page.getByLabel(t("check_name_it")).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: t("check_save"), exact: true }).click();
  await page.getByRole("button", { name, exact: true }).waitFor();
}

/** The card of an item. */
export const item = ({ page }, code) => page.getByRole("article", { name: new RegExp(code) });

/** From the checklist to where a check ends. Both have buttons that speak of signing: no other is looked
 * for before the second one is there. */
export async function finish({ page, t }) {
  await page.getByRole("link", { name: t("check_finish") }).click();
  await page.getByRole("heading", { name: t("check_finish_title"), level: 1 }).waitFor();
}

/** Keys of our own pad, which is open in a sheet. */
export async function press({ page, t }, keys, touch = "click") {
  const names = { ".": t("check_point"), "-": t("check_plus_minus") };
  for (const key of keys) await page.getByRole("dialog").getByRole("button", { name: names[key] ?? key, exact: true })[touch]();
}

/** A second tap at once is a wet screen's, not a person's. */
export const calm = (page) => page.waitForTimeout(350);
