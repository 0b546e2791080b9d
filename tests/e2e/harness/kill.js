// The end of a tab as a phone short of memory brings it: nothing is told, nothing is flushed.

import { texts } from "./person.js";
import { killRenderer } from "./processes.js";

/** Kills what runs the tab, and opens its address in a new one, which it gives. */
export async function killTab(page) {
  const { context, address } = { context: page.context(), address: page.url() };
  await killRenderer(context.browser(), page);
  const again = await context.newPage();
  const words = ["zh", "en"].map((locale) => texts(locale)("common_elsewhere"));
  const elsewhere = again.getByText(words[0], { exact: true }).or(again.getByText(words[1], { exact: true }));
  // One that was just killed may take a moment to let go of the device.
  for (let left = 40; left > 0; left -= 1) {
    await again.goto(address);
    await again.locator("main").first().waitFor();
    if ((await elsewhere.count()) === 0) return again;
    await again.waitForTimeout(250);
  }
  throw new Error("the device stayed with the killed tab");
}
