// Figures as `cargo xtask bench` prints them (crates/bench/src/figure.rs): a row, or with `--json` an
// object a line.
const JSON_LINES = process.argv.includes("--json");
const counted = { met: 0, judged: 0 };

const round = (n) => Number(n.toPrecision(4));

/** `limit`: what the bare machine does, in the same unit. `most`: what was promised. */
export function say(name, value, unit, { limit = null, most = null, note = "" } = {}) {
  const ratio = limit === null ? null : value / limit;
  const met = most === null ? null : value <= most;
  const budget = most === null ? null : `<= ${most} ${unit}`;
  if (met !== null) {
    counted.judged += 1;
    counted.met += Number(met);
  }
  if (JSON_LINES) return console.log(JSON.stringify({ name, value: round(value), unit, limit: limit && round(limit), ratio: ratio && round(ratio), budget, met, note }));
  const cells = [name.padEnd(24), `${round(value)} ${unit}`.padStart(14), (limit === null ? "" : String(round(limit))).padStart(9), (ratio === null ? "" : `${ratio.toPrecision(2)} x`).padStart(8), ` ${(budget ?? "").padEnd(14)}`, (met === null ? "" : met ? "met" : "MISSED").padEnd(7), note];
  console.log(cells.join(" ").trimEnd());
}

export const summary = () => JSON_LINES || console.log(`\n${counted.met} of ${counted.judged} budgets of the web app met`);
