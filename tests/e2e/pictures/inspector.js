// The inspector's pictures: one check in a market, half of it without a network, and a cold store.
const shotFile = (name, bytes) => ({ name, mimeType: "image/jpeg", buffer: bytes });

/** A microphone that says something, where the machine has none. */
function microphone() {
  const audio = () => {
    const context = new AudioContext();
    const [voice, words, loud, out] = [context.createOscillator(), context.createOscillator(), context.createGain(), context.createMediaStreamDestination()];
    [voice.frequency.value, words.frequency.value, loud.gain.value] = [180, 2.3, 0.3];
    const sway = context.createGain();
    sway.gain.value = 0.3;
    words.connect(sway).connect(loud.gain);
    voice.connect(loud).connect(out);
    voice.start();
    words.start();
    return out.stream;
  };
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => audio(), enumerateDevices: async () => [] } });
}

export const prepare = (context) => context.addInitScript(microphone);

/** From home to the first part of a check. */
async function begin({ page, t, take }, typed, site, checklist, pictures = false) {
  await page.getByRole("link", { name: t("today_start") }).click();
  await page.getByRole("searchbox").fill(typed);
  await page.getByRole("button", { name: site }).first().waitFor();
  if (pictures) await take("sites");
  await page.getByRole("button", { name: site }).first().click();
  await page.getByText(t("site_place_found", { metres: 12 })).waitFor();
  if (checklist) await page.getByRole("group", { name: t("site_checklist") }).getByRole("button", { name: checklist }).click();
  const colleague = page.locator(".people button").first();
  if ((await colleague.getAttribute("aria-pressed")) === "false") await colleague.click();
  if (pictures) await take("start");
  await page.getByRole("button", { name: t("site_start_go") }).click();
  await page.getByRole("navigation", { name: t("check_parts") }).waitFor();
}

const part = ({ page, t }, key) => page.getByRole("navigation", { name: t("check_parts") }).getByRole("button", { name: t(key) }).click();
/** A second tap at once is a wet screen's, not a person's. */
const calm = (page) => page.waitForTimeout(400);

async function add({ page, t }, key, name) {
  await part({ page, t }, key);
  await page.getByRole("button", { name: t("check_add", { what: t(key) }) }).click();
  await page.getByLabel(t("check_name_it")).fill(name);
  await page.getByRole("button", { name: t("check_save"), exact: true }).click();
  await page.getByRole("button", { name, exact: true }).waitFor();
}

/** A signature as a hand writes it, and the button ready for it. */
export async function handwriting({ page, t }) {
  const box = await page.getByLabel(t("check_draw_here"), { exact: true }).boundingBox();
  const at = (x, y) => page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
  for (const stroke of [[[0.16, 0.4], [0.3, 0.3]], [[0.24, 0.2], [0.2, 0.55], [0.12, 0.75]], [[0.24, 0.45], [0.33, 0.7]], [[0.42, 0.62], [0.46, 0.3], [0.5, 0.62], [0.54, 0.38], [0.58, 0.6], [0.62, 0.45], [0.7, 0.55], [0.86, 0.34]]]) {
    await at(...stroke[0]);
    await page.mouse.down();
    for (const point of stroke.slice(1)) await at(...point);
    await page.mouse.up();
  }
  await page.waitForFunction((name) => [...document.querySelectorAll("dialog button")].some((it) => it.textContent.trim() === name && !it.disabled), t("check_save"));
}

/** One item: passed, all there, signed; keys of the pad as text; counts as a list. */
async function answer({ page, t }, code, given) {
  const item = page.getByRole("article", { name: new RegExp(code) });
  const save = (at) => at.getByRole("button", { name: t("check_save"), exact: true }).click();
  if (given === "pass") await item.getByRole("button", { name: t("common_pass"), exact: true }).click();
  else if (given === "all") await item.getByRole("button", { name: t("check_all_there") }).click();
  else if (given === "signed") await item.getByRole("button", { name: t("check_signed"), exact: true }).click();
  else if (Array.isArray(given)) {
    for (const [at, count] of given.entries()) if (count !== null) await item.locator(".stepper input").nth(at).fill(String(count));
    await item.locator(".stepper input").last().blur();
    await save(item);
  } else {
    const dialog = page.getByRole("dialog");
    await item.locator(".editor button").first().click();
    for (const key of given) await dialog.getByRole("button", { name: key === "." ? t("check_point") : key, exact: true }).click();
    await save(dialog);
    await dialog.waitFor({ state: "detached" });
  }
  await item.locator(".said").waitFor();
  await calm(page);
}

