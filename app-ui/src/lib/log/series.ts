// A log as it is drawn. The core gives it of a saved log; of one still being entered it is made here,
// in the same shape, so that there is one chart for both.
import type { LogPoint } from '$lib/core/types/LogPoint';
import type { ReadingLog } from '$lib/core/types/ReadingLog';
import { isBeyond, type Bound } from '$lib/limits';
import { MINUTE } from './time';

/** What the chart needs; a `LogView` has it all. */
export interface Series {
  unit: string;
  count: number;
  min: string | null;
  max: string | null;
  gaps: [number, number][];
  line: LogPoint[];
}

/** More points than a phone has columns; the core draws as many. */
const POINTS = 400;

/** Of readings in order of time. Throws where a file has something else. */
export function seriesOf(log: ReadingLog): Series {
  const readings = log.readings.map(([time, value]) => ({ at: Date.parse(time), value }));
  if (readings.some((it, index) => !(it.at > (readings[index - 1]?.at ?? -Infinity)))) throw new TypeError('times that are none, or in no order');
  const share = Math.max(1, Math.ceil(readings.length / POINTS));
  const line: LogPoint[] = [];
  for (let from = 0; from < readings.length; from += share) {
    const part = readings.slice(from, from + share);
    line.push({ at_ms: part[0]?.at ?? 0, ...extremes(part.map((it) => it.value)) });
  }
  const count = readings.filter((it) => it.value !== null).length;
  return { unit: log.unit, count, ...extremes(line.flatMap((it) => [it.min, it.max])), gaps: gapsOf(readings, log.interval_min), line };
}

function extremes(values: (string | null)[]): { min: string | null; max: string | null } {
  let [min, max]: (string | null)[] = [null, null];
  for (const value of values) {
    if (value === null) continue;
    if (min == null || Number(value) < Number(min)) min = value;
    if (max == null || Number(value) > Number(max)) max = value;
  }
  return { min: min ?? null, max: max ?? null };
}

/** As the core has them: longer than twice the interval without a value. */
function gapsOf(readings: { at: number; value: string | null }[], interval_min: number): [number, number][] {
  const gaps: [number, number][] = [];
  let known: number | undefined;
  let last = 0;
  const close = (to: number) => {
    if (known !== undefined && to - known > 2 * interval_min * MINUTE) gaps.push([known, to]);
  };
  for (const { at, value } of readings) {
    known ??= at;
    last = at;
    if (value === null) continue;
    close(at);
    known = at;
  }
  close(last);
  return gaps;
}

/** The side a point lies beyond a limit on, and the value that does. */
export function beyondAt(point: LogPoint, limits: Bound[]): { side: Bound['side']; value: string } | null {
  for (const limit of limits) {
    const value = limit.side === 'above' ? point.max : point.min;
    if (value !== null && isBeyond(limit, Number(value))) return { side: limit.side, value };
  }
  return null;
}
