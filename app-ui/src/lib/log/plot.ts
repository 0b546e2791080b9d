// Where everything of a chart goes, in pixels of its own width. Pure: sizes in, places out.
import { last } from '$lib/last';
import { readable, type Bound } from '$lib/limits';
import { beyondAt, eastIn, type Series } from './series';
import { clock, dayShort, MINUTE, monthShort } from './time';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 60 * DAY, 120 * DAY];
/** A digit's share of the size of its text, a little too wide for safety. */
const DIGIT = 0.6;

export type Plot = ReturnType<typeof plotOf>;

/** `em` is the size of the texts, 14 px or more. */
export function plotOf(series: Series, limits: Bound[], width: number, height: number, em: number) {
  const values = series.line.flatMap((it) => [it.min, it.max]).filter((it) => it !== null).map(Number);
  const [low, high] = padded([...values, ...limits.map((it) => it.value)]);
  const levels = ticks(low, high, Math.max(2, Math.floor(height / (em * 2.6))));
  const box = {
    left: Math.ceil(Math.max(...levels.map((it) => it.text.length), 2) * em * DIGIT + em * 0.8),
    right: width - Math.ceil(em * 1.4),
    top: Math.ceil(em * 1.7),
    bottom: height - Math.ceil(em * 1.7),
  };
  const [from, to] = span(series);
  const x = (at: number) => box.left + ((at - from) / (to - from)) * (box.right - box.left);
  const y = (value: number) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
  const runs = runsOf(series);
  const drawnRuns = runs.map((run) => ({
    line: run.map((it) => `${px(x(it.at))},${px(y((it.min + it.max) / 2))}`).join(' '),
    band: run.some((it) => it.min !== it.max) ? [...run.map((it) => `${px(x(it.at))},${px(y(it.max))}`), ...run.map((it) => `${px(x(it.at))},${px(y(it.min))}`).reverse()].join(' ') : '',
  }));
  const lines = runs.map((run) => run.map((it) => [x(it.at), y(it.max), y(it.min)] as const));
  const dots = series.line.length * em > (box.right - box.left) * 1.6 ? [] : series.line.filter((it) => it.max !== null).map((it) => [x(it.at_ms), y(Number(it.max))] as const);
  return { box, x, y, levels: levels.map((it) => ({ y: y(it.value), text: it.text })), times: times([from, to], eastIn(series), x, em, box), runs: drawnRuns, dots, gaps: bands(series.gaps, x), limits: limits.map((it) => drawn(it, y(it.value), box, em, lines)), marks: marks(series, limits, x, y, em) };
}

const px = (n: number): number => Math.round(n * 10) / 10;

function padded(values: number[]): [number, number] {
  const low = values.length > 0 ? Math.min(...values) : 0;
  const high = values.length > 0 ? Math.max(...values) : 1;
  const room = high > low ? (high - low) * 0.12 : Math.max(1, Math.abs(high) * 0.05);
  return [low - room, high + room];
}

function ticks(low: number, high: number, most: number): { value: number; text: string }[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((it) => it * power >= rough) ?? 10);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, at) => {
    const value = (first + at) * step;
    return { value, text: readable((Math.abs(value) < step / 2 ? 0 : value).toFixed(places)) };
  });
}

/** One reading alone stands in the middle of an hour. */
function span({ line, gaps }: Series): [number, number] {
  const [first, end] = [line[0], last(line)];
  if (first === undefined || end === undefined) return [0, HOUR];
  // A point of many readings has the time of the first of them: a gap may end after the last point.
  const [from, to] = [Math.min(first.at_ms, gaps[0]?.[0] ?? Infinity), Math.max(end.at_ms, last(gaps)?.[1] ?? -Infinity)];
  return from === to ? [from - HOUR / 2, to + HOUR / 2] : [from, to];
}

function times([from, to]: [number, number], east: number, x: (at: number) => number, em: number, box: { left: number; right: number }) {
  const most = Math.max(2, Math.floor((box.right - box.left) / (em * 4)));
  const step = TIME_STEPS.find((it) => (to - from) / it <= most) ?? 365 * DAY;
  const day = to - from > 300 * DAY ? monthShort : dayShort;
  const found = [];
  for (let at = Math.ceil((from + east) / step) * step - east; at <= to; at += step) {
    found.push({ x: x(at), text: clock(at, east) === '00:00' || step >= DAY ? day(at, east) : clock(at, east) });
  }
  return found;
}

