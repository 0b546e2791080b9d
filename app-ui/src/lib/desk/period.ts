// The period coverage looks at, as the address says it.
import { dayPlus } from './days';

export type Period = 'day' | '7' | '30' | 'own';
export const PERIODS: Period[] = ['day', '7', '30', 'own'];

export interface Span {
  period: Period;
  from: string;
  to: string;
}

/** `at` is the chosen day, or today. */
export function spanOf(asks: URLSearchParams, at: string): Span {
  const period = PERIODS.find((it) => it === asks.get('period')) ?? 'day';
  if (period === 'own') return { period, from: asks.get('from') ?? at, to: asks.get('to') ?? at };
  return { period, from: period === 'day' ? at : dayPlus(at, 1 - Number(period)), to: at };
}
