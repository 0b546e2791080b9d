// One screen as it stands, in every theme and on both devices, and with letters twice as large. The screen stays as it is: only its
// size and the names of its colours change, so a sheet stays open and half a sentence typed.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const THEMES = ["light", "sun", "dark"];
const DEVICES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
/** The narrowest device with the largest letters: what fits there fits everywhere. */
const LARGE = { device: "small-200", viewport: { width: 320, height: 640 }, theme: "light", text: "200" };
const ALL = [...Object.entries(DEVICES).flatMap(([device, viewport]) => THEMES.map((theme) => ({ device, viewport, theme, text: "100" }))), LARGE];

export class Looks {
  #folder;
  count = 0;
  /** What shuts people out: picture, rule, element. */
  barriers = [];

  constructor(folder) {
    this.#folder = folder;
  }

  /** Takes all pictures of a screen, and leaves it as it was. */
  async take(page, name, locale) {
    const size = page.viewportSize();
    const was = await page.evaluate(() => ({ theme: document.documentElement.dataset.theme, text: document.documentElement.dataset.text, y: scrollY }));
    mkdirSync(join(this.#folder, name), { recursive: true });
    await page.evaluate(AXE);
    for (const { device, viewport, theme, text } of ALL) {
      await page.setViewportSize(viewport);
      await page.evaluate((it) => Object.assign(document.documentElement.dataset, it), { theme, text });
      // What the picture is about, wherever another size has put it.
      await page.evaluate(() => {
        const about = document.querySelector("[data-about]");
        if (about) scrollTo(0, about.getBoundingClientRect().top + scrollY - 90);
      });
      await page.waitForTimeout(100);
      const picture = `${locale}-${theme}-${device}`;
      await page.screenshot({ path: join(this.#folder, name, `${picture}.png`), animations: "disabled", caret: "hide" });
      this.count += 1;
      const found = [...(await serious(page)), ...(await tooWide(page))];
      this.barriers.push(...found.map((it) => `${name}/${picture}: ${it}`));
    }
    await page.setViewportSize(size);
    await page.evaluate(({ theme, text, y }) => {
      Object.assign(document.documentElement.dataset, { theme, ...(text ? { text } : {}) });
      scrollTo(0, y);
    }, was);
    await page.waitForTimeout(100);
  }
}

async function serious(page) {
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  const grave = violations.filter((it) => ["serious", "critical"].includes(it.impact));
  return grave.map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

async function tooWide(page) {
  const [whole, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return whole > shown ? [`the screen is ${whole} wide on a device of ${shown}`] : [];
}