/** Pieces of the line: no value and a gap break it. */
function runsOf({ line, gaps }: Series) {
  const runs: { at: number; min: number; max: number }[][] = [];
  let run: (typeof runs)[number] = [];
  let gap = 0;
  for (const { at_ms: at, min, max } of line) {
    const before = last(run)?.at ?? at;
    while ((gaps[gap]?.[1] ?? Infinity) <= before) gap += 1;
    const [from, to] = gaps[gap] ?? [Infinity, Infinity];
    const silent = Math.min(to, at) - Math.max(from, before) > (at - before) / 2;
    if (run.length > 0 && (min === null || silent)) {
      runs.push(run);
      run = [];
    }
    if (min !== null && max !== null) run.push({ at, min: Number(min), max: Number(max) });
  }
  return run.length > 0 ? [...runs, run] : runs;
}

/** Gaps closer than a pixel are one: thousands of them would hide what they are to show. */
function bands(gaps: [number, number][], x: (at: number) => number): { x: number; width: number }[] {
  const found: { x: number; width: number }[] = [];
  for (const [from, to] of gaps) {
    const before = last(found);
    const width = Math.max(2, x(to) - x(from));
    if (before && x(from) - (before.x + before.width) < 1) before.width = Math.max(before.width, x(from) + width - before.x);
    else found.push({ x: x(from), width });
  }
  return found;
}

/** x, and the highest and lowest value there: what a run covers. */
type Covered = readonly (readonly [number, number, number])[];
type Box = { left: number; right: number; top: number; bottom: number };

/** The shade lies on the failing side. The words lie where they cover no reading: on the other side
 * rather than on the failing one, and as far right as they can. */
function drawn(limit: Bound, at: number, box: Box, em: number, lines: Covered[]) {
  const above = limit.side === 'above';
  const wide = textWidth(limit.text, em);
  const ends = Array.from({ length: Math.max(1, Math.floor((box.right - box.left - wide - 4) / em) + 1) }, (_, n) => box.right - 2 - n * em);
  const places = [above, !above].flatMap((under) => ends.map((x) => {
    // Beyond the teeth, where it is their side.
    const y = under ? at + em * 1.15 + (above ? 0 : 7) : at - em * 0.4 - (above ? 7 : 0);
    return { x, y, box: { left: x - wide, right: x, top: y - em, bottom: y + em * 0.25 } };
  }));
  const roomy = places.filter((it) => it.box.top >= box.top - em && it.box.bottom <= box.bottom);
  const label = roomy.find((it) => !lines.some((line) => crosses(line, it.box))) ?? roomy[0] ?? places[0];
  return { y: at, side: limit.side, text: limit.text, shade: above ? { y: box.top, height: at - box.top } : { y: at, height: box.bottom - at }, label };
}

/** About how wide a text is: Chinese letters are as wide as high. */
const textWidth = (text: string, em: number): number => [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? em : em * DIGIT), 0);

/** Whether a run comes through a box, also between two of its readings. */
function crosses(line: Covered, { left, right, top, bottom }: Box): boolean {
  return line.some(([x, high, low], at) => {
    const [from, fromHigh, fromLow] = line[at - 1] ?? [x, high, low];
    if (x < left || from > right) return false;
    return Math.min(high, fromHigh) <= bottom && Math.max(low, fromLow) >= top;
  });
}

/** Beyond a limit: a triangle that points outwards. Neighbours share one, or they would be a smear. */
function marks(series: Series, limits: Bound[], x: (at: number) => number, y: (value: number) => number, em: number) {
  const found: { x: number; y: number; above: boolean }[] = [];
  for (const point of series.line) {
    const beyond = beyondAt(point, limits);
    if (beyond === null) continue;
    const mark = { x: x(point.at_ms), y: y(Number(beyond.value)), above: beyond.side === 'above' };
    const before = last(found);
    if (before && before.above === mark.above && mark.x - before.x < em * 0.5) {
      if (mark.above ? mark.y < before.y : mark.y > before.y) found[found.length - 1] = mark;
    } else found.push(mark);
  }
  return found;
}
