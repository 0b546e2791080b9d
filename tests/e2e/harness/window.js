// The real window, driven by WebKit's own driver: everything is found by role and name, as a person
// and a screen reader find it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Builder, Capabilities } from "selenium-webdriver";

import { texts } from "./person.js";

const DRIVER = process.env.WEBKIT_DRIVER ?? "WebKitWebDriver";
/** A screen answers within this, also on a busy machine. */
const PATIENCE_MS = 30_000;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

export class Window {
  #driver;
  #process;
  t;

  /**
   * Starts the app on a device's folder. `bridge`: "raw" as the desktop carries bytes, "text" as Android
   * does; `SPOTCHECK_BRIDGE` says which where a test does not.
   */
  static async open({ app, web, home, locale, theme = "light", size = [390, 844], bridge = process.env.SPOTCHECK_BRIDGE ?? "raw" }) {
    const it = new Window();
    const port = await freePort();
    const env = {
      ...process.env,
      SPOTCHECK_HOME: home,
      SPOTCHECK_WEB: web,
      LANG: locale === "zh" ? "zh_CN.UTF-8" : "en_GB.UTF-8",
      LANGUAGE: locale === "zh" ? "zh_CN" : "en_GB",
      // What the driver of Tauri sets: the window lets itself be driven.
      TAURI_AUTOMATION: "true",
      TAURI_WEBVIEW_AUTOMATION: "true",
    };
    it.#process = spawn(DRIVER, [`--port=${port}`], { env, stdio: ["ignore", "inherit", "inherit"] });
    for (let left = 100; left > 0; left -= 1) {
      const up = await fetch(`http://127.0.0.1:${port}/status`).then((reply) => reply.ok, () => false);
      if (up) break;
      await pause(100);
    }
    const wanted = new Capabilities();
    wanted.set("webkitgtk:browserOptions", { binary: app, args: [] });
    wanted.setBrowserName("wry");
    it.#driver = await new Builder().withCapabilities(wanted).usingServer(`http://127.0.0.1:${port}/`).build();
    it.t = texts(locale);
    await it.#driver.manage().window().setRect({ width: size[0], height: size[1] });
    await it.run((locale, theme) => {
      localStorage.setItem("spotcheck.locale", locale);
      localStorage.setItem("spotcheck.theme", theme);
      location.reload();
    }, locale, theme);
    if (bridge === "text") await it.#cutRawBridge();
    return it;
  }

  /** Android hands a page's raw bytes to no command; the bridge then carries text. */
  async #cutRawBridge() {
    // Not in the page that is about to be loaded again.
    await this.until(() => document.readyState === "complete" && document.querySelector("h1") !== null, "a screen");
    await this.run(() => {
      const real = window.fetch;
      window.fetch = (asked, ...rest) =>
        String(asked?.url ?? asked).startsWith("ipc:") ? Promise.reject(new TypeError("cut")) : real(asked, ...rest);
    });
  }

  /** A function in the page. Only for what no person does: a setting before the test, a cut bridge. */
  run(work, ...args) {
    return this.#driver.executeScript(`return (${work}).apply(null, arguments)`, ...args);
  }

  /** The first visible element of a role whose name matches, within another one or the page. */
  async find(role, name, { within = null, exact = true } = {}) {
    const pattern = name instanceof RegExp ? name.source : null;
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await this.run(byRole, role, pattern ?? name, pattern !== null, exact, within);
      if (found !== null) return found;
      if (Date.now() > until) throw new Error(`no ${role} ${name} in the window: ${await this.text()}`);
      await pause(100);
    }
  }

  async click(role, name, options) {
    for (let left = 3; ; left -= 1) {
      const found = await this.find(role, name, options);
      try {
        // Where a person scrolls to: not under a bar.
        await this.run((it) => it.scrollIntoView({ block: "center" }), found);
        return await found.click();
      } catch (error) {
        // Drawn anew between the look and the tap: a person looks again.
        if (error.name !== "StaleElementReferenceError" || left === 0) throw error;
      }
    }
  }

  async type(role, name, words, options) {
    await (await this.find(role, name, options)).sendKeys(words);
  }

  /** Waits until the page says it. */
  async says(words, within = null) {
    const until = Date.now() + PATIENCE_MS;
    while (!(await this.text(within)).includes(words)) {
      if (Date.now() > until) throw new Error(`the window does not say ${words}: ${await this.text(within)}`);
      await pause(100);
    }
  }

  /** Waits until a look at the page says so. */
  async until(look, what) {
    const end = Date.now() + PATIENCE_MS;
    while (!(await this.run(look))) {
      if (Date.now() > end) throw new Error(`not in the window: ${what}`);
      await pause(100);
    }
  }

  text(within = null) {
    return this.run((within) => (within ?? document.body).innerText, within);
  }

  async shot(path) {
    await writeFile(path, Buffer.from(await this.#driver.takeScreenshot(), "base64"));
  }

  /** The pen of a signature. */
  async draw(name) {
    const canvas = await this.find("img", name);
    const pen = this.#driver.actions({ async: true });
    await pen.move({ origin: canvas, x: -80, y: 0 }).press().move({ origin: canvas, x: 20, y: -20 }).move({ origin: canvas, x: 80, y: 20 }).release().perform();
  }

  /** Ends the app as a system does that needs the memory, and waits until it is gone: the next one has its folder. */
  async close() {
    // The driver's children; it answers before it has ended them, and may itself end first.
    const children = (await this.#children()).filter((it) => it !== "");
    for (const pid of children) kill(pid);
    while (children.some(isAlive)) await pause(50);
    // Nobody answers for the app any more; the driver goes with what it still knows of it.
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  async #children() {
    const { pid } = this.#process;
    return (await readFile(`/proc/${pid}/task/${pid}/children`, "latin1").catch(() => "")).split(" ");
  }
}

/** A process may be gone before it is killed; it is gone then. */
function kill(pid) {
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Not one that has ended and whose parent has not asked for it yet. */
function isAlive(pid) {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** Runs in the page: what a screen reader would call it, kept to what the app uses. */
function byRole(role, name, isPattern, exact, within) {
  const tags = {
    button: 'button, [role="button"], summary',
    link: "a[href]",
    heading: "h1, h2, h3",
    textbox: 'input:not([type]), input[type="text"], input[type="date"], textarea',
    searchbox: 'input[type="search"]',
    file: 'input[type="file"]',
    article: "article",
    navigation: "nav",
    img: 'canvas, [role="img"], img',
  };
  const labelOf = (it) => {
    const by = it.getAttribute("aria-labelledby");
    const label = it.getAttribute("aria-label") ?? (by && document.getElementById(by)?.textContent);
    if (label) return label;
    const own = it.labels?.[0];
    if (own) return own.querySelector("span")?.textContent ?? own.textContent;
    return it.getAttribute("alt") ?? it.innerText ?? it.textContent;
  };
  const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const seen = (it) => role === "file" || it.checkVisibility?.() !== false && it.getClientRects().length > 0;
  const matches = (text) => (isPattern ? new RegExp(name).test(text) : exact ? text === name : text.includes(name));
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  // A dialog in front is all there is to be touched.
  const scope = within ?? open ?? document;
  return [...scope.querySelectorAll(tags[role])].find((it) => seen(it) && matches(tidy(labelOf(it)))) ?? null;
}
