// The end of a tab as a phone short of memory brings it: nothing is told, nothing is flushed.

/** Kills what runs the tab, and opens its address in a new one, which it gives. */
export async function killTab(page) {
  const { context, address } = { context: page.context(), address: page.url() };
  const session = await context.browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const crashed = page.waitForEvent("crash");
  for (const { id } of processInfo.filter(({ type }) => type === "renderer")) {
    try {
      process.kill(id, "SIGKILL");
    } catch (error) {
      // Gone before it was killed.
      if (error.code !== "ESRCH") throw error;
    }
  }
  await crashed;
  await page.close();
  await session.detach();
  const again = await context.newPage();
  await again.goto(address);
  return again;
}
