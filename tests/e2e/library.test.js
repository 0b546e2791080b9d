// From a spreadsheet to the phone: a lead publishes a checklist in the browser, looks at it, and an
// inspector's device checks by it after its next round.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { enrolled } from "./harness/enrolled.js";
import { calm, item, press, start } from "./harness/inspector.js";
import { Server } from "./harness/server.js";
import { Phone } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const run = promisify(execFile);
const FORM = `| survey |
| | type | name | label::中文 (zh) | label::English (en) | required | relevant | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | calculation | spotcheck::kind | spotcheck::unit | hint::中文 (zh) | hint::English (en) |
| | select_one result | CAN-01 | 后厨地面干净 | The kitchen floor is clean | yes | | | | | | pass_fail | | | |
| | text | CAN-02 | 留样情况 | Samples kept | | | | | | | | | | |
| | text | CAN-03 | 哪里不干净 | Where it is not clean | yes | \${CAN-01} = 'fail' | | | | | | | | |
| | decimal | CAN-04 | 冰箱门关闭率 | Fridge doors that were shut | | | . >= 0 and . <= 100 | 请填 0 到 100 | write 0 to 100 | | | % | 先数总数，再数关着的 | Count them all, then those that are shut |
| | decimal | CAN-05 | 敞开率 | Fridge doors that stood open | | | | | | 100 - \${CAN-04} | | % | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | result | pass | 合格 | Pass |
| | result | fail | 不合格 | Fail |
| settings |
| | form_title | form_id | version |
| | 食堂自查 Canteen | CANTEEN | 1 |
`;
let home;
let server;
let form;

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-library-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  await writeFile(join(home, "canteen.md"), FORM);
  form = join(home, "canteen.json");
  await run(SPOTCHECK_CLI, ["checklist", "import", join(home, "canteen.md"), "--pack", "cn-catering", "--out", form]);
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

test("a checklist of one's own goes from a spreadsheet to everybody's device", async () => {
  const ada = new Phone(SPOTCHECK_CLI, join(home, "ada"));
  await ada.enrol(server.links["insp.produce1"], "Ada");
  await ada.sync();
  const lead = await enrolled(server, { locale: "zh", theme: "light" }, "lead.produce");
  const { page, t, shot } = lead;
  const file = page.locator('input[type="file"]');
  try {
    await page.getByRole("link", { name: t("common_settings") }).click();
    await page.getByRole("link", { name: t("settings_library") }).click();
    await page.getByRole("heading", { name: t("library_lists", { count: 17 }) }).waitFor();
    await shot("library");

    // What is no checklist says so, and nothing is published.
    await file.setInputFiles({ name: "notes.json", mimeType: "application/json", buffer: Buffer.from("{}") });
    await page.getByText(t("library_refused", { name: "notes.json", why: "" }).trim()).waitFor();
    await shot("library-refused");

    await file.setInputFiles(form);
    await page.getByText(t("library_published", { code: "CANTEEN", version: 1 })).waitFor();
    await page.getByRole("heading", { name: t("library_lists", { count: 18 }) }).waitFor();
    await page.getByText(/林范例/).first().waitFor();
    // Nobody's device has been in touch since but the lead's own may have.
    await page.getByText(new RegExp(t("library_reach", { done: "\\d+", all: "\\d+" }))).first().waitFor();
    await page.getByText(new RegExp(t("library_reach_not", { names: ".*Ada" }))).first().waitFor();
    await shot("library-published");
    await page.getByRole("link", { name: `${t("library_preview")} CANTEEN 1` }).click();
    await page.getByText("后厨地面干净").waitFor();
    await page.getByText("先数总数，再数关着的").waitFor();
    await shot("library-preview");
    for (const heading of [t("library_lists", { count: 18 }), t("settings_theme"), t("today_drafts")]) {
      await page.getByRole("link", { name: t("common_back") }).click();
      await page.getByRole("heading", { name: heading }).waitFor();
    }
    await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
    assert.deepEqual(lead.complaints, []);
    assert.deepEqual(lead.barriers, [], "axe finds nothing serious on any screen");
  } catch (error) {
    await shot("library-broken");
    throw error;
  } finally {
    await lead.close();
  }

  await ada.sync();
  const head = { checklist: "CANTEEN", site: "NS-MKT", inspectors: ["insp.produce1", "insp.produce2"], place: { none: "indoors" } };
  const [id] = await ada.record([{ head, answers: { "CAN-02": { text: "48 h" } } }]);
  const { stdout } = await run(SPOTCHECK_CLI, ["--home", ada.home, "--json", "inspection", "show", id]);
  const { sha256 } = JSON.parse((await run(SPOTCHECK_CLI, ["--home", ada.home, "--json", "library"])).stdout.split("\n").find((line) => line.includes("CANTEEN")));
  assert.ok(stdout.includes(sha256), "the check names the version it is filled by");
});

test("an item is asked where the answers before it say so, and what does not fit is said beside it", async () => {
  const ben = await enrolled(server, { locale: "zh", theme: "light" }, "insp.produce2");
  const { page, t, shot } = ben;
  try {
    await page.getByRole("link", { name: t("today_start") }).click();
    await page.getByRole("searchbox").fill("nsnp");
    await page.getByRole("button", { name: /NS-MKT/ }).first().click();
    await calm(page);
    await page.getByRole("button", { name: new RegExp(t("site_every_list", { count: "\\d+" })) }).click();
    await page.getByRole("button", { name: /食堂自查/ }).click();
    await start(ben);
    await item(ben, "CAN-02").waitFor();
    assert.equal(await item(ben, "CAN-03").count(), 0, "nobody asks where it is dirty yet");
    await item(ben, "CAN-05").getByText(t("check_computed_none")).waitFor();
    await item(ben, "CAN-01").getByRole("button", { name: t("common_fail"), exact: true }).click();
    await item(ben, "CAN-03").getByText(t("check_required")).waitFor();
    await calm(page);
    await item(ben, "CAN-01").getByRole("button", { name: t("common_pass"), exact: true }).click();
    await item(ben, "CAN-03").waitFor({ state: "detached" });
    await item(ben, "CAN-04").getByText("先数总数，再数关着的").waitFor();
    await item(ben, "CAN-04").getByRole("button", { name: t("check_enter", { unit: "%" }) }).click();
    await press(ben, "150");
    await page.getByRole("dialog").getByRole("button", { name: t("check_save"), exact: true }).click();
    await item(ben, "CAN-04").getByText("请填 0 到 100").waitFor();
    await item(ben, "CAN-05").getByText("-50").or(item(ben, "CAN-05").getByText("−50")).first().waitFor();
    await shot("check-depends");
    await page.getByRole("link", { name: t("check_finish") }).click();
    await page.getByText(t("check_misfits", { count: 1 })).waitFor();
    await shot("finish-misfits");
    assert.deepEqual(ben.complaints, []);
    assert.deepEqual(ben.barriers, [], "axe finds nothing serious on any screen");
  } catch (error) {
    await shot("depends-broken");
    throw error;
  } finally {
    await ben.close();
  }
});
