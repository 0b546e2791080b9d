// What an item asks, and what its place is called. The merge names slots; the checks it unites know
// the rest: read once each, and only as many as it takes.
import { core } from '$lib/core';
import type { CheckView } from '$lib/core/types/CheckView';
import type { ItemView } from '$lib/core/types/ItemView';

export interface Known {
  /** By code. */
  items: ReadonlyMap<string, ItemView>;
  /** What people call a place of a repeat, by its id. */
  places: ReadonlyMap<string, string>;
  /** Codes in the order of the checklist. */
  order: readonly string[];
  /** The part an item belongs to: `common`, `room` … */
  parts: ReadonlyMap<string, string>;
}

export const NOTHING_KNOWN: Known = { items: new Map(), places: new Map(), order: [], parts: new Map() };

export const codeOf = (path: string): string => path.split('/').pop() ?? path;
export const instanceOf = (path: string): string | null => path.split('/')[1] ?? null;

export async function known(inspections: readonly string[], paths: readonly string[]): Promise<Known> {
  const items = new Map<string, ItemView>();
  const places = new Map<string, string>();
  const parts = new Map<string, string>();
  const isKnown = (path: string) => items.has(codeOf(path)) && (!path.includes('/') || places.has(instanceOf(path) ?? ''));
  for (const id of inspections) {
    if (items.size > 0 && paths.every(isKnown)) break;
    for (const section of await sections(id)) {
      for (const [place, name] of section.instances) places.set(place, name);
      for (const view of section.items) {
        items.set(view.item.code, view);
        parts.set(view.item.code, section.key);
      }
    }
  }
  return { items, places, parts, order: [...items.keys()] };
}

/** Nothing of a check by a checklist that this version does not know: its slots are shown as they are. */
async function sections(id: string): Promise<CheckView['sections']> {
  try {
    return (await core.call({ call: 'check', id })).sections;
  } catch {
    return [];
  }
}
