// What a screen of the desk shows is in its address: back works, and a link says what was meant.
import { goto } from '$app/navigation';
import { page } from '$app/state';
import { core, type AnswerTo } from '$lib/core';
import type { Call } from '$lib/core/types/Call';
import { failed } from '$lib/failed';
import { error } from '@sveltejs/kit';

export type Filters = Record<string, string | null>;

/** The present address with some filters changed; null takes one out. */
export function withFilters(change: Filters): string {
  const query = new URLSearchParams(page.url.searchParams);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return page.url.pathname + (text ? `?${text}` : '');
}

/** Changes filters. What is typed replaces the step before: back is no keyboard. */
export function filter(change: Filters, typed = false): Promise<void> {
  return goto(withFilters(change), { replaceState: typed, keepFocus: true, noScroll: true });
}

/** A screen of the desk, on the day that is chosen. */
export function onDay(path: string, more: Record<string, string> = {}): string {
  const day = page.url.searchParams.get('day');
  const text = new URLSearchParams({ ...(day ? { day } : {}), ...more }).toString();
  return path + (text ? `?${text}` : '');
}

/** Asks while a screen loads. A failure is shown in words where the screen would be. */
export async function asked<Name extends Call['call']>(request: Extract<Call, { call: Name }>): Promise<AnswerTo<Name>> {
  try {
    return await core.call(request);
  } catch (thrown) {
    error(500, failed(thrown));
  }
}
