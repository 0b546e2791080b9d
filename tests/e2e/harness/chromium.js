// The system's Chromium, started as a process of our own, so that it can be killed as one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

import { bound } from "./patience.js";
import { kill, killRenderer } from "./processes.js";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

export class Chromium {
  #process;
  #browser;
  #context;

  /** Starts on a profile folder, which outlives it. */
  static async start(program, profile) {
    const it = new Chromium();
    const told = join(profile, "DevToolsActivePort");
    await rm(told, { force: true });
    // A group of its own: a browser is many processes, and all of them must go.
    const options = { detached: true, stdio: "ignore" };
    it.#process = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], options);
    let port = "";
    while (!port.includes("\n")) {
      if (it.#process.exitCode !== null) throw new Error(`${program} ended at once`);
      await pause(50);
      port = await readFile(told, "utf8").catch(() => "");
    }
    it.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port.split("\n")[0]}`);
    it.#context = it.#browser.contexts()[0];
    bound(it.#context, ["newPage"]);
    it.#context.on("page", (page) => bound(page, ["close", "evaluate"]));
    return it;
  }

  /** An empty tab. */
  page() {
    return this.#context.newPage();
  }

  /** A tab on an address, with its script loaded. */
  async tab(url) {
    const page = await this.page();
    page.on("console", (said) => said.type() === "error" && console.error(`  [page] ${said.text()}`));
    await page.goto(url);
    await page.waitForFunction(() => window.ready === true);
    return page;
  }

  async closeTabs() {
    await Promise.all(this.#context.pages().map((page) => page.close()));
  }

  /** SIGKILL for the process that runs a tab: no handler runs, nothing is flushed. */
  killTab(page) {
    return killRenderer(this.#browser, page);
  }

  /** SIGKILL for the whole browser. */
  async kill() {
    const ended = once(this.#process, "exit");
    kill(-this.#process.pid);
    await ended;
    await this.#browser.close().catch(() => {});
  }
}
