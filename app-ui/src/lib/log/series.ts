// A log as it is drawn. The core gives it of a saved log; of one still being entered it is made here,
// in the same shape, so that there is one chart for both.
import type { LogPoint } from '$lib/core/types/LogPoint';
import type { ReadingLog } from '$lib/core/types/ReadingLog';
import { last } from '$lib/last';
import { isBeyond, type Bound } from '$lib/limits';
import { eastOf, hereEast, MINUTE } from './time';

/** What the chart needs; a `LogView` has it all. */
export interface Series {
  unit: string;
  count: number;
  min: string | null;
  max: string | null;
  gaps: [number, number][];
  line: LogPoint[];
  /** The times of the first and the last reading, with the zone they were given in. */
  span: [string, string] | null;
}

/** The zone that a log is shown in, ms east: its own. */
export const eastIn = ({ span, line }: Series): number => eastOf(span?.[0]) ?? hereEast(line[0]?.at_ms ?? 0);

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
  const [first, end] = [log.readings[0]?.[0], last(log.readings)?.[0]];
  const span: Series['span'] = first === undefined || end === undefined ? null : [first, end];
  return { unit: log.unit, count, span, ...extremes(line.flatMap((it) => [it.min, it.max])), gaps: gapsOf(readings, log.interval_min), line };
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
  let end = 0;
  const close = (to: number) => {
    if (known !== undefined && to - known > 2 * interval_min * MINUTE) gaps.push([known, to]);
  };
  for (const { at, value } of readings) {
    known ??= at;
    end = at;
    if (value === null) continue;
    close(at);
    known = at;
  }
  close(end);
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
