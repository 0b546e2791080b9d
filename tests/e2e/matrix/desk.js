// The lead's screens in states that the pictures of the guide do not show.
import { dayFromNow } from "../harness/team.js";

/** Nobody worked then. */
const QUIET_DAY = "2021-02-12";

/** A form with something to be said of it. */
const FORM = `| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant |
| | text | A-1 | 留样情况 | Samples kept | |
| | text | A-2 | 说明 | About them | \${A-1} != '' |
| | note | n | 谢谢 | Thank you | |
`;

/** As by a link within the app. */
const go = (page, path) =>
  page.evaluate((path) => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = path;
    link.click();
    link.remove();
  }, path);

/** Sheets over the board, people's devices, the library, days and words with nothing in them. */
export async function look(lead, server) {
  const { page, t, take } = lead;
  const dialog = page.getByRole("dialog").last();
  const away = async () => {
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  };
  await go(page, `/desk?day=${dayFromNow(0)}`);
  await page.getByRole("region", { name: t("desk_figures") }).waitFor();
  await page.getByRole("button", { name: /×2/ }).first().click();
  await dialog.getByRole("listitem").nth(1).waitFor();
  await take("board-cell");
  await away();
  await page.getByText(t("desk_map"), { exact: true }).click();
  await page.waitForTimeout(400);
  await take("board-map");
  await page.getByRole("searchbox", { name: t("desk_filter_text") }).fill("xyz");
  await page.waitForTimeout(600);
  await take("board-none-shown");

  for (const [name, path] of [["board", ""], ["inbox", "/inbox"], ["findings", "/findings"]]) {
    await go(page, `/desk${path}?day=${QUIET_DAY}`);
    await page.waitForURL((url) => url.pathname === `/desk${path}` && url.searchParams.get("day") === QUIET_DAY);
    await page.waitForTimeout(600);
    await take(`${name}-empty`);
  }
  await go(page, "/desk/search");
  await page.getByRole("searchbox").waitFor();
  await take("search-empty");
  await page.getByRole("searchbox").fill("xyz");
  await page.getByText(t("desk_search_none", { typed: "xyz" })).waitFor();
  await take("search-none");

  await go(page, "/desk/team");
  await page.getByRole("button", { name: t("desk_invite"), exact: true }).click();
  await dialog.getByRole("button").nth(2).waitFor();
  await take("team-invite");
  await dialog.getByRole("button", { name: lead.say("苏范本", "Su Fanben") }).click();
  await dialog.getByRole("img", { name: t("desk_invite_code") }).waitFor();
  await take("team-code");
  await away();
  await page.getByRole("button", { name: new RegExp(t("desk_revoke_named", { name: "" }).trim()) }).first().click();
  await dialog.waitFor();
  await take("team-revoke");
  await away();

  await go(page, "/library");
  await page.getByRole("heading", { level: 2, name: t("library_lists", { count: "" }).replace(/[()（）]/g, "").trim() }).waitFor();
  await take("library");
  await page.locator('input[type="file"]').setInputFiles({ name: "notes.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await page.getByText(t("library_refused", { name: "notes.json", why: "" }).trim()).waitFor();
  await take("library-refused");
  const form = (text) => ({ name: "canteen.md", mimeType: "text/markdown", buffer: Buffer.from(text) });
  await page.locator('input[type="file"]').setInputFiles(form(FORM.replace("${A-1}", "${A-9}")));
  await dialog.getByText(t("library_form_errors", { count: 1 })).waitFor();
  await take("library-form-errors");
  await away();
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.locator('input[type="file"]').setInputFiles(form(FORM));
  await dialog.getByRole("button", { name: t("library_form_publish", { code: "canteen", version: 1 }) }).waitFor();
  await take("library-form");
  await away();
  await page.getByRole("link", { name: new RegExp(`^${t("library_preview")}`) }).first().click();
  await page.waitForURL(/preview/);
  await page.waitForTimeout(600);
  await take("library-preview");

  await go(page, `/desk/inbox?day=${dayFromNow(0)}`);
  const alike = page.locator("summary").filter({ hasText: t("merge_fold_alike", { count: 1 }) });
  await alike.click();
  await alike.evaluate((it) => it.setAttribute("data-about", ""));
  await take("alike");
  await alike.evaluate((it) => it.removeAttribute("data-about"));
  await alike.click();

  await server.stop();
  await go(page, "/desk/team");
  await page.getByRole("button", { name: t("desk_now_again") }).click();
  await page.getByText(t("desk_now_offline"), { exact: true }).waitFor();
  await take("team-offline");
  await server.start();
}
