// A person with a browser: finds everything by role and name, in the language of the screen.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const MESSAGES = new URL("../../../app-ui/messages/", import.meta.url);

/** A server that is gone. */
const EXPECTED = /ERR_|Failed to fetch/;

/** The text of a key, as the screens have it. */
export function texts(locale) {
  const kept = {};
  return (key, values = {}) => {
    const area = key.split("_")[0];
    kept[area] ??= JSON.parse(readFileSync(new URL(`${area}/${locale}.json`, MESSAGES), "utf8"));
    return kept[area][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
}

/**
 * A phone in somebody's hand: 390 × 844, touch, its own storage. `place`: it may say where it is;
 * `flags`: more of Chromium's own; `context`: more of what Playwright can set; `script`: runs before
 * any page's.
 */
export async function person({ program, locale, theme = "light", desktop = false, place = true, flags = [], context: more = {}, script }) {
  const browser = await chromium.launch({ executablePath: program, args: [...ARGS, ...flags] });
  const context = await browser.newContext({
    locale: locale === "zh" ? "zh-CN" : "en-GB",
    viewport: desktop ? { width: 1280, height: 800 } : { width: 390, height: 844 },
    hasTouch: !desktop,
    permissions: place ? ["geolocation"] : [],
    geolocation: { latitude: 22.5431, longitude: 113.9342, accuracy: 12 },
    ...more,
  });
  await context.addInitScript((theme) => localStorage.setItem("spotcheck.theme", theme), theme);
  if (script) await context.addInitScript(script);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (said) => said.type() === "error" && !EXPECTED.test(said.text()) && complaints.push(said.text()));
  return { browser, context, page, complaints, t: texts(locale) };
}

/** A signature on a pad. */
export async function draw(page, label) {
  const box = await page.getByLabel(label, { exact: true }).boundingBox();
  await page.mouse.move(box.x + 30, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 20, { steps: 5 });
  await page.mouse.move(box.x + 220, box.y + 70, { steps: 5 });
  await page.mouse.up();
}
