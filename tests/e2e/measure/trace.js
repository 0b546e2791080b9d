// What a screen costs, from Chromium's own trace: processor time of the page's thread and of the
// core's worker, so that what else the machine does counts little.

/** How much slower than this machine a phone is taken to be. */
export const SLOWER = 4;

const sum = (all) => all.reduce((so_far, it) => so_far + it, 0);

/** The page is slowed down already (see `slowed`), the core's worker is not. Times in ms. */
export async function traced(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "__metadata"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = (name) => traceEvents.filter((it) => it.name === "thread_name" && it.args.name === name);
  const tasksOf = ({ pid, tid }) => traceEvents.filter((it) => it.ph === "X" && it.pid === pid && it.tid === tid && /RunTask$/.test(it.name) && it.tdur > 0);
  // Tasks within tasks are not counted twice.
  const outer = (tasks) => {
    let end = 0;
    return tasks.sort((a, b) => a.ts - b.ts || b.dur - a.dur).filter((it) => it.ts >= end && (end = it.ts + it.dur)).map((it) => it.tdur / 1000);
  };
  const busiest = (name) => threads(name).map((it) => outer(tasksOf(it))).sort((a, b) => sum(b) - sum(a))[0] ?? [];
  const [main, worker] = [busiest("CrRendererMain"), busiest("DedicatedWorker thread")];
  const core = sum(worker);
  return { page: sum(main), core, all: sum(main) + SLOWER * core, longest: Math.max(0, ...main), long: main.filter((it) => it > 50).length };
}

/** From here on the page's own thread is as slow as a phone's. */
export async function slowed(context, page) {
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** As by a link within the app; until the screen shows what is asked for, and has drawn it. */
export const go = (page, path, shown) =>
  page.evaluate(
    ([path, shown]) =>
      new Promise((drawn) => {
        const link = document.body.appendChild(document.createElement("a"));
        link.href = path;
        link.click();
        link.remove();
        const look = () => (document.querySelector(shown) ? requestAnimationFrame(() => setTimeout(drawn)) : setTimeout(look, 20));
        setTimeout(look, 20);
      }),
    [path, shown],
  );

/** From the tap to a screen that shows it. */
export const opening = (browser, page, path, shown) => traced(browser, page, () => go(page, path, shown));

/** As fast as a wheel turns or a thumb flicks: 120 px with every frame. */
export const scrolling = (browser, page) =>
  traced(browser, page, async () => {
    for (let n = 0; n < 150; n += 1) {
      await page.mouse.wheel(0, 120);
      await page.waitForTimeout(16);
    }
  });
