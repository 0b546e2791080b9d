// A team's two days, recorded by the shipped command line: two inspectors, several sites, findings of
// every severity, two who contradict each other. A lead is then opened in a browser.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { jpeg } from "./jpeg.js";

const run = promisify(execFile);

/** A device without a screen. */
export class Phone {
  #program;
  home;

  constructor(program, home) {
    this.#program = program;
    this.home = home;
  }

  async #call(...args) {
    const { stdout } = await run(this.#program, ["--home", this.home, "--json", ...args], { maxBuffer: 1 << 28 });
    return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  enrol(link, name) {
    return this.#call("enrol", link, "--name", name);
  }

  sync() {
    return this.#call("sync");
  }

  /** Records lines, each an object as in docs/CLI.md; photos are files of these names. Gives the ids of the checks. */
  async record(lines, photos = []) {
    await mkdir(this.home, { recursive: true });
    for (const name of photos) await writeFile(join(this.home, name), jpeg(seedOf(name), 60_000));
    const file = join(this.home, "lines.jsonl");
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    return (await this.#call("record", file)).map((it) => it.inspection);
  }
}

const seedOf = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) & 0xff, 7);

/** `YYYY-MM-DD` so many days from today, as the clock here has it. */
export function dayFromNow(days) {
  const at = new Date();
  at.setDate(at.getDate() + days);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((it) => String(it).padStart(2, "0")).join("-");
}

const at = (lat, lon) => ({ position: { lat, lon, accuracy_m: 12 } });
const PLACES = {
  "NS-MKT": at("22.5431", "113.9297"),
  "NS-MKT-CS": at("22.5440", "113.9312"),
  "FT-MKT": at("22.5712", "114.0551"),
  "FT-MKT-CS": at("22.5720", "114.0571"),
  "BUS-R03-S03": at("22.5333", "113.9302"),
  "BUS-R03-S01": at("22.4850", "113.9160"),
  "JM-01": at("22.5702", "114.1320"),
  "JM-02": at("22.5460", "114.1190"),
};

function check(site, checklist, day, rest = {}) {
  const inspectors = ["insp.produce1", "insp.produce2"];
  const place = PLACES[site] ?? { none: "no signal under the bridge" };
  return { head: { checklist, site, day, visit: "surprise", inspectors, place }, ...rest };
}

const PASS = { result: "pass" };
const finding = (severity, note, rest = {}) => ({ severity, note, ...rest });

/** What the first inspector saw. */
const first = (today, yesterday) => [
  // Contradicted below by the second inspector: the number of inspectors, and what holds by rule.
  check("NS-MKT", "ENT", today, {
    answers: { "GEN-01": { count: 2 }, "GEN-02": PASS, "ENT-02": { value: "0", unit: "gaps" }, "ENT-05": PASS, "ENT-06": { value: "0.2", unit: "°C", instrument: "T-17" }, "gate/G1/ENT-01": { result: "fail", reason: "nobody at gate 1" } },
    photos: { "gate/G1/ENT-01": ["gate.jpg"] },
    findings: [
      finding("critical", "一号门无人值守 Gate 1 unstaffed", { item: "gate/G1/ENT-01", photos: ["gate.jpg"], fixed: { note: "A guard was sent", photos: ["gate-after.jpg"] } }),
      finding("minor", "台账字迹不清 Ledger hard to read"),
    ],
    complete: true,
  }),
  check("NS-MKT-CS", "CCS", today, {
    answers: { "GEN-01": { count: 2 }, "CCS-10": PASS, "room/R1/CCS-03": { value: "-17.2", unit: "°C", instrument: "L-7" } },
    findings: [finding("major", "冷冻库温度偏高 Freezer too warm", { item: "room/R1/CCS-03", photos: ["freezer.jpg"] })],
  }),
  check("BUS-R03-S03", "BUS", today, {
    answers: { "GEN-01": { count: 2 }, "BUS-01": { text: "every fifth bus" }, "BUS-04": PASS },
    findings: [finding("critical", "中途站未测温 No checks at a mid-route stop")],
    complete: true,
  }),
  check("JM-02", "ENT", today, { answers: { "GEN-02": PASS } }),
  check("BUS-R03-S05", "BUS", today, { void: "wrong site" }),
  check("NS-MKT", "ENT", yesterday, { answers: { "GEN-01": { count: 2 }, "ENT-02": { value: "0", unit: "gaps" } }, complete: true }),
  // Never finished: late.
  check("JM-01", "ENT", yesterday, { answers: { "GEN-02": PASS }, findings: [finding("minor", "标识脱落 Sign fell off")] }),
];

/** What the second inspector saw. */
const second = (today, yesterday) => [
  check("NS-MKT", "ENT", today, {
    answers: { "GEN-01": { count: 3 }, "GEN-02": PASS, "ENT-02": { value: "1", unit: "gaps" }, "ENT-05": { result: "fail", reason: "wrong mode" }, "ENT-06": { value: "0.4", unit: "°C", instrument: "T-18" }, "gate/G1/ENT-01": { result: "fail", reason: "empty" } },
    photos: { "gate/G1/ENT-01": ["gate-second.jpg"] },
    findings: [finding("critical", "一号门无人值守 Gate 1 not staffed", { item: "gate/G1/ENT-01", photos: ["gate-second.jpg"] }), finding("major", "围挡有缺口 A gap in the fence", { item: "ENT-02", photos: ["fence.jpg"] })],
    complete: true,
  }),
  check("FT-MKT", "ENT", today, { answers: { "GEN-01": { count: 2 }, "ENT-02": { value: "0", unit: "gaps" }, "ENT-09": PASS }, complete: true }),
  check("FT-MKT-CS", "CCS", today, { answers: { "GEN-01": { count: 2 } }, findings: [finding("major", "无出入库记录 No stock records")] }),
  check("JM-01", "ENT", today, { answers: { "GEN-01": { count: 2 }, "ENT-05": PASS }, complete: true }),
  check("BUS-R03-S01", "BUS", yesterday, { answers: { "GEN-01": { count: 2 }, "BUS-04": PASS }, complete: true }),
];

const photosOf = (lines) => [...new Set(JSON.stringify(lines).match(/[\w-]+\.jpg/g) ?? [])];

/**
 * Lets two inspectors record two days and send them. `program` is `spotcheck`, `server` one of
 * harness/server.js that runs, `home` a folder of this test. The link of the lead is not used up:
 * open it in a browser. `phones` can record and sync more, such as late data.
 */
export async function recordTeam({ program, server, home }) {
  const [today, yesterday] = [dayFromNow(0), dayFromNow(-1)];
  const phones = {};
  const checks = {};
  for (const [user, lines] of [["insp.produce1", first(today, yesterday)], ["insp.produce2", second(today, yesterday)]]) {
    const phone = (phones[user] = new Phone(program, join(home, user)));
    await phone.enrol(server.links[user], `phone of ${user}`);
    // An end and a void are for a check that exists.
    const begun = lines.map(({ complete, void: gone, ...line }) => line);
    checks[user] = await phone.record(begun, photosOf(lines));
    const ends = lines.map((line, at) => ({ inspection: checks[user][at], complete: line.complete, void: line.void }));
    await phone.record(ends.filter((it) => it.complete || it.void));
    await phone.sync();
  }
  return { today, yesterday, phones, checks };
}