/** Enrols, in the guide's own order: first the link, then the first round. */
export async function enrol(ada, server) {
  const { page, t, take } = ada;
  await page.goto(server.url);
  await page.getByLabel(t("enrol_link")).fill("https://spotcheck.example.org/#enrol=k7Qm-2vXd-9TzB");
  await take("enrol");
  await page.goto(server.links["insp.produce1"]);
  await page.getByRole("button", { name: t("enrol_go") }).click();
  await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.evaluate(() => navigator.serviceWorker.ready);
}

export async function market(ada, server, photos, say) {
  const { page, t, take } = ada;
  await begin(ada, "nsnp", /NS-MKT/, undefined, true);
  const item = (code) => page.getByRole("article", { name: new RegExp(code) });

  await part(ada, "check_common");
  await item("GEN-01").getByRole("button", { name: t("common_more", { what: t("check_count") }) }).click({ clickCount: 2 });
  await item("GEN-01").getByRole("button", { name: t("check_save"), exact: true }).click();
  await item("GEN-02").getByRole("button", { name: t("common_pass"), exact: true }).click();
  await calm(page);
  await item("GEN-03").getByRole("button", { name: t("common_pass"), exact: true }).click();
  await calm(page);
  await item("GEN-02").scrollIntoViewIfNeeded();
  await take("answers");

  // Here the signal ends.
  await server.stop();
  await add(ada, "check_gate", say("南门", "South gate"));
  const gate = item("ENT-01");
  await gate.getByRole("button", { name: t("common_fail"), exact: true }).click();
  const camera = gate.getByLabel(t("check_take_photo"), { exact: true });
  await camera.setInputFiles(shotFile("1.jpg", photos["gate.jpg"]));
  await gate.getByRole("button", { name: t("photo_show", { number: 1 }) }).waitFor();
  await camera.setInputFiles(shotFile("2.jpg", photos["gate-near.jpg"]));
  await gate.getByRole("button", { name: t("photo_show", { number: 2 }) }).waitFor();
  await gate.getByLabel(t("check_note")).fill(say("南门无人值守，车辆自由进出", "South gate unstaffed, vehicles pass unchecked"));
  await gate.getByRole("button", { name: t("check_critical") }).click();
  await gate.evaluate((it) => it.scrollIntoView({ block: "start" }));
  await page.evaluate(() => scrollBy(0, 130));
  await take("finding");

  await gate.getByRole("button", { name: t("photo_show", { number: 1 }) }).click();
  await page.getByRole("button", { name: t("photo_mark"), exact: true }).click();
  const canvas = page.locator("canvas[aria-label]");
  const drag = async (x1, y1, x2, y2) => {
    const box = await canvas.boundingBox();
    await page.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + x2 * box.width, box.y + y2 * box.height, { steps: 6 });
    await page.mouse.up();
  };
  await canvas.waitFor();
  await drag(0.5, 0.82, 0.29, 0.6);
  await page.getByRole("button", { name: t("photo_blur") }).click();
  await drag(0.65, 0.64, 0.79, 0.72);
  await take("mark");
  await page.getByRole("button", { name: t("photo_mark_save") }).click();
  await canvas.waitFor({ state: "detached" });
  await page.getByRole("button", { name: t("common_close") }).click();

  await gate.getByRole("button", { name: t("voice_start") }).click();
  await page.waitForTimeout(5_200);
  await gate.getByRole("button", { name: new RegExp(t("voice_stop", { time: "" }).trim()) }).click();
  const kept = gate.getByRole("button", { name: t("voice_keep") });
  await kept.waitFor();
  await kept.evaluate((it) => it.scrollIntoView({ block: "center" }));
  await take("voice");
  await kept.click();
  await calm(page);
  await gate.getByRole("button", { name: t("check_finding_save") }).click();
  await gate.getByRole("button", { name: t("check_finding_save") }).waitFor({ state: "detached" });

  await calm(page);
  const queue = item("ENT-07");
  await queue.getByRole("button", { name: t("check_watch_start") }).click();
  for (let people = 0; people < 41; people += 1) await queue.locator(".plus").click();
  // Nobody waits five minutes for a picture.
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 283_000;
  });
  await page.waitForTimeout(600);
  await queue.evaluate((it) => it.scrollIntoView({ block: "start" }));
  await page.evaluate(() => scrollBy(0, -10));
  await take("count");
  await queue.locator(".watch .end button").last().click();
  await answer(ada, "ENT-07", [null, null, 0, 0]);
  await answer(ada, "ENT-03", [20, 19]);
  await answer(ada, "ENT-04", "22");
  await answer(ada, "ENT-05", "pass");
  await part(ada, "check_place");
  for (const [code, given] of [["ENT-02", "0"], ["ENT-06", "0.2"], ["ENT-08", "all"], ["ENT-09", "pass"], ["ENT-11", "pass"], ["ENT-12", "pass"], ["ENT-14", "all"]]) await answer(ada, code, given);
  await part(ada, "check_common");
  await answer(ada, "GEN-04", "all");
  await answer(ada, "GEN-06", "signed");

  await page.getByRole("link", { name: t("common_back") }).click();
}

