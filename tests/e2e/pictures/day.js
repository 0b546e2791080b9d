// What the team did before the pictures begin: two inspectors on their earlier phones, by the shipped
// command line, yesterday and today, in the language of the pictures.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { dayFromNow, Phone } from "../harness/team.js";

const PASS = { result: "pass" };
const place = (lat, lon) => ({ position: { lat, lon, accuracy_m: 9 } });

function check(site, checklist, day, where, rest) {
  return { head: { checklist, site, day, visit: "surprise", unannounced: true, inspectors: ["insp.produce1", "insp.produce2"], place: where }, answers: {}, ...rest };
}

const FUTIAN = place("22.5712", "114.0551");
const JIAMEI = place("22.5702", "114.1320");

function first(say, today, yesterday) {
  return [
    check("FT-MKT", "ENT", today, FUTIAN, {
      answers: { "GEN-01": { count: 2 }, "GEN-02": PASS, "GEN-03": PASS, "GEN-06": { signed: true, by_role: "unit_manager" }, "ENT-02": { value: "0", unit: "gaps" }, "ENT-06": { value: "0.2", unit: "°C", instrument: "T-17" }, "ENT-09": PASS, "ENT-12": PASS, "gate/G2/ENT-01": { result: "fail", reason: say("值守人员离岗约十分钟", "The guard was away for about ten minutes") }, "gate/G2/ENT-05": PASS },
      photos: { "gate/G2/ENT-01": ["gate.jpg"] },
      findings: [{ item: "gate/G2/ENT-01", severity: "critical", note: say("南门无人值守，车辆自由进出", "South gate unstaffed, vehicles pass unchecked"), photos: ["gate.jpg"], fixed: { note: say("已派保安到岗", "A guard was sent at once"), photos: ["gate-after.jpg"] } }],
      complete: true,
    }),
    check("JM-01", "ENT", today, JIAMEI, { answers: { "GEN-01": { count: 2 }, "GEN-02": PASS, "ENT-02": { value: "0", unit: "gaps" }, "ENT-09": PASS }, complete: true }),
    check("NS-MKT", "ENT", yesterday, place("22.5431", "113.9297"), { answers: { "GEN-01": { count: 2 }, "GEN-02": PASS, "ENT-02": { value: "0", unit: "gaps" } }, findings: [{ severity: "minor", note: say("消毒记录漏签两天", "Two days of the disinfection log are unsigned") }], complete: true }),
    check("NS-MKT-CS", "CCS", yesterday, place("22.5440", "113.9312"), { answers: { "GEN-01": { count: 2 }, "CCS-10": PASS, "CCS-17": PASS }, complete: true }),
  ];
}

function second(say, today, yesterday) {
  return [
    check("FT-MKT", "ENT", today, FUTIAN, {
      answers: { "GEN-01": { count: 3 }, "GEN-02": PASS, "GEN-03": PASS, "ENT-02": { value: "1", unit: "gaps" }, "ENT-06": { value: "0.4", unit: "°C", instrument: "T-18" }, "ENT-09": PASS, "gate/G2/ENT-01": { result: "fail", reason: say("门岗空着，约半小时后到岗", "The booth was empty; somebody came half an hour later") }, "gate/G2/ENT-05": { result: "fail", reason: say("测温枪在物体模式", "The thermometer was in surface mode") } },
      photos: { "gate/G2/ENT-01": ["gate-other.jpg"] },
      findings: [
        { item: "gate/G2/ENT-01", severity: "critical", note: say("南门无人值守，车辆随意进出", "The south gate is unstaffed, vehicles pass unchecked"), photos: ["gate-other.jpg"] },
        { item: "ENT-02", severity: "major", note: say("东侧围挡有一处缺口", "A gap in the fence on the east side"), photos: ["fence.jpg"] },
      ],
      complete: true,
    }),
    check("FT-MKT-CS", "CCS", today, place("22.5720", "114.0571"), { answers: { "GEN-01": { count: 2 }, "CCS-10": PASS }, findings: [{ severity: "major", note: say("冷冻间温度偏高，未见处置记录", "The freezer is too warm, and nobody recorded what was done"), photos: ["freezer.jpg"] }] }),
    check("BUS-R03-S03", "BUS", today, place("22.5333", "113.9302"), { answers: { "GEN-01": { count: 2 }, "BUS-01": { text: say("每五辆抽一辆", "Every fifth bus") }, "BUS-04": PASS }, complete: true }),
    check("JM-02", "ENT", yesterday, place("22.5460", "114.1190"), { answers: { "GEN-01": { count: 2 }, "GEN-02": PASS } }),
  ];
}

/** Records and sends all of it. `late(value)` lets the second phone correct what it counted at Futian. */
export async function recordDay({ program, server, home, say, photos }) {
  const [today, yesterday] = [dayFromNow(0), dayFromNow(-1)];
  const phones = {};
  const checks = {};
  for (const [user, lines] of [["insp.produce1", first(say, today, yesterday)], ["insp.produce2", second(say, today, yesterday)]]) {
    const phone = (phones[user] = new Phone(program, join(home, user)));
    await phone.enrol(server.links[user], say("巡检手机", "Inspection phone") + ` ${user.at(-1)}`);
    await mkdir(phone.home, { recursive: true });
    for (const [name, bytes] of Object.entries(photos)) await writeFile(join(phone.home, name), bytes);
    // An end is for a check that exists.
    checks[user] = await phone.record(lines.map(({ complete, ...line }) => line));
    await phone.record(lines.flatMap((line, at) => (line.complete ? [{ inspection: checks[user][at], complete: true }] : [])));
    await phone.sync();
  }
  const late = async (count) => {
    const [ben] = checks["insp.produce2"];
    await phones["insp.produce2"].record([{ inspection: ben, answers: { "GEN-01": { count } } }]);
    await phones["insp.produce2"].sync();
  };
  return { today, yesterday, late };
}
