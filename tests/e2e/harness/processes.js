// The processes of a browser, from outside: what a phone short of memory does to them.
import { setTimeout as pause } from "node:timers/promises";

import { within } from "./patience.js";

/** SIGKILL; a process may be gone before it is killed, and is gone then. */
export function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** The browser's processes of a type: `browser`, `renderer`. */
async function processes(browser, wanted) {
  const session = await within("a session with the browser", browser.newBrowserCDPSession());
  const { processInfo } = await within("the list of processes", session.send("SystemInfo.getProcessInfo"));
  await session.detach().catch(() => {});
  return processInfo.filter(({ type }) => type === wanted).map(({ id }) => id);
}

/** Ends a browser, with all that it started; asked for while it still answers, for when it does not. */
export async function ending(browser) {
  const ids = await processes(browser, "browser");
  return () => ids.forEach(kill);
}

/** Kills what runs the tab, and closes what is left of it. */
export async function killRenderer(browser, page) {
  const crashed = page.waitForEvent("crash");
  const killed = await processes(browser, "renderer");
  killed.forEach(kill);
  await crashed;
  // Chromium keeps a renderer ready for the next tab. It was killed with the others, and a tab that is
  // opened before Chromium has noticed is dead from the start.
  for (let left = 200; (await processes(browser, "renderer")).some((id) => killed.includes(id)); left -= 1) {
    if (left === 0) throw new Error("Chromium has not noticed that its renderers were killed");
    await pause(50);
  }
  await page.close();
}
