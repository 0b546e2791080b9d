// A value in words. The core says what it means; here only how it reads.
import type { Item } from '$lib/core/types/Item';
import { m } from '$lib/i18n.svelte';
import { readable } from '$lib/limits';
import { inRow, said, unitName } from '$lib/names';

type Fields = Record<string, unknown>;

export function shown(item: Item, value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const it = value as Fields;
  if (it.result === 'na') return `${m.common_na()} · ${String(it.reason ?? '')}`;
  switch (item.kind) {
    case 'pass_fail': return it.result === 'pass' ? m.common_pass() : m.common_fail();
    case 'measured': return `${readable(String(it.value))} ${unitName(String(it.unit))}${it.instrument ? ` · ${m.check_by_instrument({ number: String(it.instrument) })}` : ''}`;
    case 'tally': return counts(item, it.counts);
    case 'timed_count': return m.check_in_seconds({ count: String(it.count), seconds: String(it.seconds) });
    case 'choice': return names(item.choices, [it.choice]);
    case 'steps': return part(item.steps, it.done);
    case 'document_set': return part(item.documents, it.present);
    case 'text': return String(it.text);
    case 'date': return String(it.date);
    case 'people': return m.check_people({ count: String(it.count) });
    case 'photo': return m.check_photos({ count: Array.isArray(it.photos) ? it.photos.length : 0 });
    case 'signature': return it.signed === true ? m.check_signed() : m.check_refused({ reason: String(it.refused_reason) });
    case 'reading_log': return m.check_log_read({ count: String(it.count), min: readable(String(it.min)), max: readable(String(it.max)), unit: String(it.unit) });
  }
}

/** A value that follows from other answers, with the unit of its item. */
export const computedText = (item: Item, text: string) => (item.kind === 'measured' && item.unit ? `${readable(text)} ${unitName(item.unit)}` : text);

interface Named {
  code: string;
  text: { zh: string; en: string };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function names(of: Named[] | undefined, codes: unknown[]): string {
  return inRow(codes.map((code) => (of ?? []).find((it) => it.code === code)).map((it) => (it ? said(it.text) : '?')));
}

function part(of: Named[] | undefined, done: unknown): string {
  return m.check_part({ done: list(done).length, all: of?.length ?? 0 });
}

function counts(item: Item, value: unknown): string {
  const by = (value ?? {}) as Record<string, number>;
  return (item.counts ?? []).map((it) => `${said(it.text)} ${by[it.code] ?? '–'}`).join(' · ');
}
