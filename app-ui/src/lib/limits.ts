// Limits as a screen draws them. The verdict is the core's: here only which side of a line fails, so
// that a chart can show it, and the sign a number pad begins with.
import type { ItemView } from '$lib/core/types/ItemView';
import type { LimitLine } from '$lib/core/types/LimitLine';
import { m } from '$lib/i18n.svelte';
import { last } from '$lib/last';
import { unitName } from '$lib/names';

/** One end of a limit: readings on `side` of it fail; the value itself fails where it is `open`. */
export interface Bound {
  value: number;
  side: 'above' | 'below';
  open: boolean;
  text: string;
}

/** Decimal text with a true minus, as it is read. */
export const readable = (text: string): string => text.replace(/-(?=\d)/g, '−');

/** With the unit, which stands last, in words. */
const inWords = (text: string): string => text.replace(/ (\S+)$/, (_, unit: string) => ` ${unitName(unit)}`);

/** `<= -18.0 °C` as people write it. */
export function limitText(text: string): string {
  const [, min, max] = text.match(/^between (\S+) and (.+)$/) ?? [];
  if (min !== undefined && max !== undefined) return m.check_between({ min: readable(min), max: readable(inWords(max)) });
  return readable(inWords(text.replace(/^<=/, '≤').replace(/^>=/, '≥').replace(/^==/, '=')));
}

/** The ends of a limit, for drawing. */
export function bounds(line: LimitLine, name = ''): Bound[] {
  const end = (value: string | null, side: Bound['side'], open = false, text = line.text): Bound[] =>
    value === null ? [] : [{ value: Number(value), side, open, text: [name, limitText(text)].filter(Boolean).join(' ') }];
  const operator = line.text.split(' ')[0] ?? '';
  if (operator === 'between') return [...end(line.min, 'below', false, `>= ${line.min} ${line.unit}`), ...end(line.max, 'above', false, `<= ${line.max} ${line.unit}`)];
  if (operator === '==') return [...end(line.value, 'below'), ...end(line.value, 'above')];
  return end(line.value, operator.startsWith('<') ? 'above' : 'below', !operator.endsWith('='));
}

export const isBeyond = (it: Bound, value: number): boolean =>
  (it.open && value === it.value) || (it.side === 'above' ? value > it.value : value < it.value);

/** A sign to begin with, where all that passes lies below zero. */
export function signOf(line: LimitLine | undefined): string {
  const ends = line ? bounds(line) : [];
  return ends.some((it) => it.side === 'above' && it.value < 0) ? '-' : '';
}

/** The units a log may be in: those of its limit, where that limit is about the readings at all. */
export function logUnits({ item, limit }: ItemView): string[] {
  const units = limit?.units.map((it) => it.unit) ?? [];
  if (item.unit == null) return units;
  return units.includes(item.unit) ? units : [item.unit];
}

/**
 * What a log is drawn against: its own limit; or, where that is about something else (how complete
 * the log is), the limits that readings at the same place were held against.
 */
export function logLimits(view: ItemView, around: ItemView[], instance: string | null): (unit: string) => Bound[] {
  const own = (it: ItemView, unit: string, name: string) =>
    (it.limit?.units ?? []).filter((line) => line.unit === unit).flatMap((line) => bounds(line, name));
  return (unit) => {
    const mine = own(view, unit, '');
    if (mine.length > 0) return mine;
    const read = around.filter((it) => it.item.kind === 'measured' && it.answers.some((answer) => answer.instance === instance && hasUnit(last(answer.values)?.value, unit)));
    return read.flatMap((it) => own(it, unit, it.item.code));
  };
}

const hasUnit = (value: unknown, unit: string): boolean => (value as { unit?: string } | undefined)?.unit === unit;
