// A lead's people and their devices in a real browser: what each still has to send, a colleague enrolled by
// the code on the screen, a device revoked, and all of it in words once there is no connection.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { enrolled } from "./harness/enrolled.js";
import { Server } from "./harness/server.js";
import { Phone, dayFromNow } from "./harness/team.js";

const { SPOTCHECK_CLI, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const NAMES = {
  zh: { ada: "蔡示例", su: "苏范本", shang: "商演练" },
  en: { ada: "Cai Shili", su: "Su Fanben", shang: "Shang Yanlian" },
};
let home;
let server;

before(async () => {
  assert.ok(SPOTCHECK_CLI && SPOTCHECK_SERVER && SPOTCHECK_WEB, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-people-"));
  server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
  const ada = new Phone(SPOTCHECK_CLI, join(home, "ada"));
  await ada.enrol(server.links["insp.produce1"], "phone of insp.produce1");
  const head = { checklist: "ENT", site: "NS-MKT", day: dayFromNow(0), inspectors: ["insp.produce1"] };
  await ada.record([{ head, answers: {}, findings: [{ severity: "major", note: "Gate 1 unstaffed", photos: ["gate.jpg"] }] }], ["gate.jpg"]);
  // What was recorded is sent, and the photo cannot be: it still has to come.
  await loseOnePhoto(join(home, "ada"));
  await assert.rejects(ada.sync(), /damaged/);
});

after(async () => {
  await server?.stop();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

/** Blobs are files named by the hash of their bytes. */
async function loseOnePhoto(home) {
  const hash = createHash("sha256").update(await readFile(join(home, "gate.jpg"))).digest("hex");
  const files = await readdir(join(home, "blobs"), { recursive: true, withFileTypes: true });
  const [photo] = files.filter((it) => it.isFile() && it.name.includes(hash.slice(4)));
  assert.ok(photo, "the photo is among the blobs");
  await rm(join(photo.parentPath, photo.name));
}

for (const [locale, theme, desktop, guest] of [["zh", "light", false, "su"], ["en", "dark", true, "shang"]]) {
  test(`a lead enrols and revokes a colleague's device (${locale})`, async () => {
    // Each start of the server gives fresh links, and a link opens one device.
    if (locale === "en") {
      await server.stop();
      await server.start();
    }
    const lead = await enrolled(server, { locale, theme, desktop }, "lead.produce");
    const { page, t, shot } = lead;
    const name = NAMES[locale][guest];
    const card = (who) => page.getByRole("article", { name: who });
    try {
      await page.getByRole("link", { name: t("desk_title") }).click();
      await page.getByRole("navigation", { name: t("desk_nav") }).getByRole("link", { name: t("desk_team") }).click();

      // What the server knows of a phone that has not sent everything.
      const ada = card(NAMES[locale].ada);
      await ada.getByText(new RegExp(t("desk_device_contact", { ago: "" }).trim())).waitFor();
      await ada.getByText(new RegExp(t("desk_device_awaited", { count: 1, size: "SIZE" }).split("SIZE")[0].replace(/[()（）]/g, "."))).waitFor();
      await page.getByText(t("desk_now_only"), { exact: true }).waitFor();
      await shot("team-devices");

      // A colleague's device, by the code on the screen.
      await page.getByRole("button", { name: t("desk_invite"), exact: true }).click();
      const sheet = page.getByRole("dialog", { name: t("desk_invite") });
      await shot("team-whom");
      await sheet.getByRole("button", { name: new RegExp(name) }).click();
      await sheet.getByRole("img", { name: t("desk_invite_code") }).waitFor();
      const link = (await sheet.getByText(/#enrol=/).innerText()).trim();
      assert.ok(link.startsWith(`${server.url}/#enrol=`), link);
      await shot("team-code");
      const phone = new Phone(SPOTCHECK_CLI, join(home, guest));
      await phone.enrol(link, `phone of ${guest}`);
      await assert.rejects(new Phone(SPOTCHECK_CLI, join(home, `${guest}-again`)).enrol(link, "second"), /code_invalid/);
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
      await page.getByRole("button", { name: t("desk_now_again") }).click();
      await card(name).getByText(`phone of ${guest}`, { exact: true }).waitFor();

      // And it is revoked, with the reason; its own next contact says so.
      await card(name).getByRole("button", { name: t("desk_revoke_named", { name: `phone of ${guest}` }) }).click();
      const revoking = page.getByRole("dialog", { name: t("desk_revoke") });
      const yes = revoking.getByRole("button", { name: t("desk_revoke_do") });
      assert.ok(await yes.isDisabled(), "not without a reason");
      await revoking.getByRole("button", { name: t("desk_revoke_lost") }).click();
      await shot("team-revoke");
      await yes.click();
      await revoking.waitFor({ state: "detached" });
      await card(name).getByText(t("desk_device_revoked"), { exact: true }).waitFor();
      await card(name).getByText(t("desk_device_revoked_why", { why: t("desk_revoke_lost") })).waitFor();
      await assert.rejects(phone.sync(), /revoked/);

      // Without a connection: said in words, and nothing is taken for done.
      await server.stop();
      await page.getByRole("button", { name: t("desk_now_again") }).click();
      await page.getByText(t("desk_now_offline"), { exact: true }).waitFor();
      await ada.getByText(new RegExp(t("desk_device_contact", { ago: "" }).trim())).waitFor();
      await page.getByRole("button", { name: t("desk_invite"), exact: true }).click();
      await sheet.getByRole("button", { name: new RegExp(name) }).click();
      await sheet.getByText(t("desk_refused_offline"), { exact: true }).waitFor();
      await shot("team-offline");
      await server.start();

      assert.deepEqual(lead.complaints, []);
      assert.deepEqual(lead.barriers, [], "axe finds nothing serious on any screen");
    } catch (error) {
      await shot("team-broken");
      throw error;
    } finally {
      await server.up();
      await lead.close();
    }
  });
}
