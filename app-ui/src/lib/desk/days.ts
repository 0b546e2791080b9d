// Days as people say them. A day is a date on the wall where the check was made, never a time.
import { locale, m } from '$lib/i18n.svelte';

const DAY_MS = 86_400_000;
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const tongue = (): string => (locale() === 'zh' ? 'zh-CN' : 'en-GB');

/** Whole days from one to the other. */
export const daysBetween = (from: string, to: string): number => Math.round((at(to) - at(from)) / DAY_MS);

/** The day so many days on; an impossible one stays what it is. */
export function dayPlus(day: string, days: number): string {
  const time = at(day) + days * DAY_MS;
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : day;
}

/** Month, day and weekday. What is no date is shown as it stands. */
export function dayName(day: string): string {
  const time = at(day);
  if (!Number.isFinite(time)) return day;
  const year = day.slice(0, 4) === String(new Date().getFullYear()) ? {} : ({ year: 'numeric' } as const);
  const name = new Intl.DateTimeFormat(tongue(), { ...year, month: 'short', day: 'numeric', weekday: 'short', timeZone: 'UTC' }).format(time);
  // A place to break: Chinese has none between the day and its weekday.
  return name.replace('日周', '日 周');
}

/** The whole date, as it stands on paper. */
export function dayInFull(day: string): string {
  const time = at(day);
  return Number.isFinite(time) ? new Intl.DateTimeFormat(tongue(), { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' }).format(time) : day;
}

const STEPS = [['day', DAY_MS], ['hour', 3_600_000], ['minute', 60_000]] as const;

/** How long ago, in words. */
export function ago(then: number, now = Date.now()): string {
  const past = then - now;
  const [unit, length] = STEPS.find(([, length]) => Math.abs(past) >= length) ?? STEPS[2];
  if (Math.abs(past) < 60_000) return m.desk_ago_now();
  return new Intl.RelativeTimeFormat(tongue(), { numeric: 'always' }).format(Math.trunc(past / length), unit);
}

/** A time of day. */
export const clockTime = (ms: number): string =>
  new Intl.DateTimeFormat(tongue(), { hour: '2-digit', minute: '2-digit' }).format(ms);

/** A day and a time of day. */
export const moment = (ms: number): string =>
  new Intl.DateTimeFormat(tongue(), { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(ms);

/** How long ago a site was last checked. */
export function ageName(last: string | null, today: string): string {
  if (last === null) return m.desk_age_never();
  const days = daysBetween(last, today);
  return days <= 0 ? m.desk_age_today() : m.desk_age_days({ days });
}
