// Before there is a device: what a browser may be that the app cannot be opened in, and the ways in
// which a sign-in link does not work. Each has a browser of its own, for nothing of it may stay.
import { inWorker } from "../harness/worker.js";

const OTHER_MACHINE = "spotcheck.test";
/** The core's own failures when it opens. */
const LACKS = {
  "door-private": ["common_private", "navigator.storage.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'));"],
  "door-broken": ["common_broken", "throw new Error('made to fail');"],
};

/** A server without TLS from another machine, a browser without files, an old one, a core that fails. */
export async function closed({ come, server }) {
  for (const [name, [words, script]] of Object.entries(LACKS)) {
    const who = await come({ context: { serviceWorkers: "block" } });
    await inWorker(who.context, script);
    await who.page.goto(server.url);
    await who.page.getByText(who.t(words), { exact: true }).waitFor();
    await who.take(name);
    // What was made to fail complained, as it should.
    who.complaints.length = 0;
    await who.close();
  }
  const far = await come({ flags: [`--host-resolver-rules=MAP ${OTHER_MACHINE} 127.0.0.1`] });
  await far.page.goto(server.url.replace("127.0.0.1", OTHER_MACHINE));
  await far.page.getByText(far.t("common_insecure"), { exact: true }).waitFor();
  await far.take("door-insecure");
  await far.close();
  const old = await come({ script: () => delete Promise.any });
  await old.page.goto(server.url);
  await old.page.getByRole("heading", { name: "飞检需要更新的浏览器" }).waitFor();
  await old.take("door-old");
  await old.close();
}

/** A link that is none, one of nobody's, and one whose server is gone. */
export async function links({ come, server }) {
  const who = await come();
  const { page, t, take } = who;
  await page.goto(server.url);
  await page.getByLabel(t("enrol_link")).waitFor();
  await take("enrol-empty");
  const [, code] = server.links["insp.produce2"].split("#enrol=");
  const used = server.links["insp.produce1"];
  for (const [name, text, words] of [["bad", "https://example.org/", "enrol_bad_link"], ["offline", `http://127.0.0.1:9/#enrol=${code}`, "enrol_unreachable"], ["refused", used, "enrol_refused"]]) {
    await page.getByLabel(t("enrol_link")).fill(text);
    await page.getByRole("button", { name: t("enrol_go") }).click();
    await page.getByText(t(words)).first().waitFor();
    await take(`enrol-${name}`);
    await page.waitForTimeout(400);
  }
  await who.close();
}
