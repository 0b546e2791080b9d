// From a spreadsheet to the phone: a lead publishes a checklist in the browser, looks at it, and an
// inspector's device checks by it after its next round.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { enrolled, visit } from "./harness/enrolled.js";
import { begin, calm, finish, item, part, press, start } from "./harness/inspector.js";
import { Server } from "./harness/server.js";
import { Phone } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const run = promisify(execFile);
const FORM = `| survey |
| | type | name | label::中文 (zh) | label::English (en) | required | relevant | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | calculation | spotcheck::kind | spotcheck::unit | hint::中文 (zh) | hint::English (en) | guidance_hint::中文 (zh) | required_message::中文 (zh) | default | choice_filter | spotcheck::score |
| | select_one result | CAN-01 | 后厨地面干净 | The kitchen floor is clean | yes | | | | | | pass_fail | | | | 掀开地垫看 | | | | 10 |
| | text | CAN-02 | 留样情况 | Samples kept | | | | | | | | | | | | | | | |
| | text | CAN-03 | 哪里不干净 | Where it is not clean | yes | \${CAN-01} = 'fail' | | | | | | | | | | | | | |
| | decimal | CAN-04 | 冰箱门关闭率 | Fridge doors that were shut | | | . >= 0 and . <= 100 | 请填 0 到 100 | write 0 to 100 | | | % | 先数总数，再数关着的 | Count them all, then those that are shut | | | | | |
| | decimal | CAN-05 | 敞开率 | Fridge doors that stood open | | | | | | 100 - \${CAN-04} | | % | | | | | | | |
| | select_one meal | CAN-06 | 哪一餐 | Which meal | yes | | | | | | choice | | | | | 写明哪一餐 | | | |
| | select_one dish | CAN-07 | 抽查的菜 | The dish that was taken | | | | | | | choice | | | | | | | served = \${CAN-06} | |
| | text | CAN-08 | 取样说明 | About the sample | | | | | | | | | | | | | concat('现场取样 ', today()) | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | served |
| | result | pass | 合格 | Pass | |
| | result | fail | 不合格 | Fail | |
| | meal | lunch | 午餐 | Lunch | |
| | meal | dinner | 晚餐 | Dinner | |
| | dish | noodles | 牛肉面 | Noodles | lunch |
| | dish | fish | 清蒸鱼 | Fish | dinner |
| | dish | soup | 老火汤 | Soup | dinner |
| settings |
| | form_title | form_id | version | spotcheck::scoring |
| | 食堂自查 Canteen | CANTEEN | 1 | earned |
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
    await item(ben, "CAN-01").getByText(t("check_guidance")).click();
    await item(ben, "CAN-01").getByText("掀开地垫看").waitFor();
    await offers(ben);
    await page.getByRole("link", { name: t("check_finish") }).click();
    await page.getByText(t("check_misfits", { count: 2 })).waitFor();
    await page.getByText(t("check_score_earned", { points: 10, of: 10 })).waitFor();
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

test("a lead publishes a spreadsheet from the screen, once what is wrong with it is mended", async () => {
  server.links["lead.produce"] = await server.invite("lead.produce");
  await visit(server, { locale: "zh" }, "lead.produce", "library-form", async (lead) => {
    const { page, t, shot } = lead;
    const sheet = page.getByRole("dialog");
    const file = page.locator('input[type="file"]');
    const form = (text) => ({ name: "食堂.md", mimeType: "text/markdown", buffer: Buffer.from(text) });
    await page.getByRole("link", { name: t("common_settings") }).click();
    await page.getByRole("link", { name: t("settings_library") }).click();
    const next = FORM.replace("| CANTEEN | 1 |", "| CANTEEN | 2 |");
    await file.setInputFiles(form(next.replace("\${CAN-04} |", "\${CAN-40} |")));
    await sheet.getByText(t("library_form_errors", { count: 1 })).waitFor();
    await sheet.getByText(/survey · .* · calculation/).waitFor();
    assert.equal(await sheet.getByRole("button", { name: /CANTEEN/ }).count(), 0, "nothing to publish yet");
    await shot("library-form-errors");
    await sheet.getByRole("button", { name: t("common_close") }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
    await file.setInputFiles({ name: "plan.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK\x03\x04 cut off") });
    await sheet.getByText(t("library_form_errors", { count: 1 })).waitFor();
    await sheet.getByRole("button", { name: t("common_close") }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
    // As a spreadsheet program keeps it, made of the same form by our own writer.
    const written = join(home, "canteen-2.xlsx");
    await writeFile(join(home, "canteen-2.md"), next);
    await run(SPOTCHECK_CLI, ["checklist", "import", join(home, "canteen-2.md"), "--pack", "cn-catering", "--out", join(home, "canteen-2.json")]);
    await run(SPOTCHECK_CLI, ["checklist", "export", join(home, "canteen-2.json"), written]);
    await file.setInputFiles(written);
    const publish = sheet.getByRole("button", { name: t("library_form_publish", { code: "CANTEEN", version: 2 }) });
    await publish.waitFor();
    await shot("library-form");
    await publish.click();
    await page.getByText(t("library_published", { code: "CANTEEN", version: 2 })).waitFor();
    await page.getByRole("link", { name: `${t("library_preview")} CANTEEN 2` }).waitFor();
    // Once the service worker has the reader, it answers without a server, also in a page that is opened anew.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await file.setInputFiles(form(next));
    await publish.waitFor();
    await page.waitForFunction(async () => {
      const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      const kept = (await Promise.all(stores.map((it) => it.keys()))).flat().map((it) => it.url);
      return ["forms-worker", "spotcheck_wasm_forms_bg"].every((part) => kept.some((url) => url.includes(part)));
    });
    await server.stop();
    try {
      await page.reload();
      await file.setInputFiles(form(next));
      await publish.waitFor();
    } finally {
      await server.start();
    }
    // What was published is with the server, its bytes, too, before others look for it.
    await page.goto(new URL("/sync", page.url()).href);
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
  });
});

test("a draft goes on by a newer version when it is asked to, and keeps what it had", () =>
  visit(server, { locale: "zh" }, "insp.produce3", "newer-version", async (eve) => {
    const { page, t, shot } = eve;
    await begin(eve, "BUS-R03-S01", /BUS-R03-S01/);
    const letter = item(eve, "GEN-02");
    await part(eve, "check_common");
    await letter.getByRole("button", { name: t("common_pass"), exact: true }).click();
    await letter.getByRole("button", { name: t("check_history", { item: "GEN-02" }) }).waitFor();
    await publishNext("BUS", "2", (list) => {
      list.items.find((it) => it.code === "GEN-02").code = "GEN-20";
      list.items.find((it) => it.code === "GEN-01").text = { zh: "至少两名检查人员", en: "Two inspectors at least" };
    });
    const check = page.url();
    await page.getByRole("link", { name: t("common_back") }).click();
    await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
    await page.getByRole("button", { name: t("sync_now") }).click();
    await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
    await page.goto(check);
    await page.getByText(t("check_newer", { version: 2 })).waitFor();
    await shot("check-newer");
    await page.getByRole("button", { name: t("check_newer_see") }).click();
    await page.getByText(t("check_newer_kept", { count: 1 })).waitFor();
    await shot("check-newer-sheet");
    await page.getByRole("button", { name: t("check_newer_go", { version: 2 }) }).click();
    await item(eve, "GEN-20").waitFor();
    assert.equal(await letter.count(), 0);
    await item(eve, "GEN-01").getByRole("heading", { name: "至少两名检查人员" }).waitFor();
    await finish(eve);
    await page.getByRole("link", { name: t("check_see_record") }).click();
    await page.getByRole("table", { name: t("check_old") }).getByRole("cell", { name: "GEN-02" }).waitFor();
    await shot("record-old");
  }));

/** A lead publishes a shipped checklist in another version, by the command line. */
async function publishNext(code, version, change) {
  const list = JSON.parse(await readFile(new URL(`../../crates/checklists/library/published/${code.toLowerCase()}-1.json`, import.meta.url)));
  list.version = version;
  change(list);
  const path = join(home, `${code}-${version}.json`);
  await writeFile(path, JSON.stringify(list));
  const lead = new Phone(SPOTCHECK_CLI, join(home, `lead-${code}`));
  await lead.enrol(await server.invite("lead.produce"), "Lead");
  await lead.sync();
  await run(SPOTCHECK_CLI, ["--home", lead.home, "publish", path]);
  await lead.sync();
}

/** Choices follow the answers before them; what is suggested counts once it is taken. */
async function offers(who) {
  const { page, t, shot } = who;
  const choice = (code, name) => item(who, code).getByRole("button", { name, exact: true });
  await item(who, "CAN-06").waitFor();
  assert.equal(await choice("CAN-07", "牛肉面").count(), 0, "no dish before the meal");
  await choice("CAN-06", "晚餐").click();
  await choice("CAN-07", "清蒸鱼").click();
  assert.equal(await choice("CAN-07", "牛肉面").count(), 0);
  await calm(page);
  // The meal is corrected: what was chosen stays in view, and is said to be none of the choices now.
  await choice("CAN-06", "午餐").click();
  await choice("CAN-07", "牛肉面").waitFor();
  await choice("CAN-07", "清蒸鱼").waitFor();
  assert.equal(await choice("CAN-07", "老火汤").count(), 0);
  await item(who, "CAN-07").getByText("按其他答案，此选项已不在可选之列").waitFor();
  const sample = item(who, "CAN-08");
  await sample.getByText(/建议：现场取样 \d{4}-\d{2}-\d{2}/).waitFor();
  await shot("check-offers");
  await sample.getByRole("button", { name: t("check_propose_take") }).click();
  await sample.getByText(t("check_propose_take")).waitFor({ state: "detached" });
  await sample.getByText(/^现场取样 \d{4}-\d{2}-\d{2}$/).first().waitFor();
}
