// Times of readings. A log keeps each with its zone: it is shown in that, as its logger gave it; what is being
// entered here, in this device's.
import { locale } from '$lib/i18n.svelte';

const two = (n: number): string => String(n).padStart(2, '0');
export const MINUTE = 60_000;

/** What an input of date and time holds. */
export function fieldOf(at_ms: number): string {
  const at = new Date(at_ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** RFC 3339 with this device's zone. */
export function stamp(at_ms: number): string {
  const east = -new Date(at_ms).getTimezoneOffset();
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${fieldOf(at_ms)}:00${zone}`;
}

/** Old browsers let people type it: a space is as good as the letter. */
export function parsed(field: string): number | null {
  const [, day, time] = field.trim().match(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/) ?? [];
  const at = day && time ? new Date(`${day}T${time}`).getTime() : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** A reading's time as its logger gave it; the zone only where it is not this device's. */
export function asGiven(text: string): string {
  const [, day, time, seconds, zone] = text.match(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(.*)$/) ?? [];
  if (day === undefined || time === undefined) return text;
  const here = stamp(Date.parse(text)).slice(19) === zone;
  return `${day} ${time}${seconds === ':00' ? '' : (seconds ?? '')}${here ? '' : ` ${zone ?? ''}`}`;
}

/** How far east of Greenwich this device is at an instant, in ms. */
export const hereEast = (at_ms: number): number => -new Date(at_ms).getTimezoneOffset() * MINUTE;

/** The same of the zone that a reading's time was given in; null where it names none. */
export function eastOf(text: string | undefined): number | null {
  const [, sign, hours, minutes] = text?.match(/([+-])(\d\d):(\d\d)$/) ?? [];
  if (sign === undefined) return text?.endsWith('Z') ? 0 : null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

function format(at_ms: number, east: number, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale() === 'zh' ? 'zh-CN' : 'en-GB', { hour12: false, timeZone: 'UTC', ...parts }).format(at_ms + east);
}

export function clock(at_ms: number, east = hereEast(at_ms)): string {
  const at = new Date(at_ms + east);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

export const dayShort = (at_ms: number, east: number): string => format(at_ms, east, { month: 'numeric', day: 'numeric' });
export const monthShort = (at_ms: number, east: number): string => format(at_ms, east, { year: 'numeric', month: 'numeric' });
export const dayAndClock = (at_ms: number, east: number): string => `${format(at_ms, east, { month: 'short', day: 'numeric' })} ${clock(at_ms, east)}`;
