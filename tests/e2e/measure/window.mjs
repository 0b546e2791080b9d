// The inspector's hand in the app's real window: a tap until its answer is durable. `cargo xtask bench
// --only window` starts it under Xvfb; docs/BENCH.md says what the figure means.
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

import { Server } from "../harness/server.js";
import { Window } from "../harness/window.js";
import { enrol } from "../harness/windows.js";
import { say } from "./figure.js";
import { middle, tapAll } from "./tap.js";

const { SPOTCHECK_APP, SPOTCHECK_SERVER, SPOTCHECK_WEB } = process.env;
const home = await mkdtemp(join(tmpdir(), "spotcheck-measure-"));
const server = await new Server({ program: SPOTCHECK_SERVER, web: SPOTCHECK_WEB, data: join(home, "server") }).start();
console.error(`window: load ${loadavg().map((it) => it.toFixed(1)).join(" ")}`);
let window;
try {
  window = await Window.open({ app: SPOTCHECK_APP, web: SPOTCHECK_WEB, home: join(home, "device"), locale: "en" });
  const { t } = window;
  await enrol(window, server.links["insp.produce1"]);
  await window.click("link", t("today_start"));
  await window.type("searchbox", t("site_search"), "nsnp");
  await window.click("button", /NS-MKT/);
  await window.click("button", t("site_start_go"));
  await window.find("navigation", t("check_parts"));
  const took = [];
  for (const key of ["check_place", "check_common"]) {
    await window.click("button", new RegExp(`^${t(key)}`), { within: await window.find("navigation", t("check_parts")) });
    took.push(...(await window.run(tapAll, 40)));
  }
  say("window.tap.durable", middle(took), "ms", { note: `from the tap to saved, in the middle of ${took.length}; the slowest ${Math.max(...took).toFixed(0)} ms` });
} finally {
  await window?.close();
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 10 });
}
