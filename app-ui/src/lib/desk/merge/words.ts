// The merge in words. Statuses, verdicts and who may do what come from the core; here only how they read.
import { shown } from '$lib/check/shown';
import type { Item } from '$lib/core/types/Item';
import type { MergedItemView } from '$lib/core/types/MergedItemView';
import type { MergedStatus } from '$lib/core/types/MergedStatus';
import type { SideView } from '$lib/core/types/SideView';
import { m } from '$lib/i18n.svelte';
import { readable } from '$lib/limits';
import { personName, said } from '$lib/names';
import { codeOf, instanceOf, type Known } from './known';

/** The item and the place it was asked at: `CCS-03 · 2号库`. */
export function slotName(path: string, { places }: Known): string {
  const place = instanceOf(path);
  return [codeOf(path), place === null ? '' : (places.get(place) ?? place)].filter(Boolean).join(' · ');
}

export const itemText = (of: MergedItemView): string => (of.text ? said(of.text) : '');

/** A value; as it was stored where nobody here knows the item. */
export function valueWords(of: MergedItemView, value: unknown, { items }: Known): string {
  if (of.status === 'both_kept' && Array.isArray(value)) return value.map((it) => single(of, it, items.get(codeOf(of.path))?.item)).join(' / ');
  return single(of, value, items.get(codeOf(of.path))?.item);
}

function single(of: MergedItemView, value: unknown, item: Item | undefined): string {
  // Until the checklist is read, the kind alone tells most.
  const asked = item ?? (of.kind === null ? undefined : ({ kind: of.kind, unit: of.unit } as Item));
  if (asked !== undefined) return [shown(asked, value), reasonOf(value)].filter(Boolean).join(' · ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Why it passed or failed: two who agree on that may still have said different things. */
export function reasonOf(value: unknown): string {
  const { result, reason } = (value ?? {}) as Record<string, unknown>;
  return (result === 'pass' || result === 'fail') && typeof reason === 'string' ? reason : '';
}

/** What differs between the sides and is in no words: as it was stored. */
export function besides(of: MergedItemView, side: SideView, words: string): string {
  const fields = (it: SideView) => (typeof it.value === 'object' && it.value !== null ? (it.value as Record<string, unknown>) : {});
  const differs = (key: string) => of.sides.some((it) => JSON.stringify(fields(it)[key]) !== JSON.stringify(fields(side)[key]));
  const told = (value: unknown) => typeof value === 'object' || words.includes(readable(String(value)));
  const left = Object.entries(fields(side)).filter(([key, value]) => key !== 'result' && key !== 'choice' && differs(key) && !told(value));
  return left.map(([key, value]) => `${key}: ${String(value)}`).join(' · ');
}

export const sideWords = (of: MergedItemView, side: SideView, known: Known): string => `${personName(side.by)} ${valueWords(of, side.value, known)}`;

const statuses: Record<MergedStatus, () => string> = {
  agreed: m.merge_status_agreed,
  worst_taken: m.merge_status_worst_taken,
  both_kept: m.merge_status_both_kept,
  contradiction: m.merge_status_contradiction,
  decided: m.merge_status_decided,
  reopened: m.merge_status_reopened,
};
export const statusName = (of: MergedItemView): string =>
  of.status === 'agreed' && of.sides.length < 2 ? m.merge_status_one() : statuses[of.status]();

export const waits = (it: MergedItemView): boolean => it.status === 'contradiction' || it.status === 'reopened';

/** Roles that decide and sign. The core refuses the others; they are told before they try. */
export const mayDecide = (role: string | undefined): boolean => role === 'lead' || role === 'reviewer';

export const mergedHref = (site: string, day: string, checklist: string): string => `/desk/merged?${new URLSearchParams({ site, day, checklist })}`;
