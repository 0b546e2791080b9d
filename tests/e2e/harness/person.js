// A person with a browser: finds everything by role and name, in the language of the screen.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { bound, within } from "./patience.js";
import { ending } from "./processes.js";

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

/** Counts what the page has asked its core for and not heard of yet; rounds go on as they like. */
function countCalls() {
  const [post, open] = [Worker.prototype.postMessage, new Set()];
  window.coreIsIdle = () => open.size === 0;
  Worker.prototype.postMessage = function (asked, ...rest) {
    if (asked?.id !== undefined && asked.name !== "sync") {
      open.add(asked.id);
      const heard = ({ data }) => {
        if (data.id !== asked.id || data.progress !== undefined) return;
        open.delete(asked.id);
        this.removeEventListener("message", heard);
      };
      this.addEventListener("message", heard);
    }
    return post.call(this, asked, ...rest);
  };
}

/** Until what was typed or tapped is on the disk, before the page is taken away. */
export const settled = (page) => page.waitForFunction(() => window.coreIsIdle());

/**
 * A phone in somebody's hand: 390 × 844, touch, its own storage. `place`: it may say where it is;
 * `flags`: more of Chromium's own; `context`: more of what Playwright can set; `script`: runs before
 * any page's. `profile`: goes on with one that was left.
 */
export async function person({ program, locale, theme = "light", desktop = false, place = true, flags = [], context: more = {}, script, profile: left }) {
  // A profile on the disk, as people have: a private window keeps its files in memory, and writes
  // each of them through another process.
  const profile = left ?? (await mkdtemp(join(tmpdir(), "spotcheck-profile-")));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    args: [...ARGS, ...flags],
    locale: locale === "zh" ? "zh-CN" : "en-GB",
    viewport: desktop ? { width: 1280, height: 800 } : { width: 390, height: 844 },
    hasTouch: !desktop,
    permissions: place ? ["geolocation"] : [],
    geolocation: { latitude: 22.5431, longitude: 113.9342, accuracy: 12 },
    ...more,
  });
  // As long as the slowest machine needs to start the app: a test that fails waits, one that holds does not.
  context.setDefaultTimeout(60_000);
  const end = await ending(context.browser()).catch(async (error) => {
    await context.close();
    throw error;
  });
  await context.addInitScript(countCalls);
  await context.addInitScript((theme) => localStorage.setItem("spotcheck.theme", theme), theme);
  if (script) await context.addInitScript(script);
  const complaints = [];
  // Also of a tab that comes after a killed one; the empty page before the first is not ours.
  bound(context, ["newPage"]);
  context.on("page", (page) => {
    bound(page, ["close", "evaluate"]);
    page.on("pageerror", (error) => page.url() !== "about:blank" && complaints.push(String(error)));
    page.on("console", (said) => said.type() === "error" && !EXPECTED.test(said.text()) && complaints.push(said.text()));
  });
  const page = await context.newPage();
  // What it has to say it has said: a browser that does not end when it is asked to is ended.
  const leave = () => within("the end of the browser", context.close(), 20_000).catch((error) => {
    console.log("a browser was ended:", error.message);
    end();
  });
  // Chromium's last child may still be writing; what stays is in the system's folder for such things.
  const forget = () => rm(profile, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
  const close = async () => {
    await leave();
    if (!left) await forget();
  };
  return { browser: context.browser(), context, page, profile, leave, forget, close, complaints, t: texts(locale) };
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
