// The merged checklist as rows: in the order of the checklist, part by part. Pure: the screen, the
// paper and the table are made from the same rows.
import type { MergedItemView } from '$lib/core/types/MergedItemView';
import type { MergedView } from '$lib/core/types/MergedView';
import { dayInFull } from '$lib/desk/days';
import { columnName, deskSiteName } from '$lib/desk/names';
import { m } from '$lib/i18n.svelte';
import { inRow, personName, said, severityName } from '$lib/names';
import { codeOf, instanceOf, type Known } from './known';
import { itemText, sideWords, statusName, valueWords, waits } from './words';

export interface Part {
  /** `common`, `room` …; empty where nobody here knows the item. */
  key: string;
  items: MergedItemView[];
}

export function partsOf(items: MergedItemView[], known: Known): Part[] {
  const at = (it: MergedItemView) => (known.items.has(codeOf(it.path)) ? known.order.indexOf(codeOf(it.path)) : known.order.length);
  const sorted = [...items].sort((a, b) => at(a) - at(b) || (a.path < b.path ? -1 : 1));
  const parts: Part[] = [];
  for (const item of sorted) {
    const key = known.parts.get(codeOf(item.path)) ?? '';
    const part = parts.find((it) => it.key === key);
    if (part) part.items.push(item);
    else parts.push({ key, items: [item] });
  }
  return parts;
}

/** The checks it unites, those with most answers first: they know most. */
export const checksOf = ({ group, inspections }: MergedView): string[] => [...new Set([...group.items.flatMap((it) => it.sides.map((side) => side.inspection)), ...inspections])];

export const tableHeads = (): string[] => [m.merge_col_item(), m.merge_col_place(), m.merge_col_text(), m.merge_col_status(), m.merge_col_value(), m.merge_col_values(), m.merge_col_decided()];

export function tableRows(items: MergedItemView[], known: Known): string[][] {
  return items.map((it) => {
    const place = instanceOf(it.path);
    const decided = it.decisions.map(({ by, why }) => [personName(by), why].filter(Boolean).join(': ')).join('; ');
    return [codeOf(it.path), place === null ? '' : (known.places.get(place) ?? place), itemText(it), statusName(it), waits(it) ? '' : valueWords(it, it.value, known), it.sides.map((side) => sideWords(it, side, known)).join('; '), decided];
  });
}

/** A few lines to be pasted into a chat. */
export function mergedDigest({ group, day, findings }: MergedView): string {
  const open = group.items.filter(waits).length;
  return [
    `${m.merge_merged()} · ${deskSiteName(group.site)}`,
    [group.title ? said(group.title) : columnName(undefined, group.checklist), dayInFull(day)].join(' · '),
    `${m.merge_r_inspectors()}: ${inRow(group.authors.map(personName))}`,
    m.merge_d_counts({ checks: group.checks, items: group.items.length, findings: findings.length, open }),
    ...findings.map(({ finding: it }, at) => `${at + 1}. [${severityName(it.severity)}] ${it.note}${it.fixed ? ` · ${m.check_fixed_short()}` : ''}`),
  ].join('\n');
}
