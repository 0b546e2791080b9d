// The language of the screens. Texts read it through a rune, so a switch redraws every text in
// place: the screen, its scroll and its half-typed value stay.
import { locales, overwriteGetLocale, type Locale } from '$lib/paraglide/runtime';
import { remember, remembered } from '$lib/preferences.svelte';

export { m } from '$lib/paraglide/messages';
export type { Locale };

function initial(): Locale {
  const chosen = remembered('locale');
  const known = locales.find((it) => it === chosen);
  if (known !== undefined) return known;
  const wanted = navigator.languages.find((it) => locales.some((own) => it.startsWith(own)));
  return wanted === undefined || wanted.startsWith('zh') ? 'zh' : 'en';
}

let current = $state(initial());
overwriteGetLocale(() => current);
name(current);

/** The present language. Reactive. */
export function locale(): Locale {
  return current;
}

/** Every language there is, in its own words. */
export const languages: readonly { value: Locale; label: string; lang: string }[] = [
  { value: 'zh', label: '中文', lang: 'zh-CN' },
  { value: 'en', label: 'English', lang: 'en' },
];

/** Switches at once, and keeps the choice for the next start. */
export function switchLocale(to: Locale): void {
  current = to;
  remember('locale', to);
  name(to);
}

/** Which glyphs a Chinese font draws, and which voice a reader speaks with, hang on this. */
function name(of: Locale): void {
  document.documentElement.lang = of === 'zh' ? 'zh-CN' : 'en';
}

/** The time of day, and the day when it is another one, in the present language. */
export function moment(at: number | Date, now = new Date()): string {
  const date = new Date(at);
  const sameDay = date.toDateString() === now.toDateString();
  const day = sameDay ? {} : ({ month: 'short', day: 'numeric' } as const);
  const format = { hour: '2-digit', minute: '2-digit', hour12: false, ...day } as const;
  return new Intl.DateTimeFormat(current === 'zh' ? 'zh-CN' : 'en-GB', format).format(date);
}

/** A time with its year: a device with a clock of another year must show as one. */
export function exactly(at_ms: number): string {
  const format = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return new Intl.DateTimeFormat(current === 'zh' ? 'zh-CN' : 'en-GB', format).format(new Date(at_ms));
}

/** A size in the units people know. */
export function size(bytes: number): string {
  const kilo = bytes / 1000;
  if (kilo < 1000) return `${Math.ceil(kilo)} KB`;
  if (kilo < 1_000_000) return `${(kilo / 1000).toFixed(kilo < 10_000 ? 1 : 0)} MB`;
  return `${(kilo / 1_000_000).toFixed(kilo < 10_000_000 ? 1 : 0)} GB`;
}
