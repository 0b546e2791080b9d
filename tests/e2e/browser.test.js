// What is acknowledged in a browser is there again, however the browser ended.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { Chromium } from "./harness/chromium.js";
import { Site } from "./harness/site.js";
import { photoBytes } from "./page/photo.js";

const { SPOTCHECK_CORE, SPOTCHECK_SERVER, CHROMIUM = "chromium" } = process.env;
const FOLDER = "spotcheck";
const GATE = { seed: 7, length: 700_001 };
const LINE = {
  head: { checklist: "ENT", site: "NS-MKT", day: "2021-06-24", inspectors: ["insp.produce1", "insp.produce2"] },
  answers: {
    "GEN-01": { count: 2 },
    "ENT-06": { value: "0.2", unit: "°C", instrument: "T-17" },
    "gate/G1/ENT-01": { result: "fail", reason: "门口无人 nobody at gate 1" },
  },
  photos: { "gate/G1/ENT-01": ["gate.jpg"] },
  findings: [{ item: "gate/G1/ENT-01", severity: "critical", note: "Gate 1 unstaffed", photos: ["gate.jpg"] }],
};

let home;
let site;
let browser;

before(async () => {
  assert.ok(SPOTCHECK_CORE && SPOTCHECK_SERVER, "run me as `cargo xtask browser`");
  home = await mkdtemp(join(tmpdir(), "spotcheck-browser-"));
  site = new Site({ core: SPOTCHECK_CORE, server: SPOTCHECK_SERVER, data: join(home, "server") });
  await site.open();
  browser = await start();
});

// Whatever became of a test, the next one finds nobody holding the device.
afterEach(() => browser.closeTabs());

after(async () => {
  await browser?.kill();
  await site?.close();
  if (home) await rm(home, { recursive: true, force: true, maxRetries: 10 });
});

const start = () => Chromium.start(CHROMIUM, join(home, "profile"));
const hash = ({ seed, length }) => createHash("sha256").update(photoBytes(seed, length)).digest("hex");

/** Asks the core in a tab; fails with what it says. */
async function ask(tab, call, ...args) {
  const { answer, failure } = await tab.evaluate(([call, args]) => window.ask(call, ...args), [call, args]);
  assert.equal(failure, undefined, `${call}: ${failure?.code}: ${failure?.message}`);
  return answer;
}

async function record(tab, line, photos) {
  const { answer, failure } = await tab.evaluate(([line, photos]) => window.record(line, photos), [line, photos]);
  assert.equal(failure, undefined, `record: ${failure?.code}: ${failure?.message}`);
  return answer;
}

/** A tab that holds the device. One that was just killed may take a moment to let go. */
async function open(tries = 200) {
  const tab = await browser.tab(site.url);
  for (let left = tries; ; left -= 1) {
    const { failure } = await tab.evaluate((folder) => window.ask("open", folder), FOLDER);
    if (!failure) return tab;
    assert.equal(failure.code, "open_elsewhere", failure.message);
    assert.ok(left > 0, "the device stayed in the hands of a tab that is gone");
    await pause(100);
  }
}

async function started(tab) {
  return (await record(tab, LINE, { "gate.jpg": GATE })).inspection;
}

/** The only current value of a slot. */
function value(view, slot) {
  const current = view.slots[slot] ?? [];
  assert.equal(current.length, 1, `${slot} has one current value`);
  return current[0].value;
}

/** An inspection as recorded by `started`, answers, finding and photo bytes. */
async function isWhole(tab, inspection) {
  const view = await ask(tab, "show", inspection);
  for (const [slot, answer] of Object.entries(LINE.answers)) assert.deepEqual(value(view, slot), answer);
  const [finding] = await ask(tab, "list", "finding", 1);
  assert.equal(value(finding, "note"), "Gate 1 unstaffed");
  assert.equal(await tab.evaluate((sha256) => window.photoHash(sha256), hash(GATE)), hash(GATE));
}

test("a device enrols with the real server and takes up its work", async () => {
  const tab = await open();
  const status = await ask(tab, "enrol", site.links["insp.produce1"], "a browser");
  assert.equal(status.user, "insp.produce1");
});