export async function coldStore(ada, say) {
  const { page, t, take } = ada;
  await begin(ada, "NS-MKT-CS", /NS-MKT-CS/, say(/冷/, /[Cc]old/));
  await add(ada, "check_room", say("1号冷冻间", "Freezer 1"));
  const item = (code) => page.getByRole("article", { name: new RegExp(code) });
  await item("CCS-03").getByRole("button", { name: /°C/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("check_instrument_choose") }).click();
  await dialog.getByLabel(t("check_instrument_number")).fill("T-17");
  await dialog.getByRole("button", { name: t("check_instrument_use") }).click();
  const press = async (keys) => {
    for (const key of keys) await dialog.getByRole("button", { name: key === "." ? t("check_point") : key, exact: true }).click();
  };
  await press("15.2");
  await take("keypad");
  await dialog.getByRole("button", { name: t("check_save"), exact: true }).click();
  await dialog.waitFor({ state: "detached" });

  await item("CCS-06").getByRole("button", { name: t("log_enter") }).click();
  // Read from the logger's display, from three hours ago on.
  for (let back = 0; back < 6; back += 1) await dialog.getByRole("button", { name: t("log_back_by", { minutes: 30 }) }).click();
  for (const value of ["18.6", "18.4", "18.5", "17.1", "15.8", "18.2"]) {
    await press(value);
    await dialog.getByRole("button", { name: t("log_add") }).click();
    await page.waitForTimeout(150);
  }
  await dialog.locator("svg[role=img], figure, .chart").first().evaluate((it) => it.scrollIntoView({ block: "center" }));
  await take("log");
  await dialog.getByRole("button", { name: /6/ }).filter({ hasText: t("log_save", { count: 6 }) }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("link", { name: t("common_back") }).click();
}

/** The end of the market's check, signed and refused, without a network; then the network is back. */
export async function finish(ada, server, say) {
  const { page, t, take } = ada;
  await page.getByRole("heading", { name: t("today_drafts") }).waitFor();
  await calm(page);
  await take("today");
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).click();
  await page.getByText(t("common_fail_offline")).waitFor({ timeout: 30_000 });
  await take("sync");
  await page.getByRole("link", { name: t("common_back") }).click();

  await page.locator('a[href^="/check/"]').filter({ has: page.getByText(say("南山农批市场", "Nanshan wholesale market"), { exact: true }) }).first().click();
  await page.getByRole("link", { name: t("check_finish") }).click();
  await page.getByRole("heading", { name: t("check_signatures") }).waitFor();
  await calm(page);
  await page.getByRole("button", { name: t("check_sign_as", { name: t("check_by_inspector") }) }).first().click();
  await page.getByRole("dialog").getByLabel(t("check_signer")).fill(say("蔡示例", "Cai Shili"));
  await handwriting(ada);
  await take("sign");
  await page.getByRole("button", { name: t("check_save"), exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: t("check_sign_as", { name: t("check_by_site") }) }).click();
  await page.getByRole("button", { name: t("check_refuse"), exact: true }).click();
  await page.getByRole("dialog").getByLabel(t("check_signer")).fill(say("王示例（值班经理）", "Wang Shili, duty manager"));
  await page.getByLabel(t("check_refuse_why")).fill(say("认为值守缺位时间很短", "Says the guard was away only briefly"));
  await page.getByLabel(t("check_witness")).fill(say("安示例", "An Shili"));
  await take("refuse");
  await page.getByRole("button", { name: t("check_save"), exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await calm(page);
  await take("finish");
  await page.getByRole("button", { name: t("check_complete") }).click();
  await page.getByRole("heading", { name: t("check_record"), level: 2 }).waitFor();
  await calm(page);
  await take("record");

  await server.start();
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByRole("link", { name: new RegExp(t("sync_title")) }).click();
  await page.getByRole("button", { name: t("sync_now") }).click();
  await page.getByText(t("sync_nothing")).waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: t("common_back") }).click();
  await page.getByText(t("sync_state_sent")).first().waitFor();
  await take("sent");

  await page.getByRole("link", { name: t("common_settings") }).click();
  await page.getByRole("button", { name: t("settings_theme_sun") }).click();
  await calm(page);
  await take("settings");
}