test("a record is there after its tab was killed as soon as it was acknowledged", async () => {
  let tab = await open();
  const inspection = await started(tab);
  await browser.killTab(tab);
  tab = await open();
  await isWhole(tab, inspection);
});

test("a record is there after the whole browser was killed", async () => {
  let tab = await open();
  const inspection = await started(tab);
  await browser.kill();
  browser = await start();
  tab = await open();
  await isWhole(tab, inspection);
});

test("nothing acknowledged is lost when a tab is killed at any moment of writing", async (t) => {
  let tab = await open();
  const inspection = await started(tab);
  const photos = new Map();
  let last = 2;
  // At least one photo is among what was acknowledged, however slow the disk.
  for (let round = 0; round < 6 || (photos.size === 0 && round < 30); round += 1) {
    const before = last;
    let stopped = null;
    await tab.exposeFunction("acknowledged", (n, named) => {
      last = n;
      named.forEach((sha256) => photos.set(n, sha256));
    });
    await tab.exposeFunction("stopped", (failure) => (stopped = failure));
    await tab.evaluate(([id, from]) => void window.keepAnswering(id, from), [inspection, last + 1]);
    while (last === before && !stopped) await pause(5);
    await pause(Math.random() * 400);
    await browser.killTab(tab);
    assert.equal(stopped, null, stopped?.message);

    tab = await open();
    const view = await ask(tab, "show", inspection);
    const { count } = value(view, "GEN-01");
    assert.ok(count >= last, `acknowledged ${last}, found ${count}`);
    const answers = (await ask(tab, "history", inspection)).filter((op) => op.kind === "inspection.answered");
    assert.equal(answers.length, count - 2, "each answer once");
    // What was saved but not acknowledged any more stands too: go on from there.
    last = count;
  }
  for (const [n, sha256] of photos) {
    assert.equal(sha256, hash({ seed: n, length: 300_000 }));
    assert.equal(await tab.evaluate((it) => window.photoHash(it), sha256), sha256, `photo ${n}`);
  }
  t.diagnostic(`${last - 2} answers and ${photos.size} photos acknowledged over the kills`);
  assert.ok(photos.size > 0, "photos were among what was written");
});

test("a second tab is told that the first one has the device, and takes over when it closes", async () => {
  const first = await open();
  const inspection = await started(first);
  const second = await browser.tab(site.url);
  const { failure } = await second.evaluate((folder) => window.ask("open", folder), FOLDER);
  assert.equal(failure?.code, "open_elsewhere");
  assert.match(failure.message, /another tab/);
  await second.close();
  await isWhole(first, inspection);
  await first.close();
  const third = await open();
  await isWhole(third, inspection);
});

test("what was recorded without a server is sent once there is one, over fetch", async () => {
  await site.stopServer();
  let tab = await open();
  const inspection = await started(tab);
  const { pause } = await ask(tab, "round");
  assert.equal(pause?.code, "offline");
  await browser.killTab(tab);
  await site.startServer();
  tab = await open();
  let status;
  for (let rounds = 0; rounds < 10; rounds += 1) {
    const report = await ask(tab, "round");
    assert.equal(report.pause, null);
    status = await ask(tab, "status");
    if (status.ops_waiting === 0 && status.photos_waiting[0] === 0) break;
  }
  assert.deepEqual([status.ops_waiting, status.photos_waiting[0]], [0, 0]);
  assert.equal((await ask(tab, "show", inspection)).sent, true, "receipts cover it and its photo");
});

test("an answer is saved while a round waits for the network", { timeout: 60_000 }, async () => {
  const tab = await open();
  const inspection = await started(tab);
  const { release, first } = site.holdServer();
  const round = ask(tab, "round");
  await first;
  // Were it lined up behind the round, this would wait for ever.
  await record(tab, { inspection, answers: { "GEN-01": { count: 3 } }, why: "one more came" });
  assert.deepEqual(value(await ask(tab, "show", inspection), "GEN-01"), { count: 3 });
  release();
  assert.equal((await round).pause, null);
  await ask(tab, "round");
  assert.equal((await ask(tab, "show", inspection)).sent, true);
});
