// A check's ops in words, those of one person in one minute together. Pure: who, what and when come
// from the core as they were recorded.
import { roleName } from '$lib/check/signers';
import { shown } from '$lib/check/shown';
import type { Person } from '$lib/core/types/Person';
import type { TimelineEvent } from '$lib/core/types/TimelineEvent';
import { dayName } from '$lib/desk/days';
import { exactly, m } from '$lib/i18n.svelte';
import { personName, said, severityName, visitName } from '$lib/names';
import { codeOf, instanceOf, type Known } from './known';
import { kindName } from './kinds';

export interface Moment {
  key: string;
  by: Person;
  at_ms: number;
  server_ms: number;
  after: boolean;
  events: TimelineEvent[];
}

const MINUTE_MS = 60_000;

/** One person's acts of one minute that stand alike towards signing and the server. */
export function moments(events: TimelineEvent[]): Moment[] {
  const all: Moment[] = [];
  for (const event of events) {
    const open = all[all.length - 1];
    const same = open?.by.code === event.by.code && Math.floor(open.at_ms / MINUTE_MS) === Math.floor(event.at_ms / MINUTE_MS) && open.after === event.after_signing;
    if (open && same) {
      open.events.push(event);
      open.server_ms = event.server_ms;
    } else all.push({ key: event.op, by: event.by, at_ms: event.at_ms, server_ms: event.server_ms, after: event.after_signing, events: [event] });
  }
  return all;
}

type Fields = Record<string, unknown>;
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What an op set, a line each; what only machines read is left out. */
export function lines({ kind, set }: TimelineEvent, known: Known): string[] {
  if (kind === 'inspection.started') return started(set, known);
  const told = set.fix_note ? { ...set, fixed: undefined } : set;
  return Object.entries(told).flatMap(([path, value]) => line(path, value, known));
}

/** The head of a check in one line, and answers that came with it. */
function started(set: Fields, known: Known): string[] {
  const visit = typeof set.visit === 'string' ? visitName(set.visit) : '';
  const head = [set.checklist, set.site, typeof set.day === 'string' ? dayName(set.day) : '', visit].filter((it) => typeof it === 'string' && it !== '').join(' · ');
  const answers = Object.entries(set).filter(([path]) => known.items.has(codeOf(path)));
  return [head, ...answers.flatMap(([path, value]) => line(path, value, known))].filter(Boolean);
}

function line(path: string, value: unknown, known: Known): string[] {
  const item = known.items.get(codeOf(path))?.item;
  if (item) {
    const place = instanceOf(path);
    const what = [item.code, place === null ? '' : (known.places.get(place) ?? place), said(item.text)].filter(Boolean).join(' · ');
    return [m.merge_t_set({ what, value: shown(item, value) })];
  }
  // Photos are in view beside it; that it ended is what was done; a verdict shows in the severity.
  if (path.startsWith('evidence/') || path.endsWith('_sha256') || ['judgement', 'completed', 'voided', 'photos', 'voice', 'fix_photos', 'inspection', 'by'].includes(path)) return [];
  if (path.startsWith('instances/')) return [m.merge_t_set({ what: m.merge_f_place(), value: text(value) })];
  if (path.startsWith('signatures/')) return [signature(value as Fields)];
  if (path === 'severity') return [m.merge_t_set({ what: m.merge_f_severity(), value: severityName(text(value)) })];
  if (path === 'note') return [m.merge_t_set({ what: m.merge_f_note(), value: text(value) })];
  if (path === 'fixed') return value === true ? [m.merge_f_fixed()] : [];
  if (path === 'fix_note') return [m.merge_t_set({ what: m.merge_f_fixed(), value: text(value) })];
  if (path === 'item') return [m.merge_t_set({ what: m.merge_col_item(), value: codeOf(text(value)) })];
  const named = particulars[path];
  if (path === 'badges') return [m.merge_t_set({ what: m.check_r_badges(), value: Object.entries((value ?? {}) as Fields).map(([who, it]) => `${who} ${text(it)}`).join(', ') })];
  if (path === 'left_at') return [m.merge_t_set({ what: m.check_p_left(), value: exactly(Date.parse(text(value))) })];
  return [m.merge_t_set({ what: named?.() ?? path, value: text(value) })];
}

/** What the site record says beside answers, by its slot. */
const particulars: Record<string, () => string> = { in_charge: m.check_p_in_charge, address: m.check_p_address, handling: m.check_p_handling };

function signature(it: Fields): string {
  const by = roleName(text(it.role ?? ''));
  return m.merge_t_set({ what: by, value: it.refused ? m.check_refused({ reason: text(it.refused) }) : text(it.name ?? '') });
}

/** What was taken back, by what it had done. */
export function tookBack(op: string, events: ReadonlyMap<string, TimelineEvent>, known: Known): string {
  const then = events.get(op);
  if (then === undefined) return m.merge_t_took_unknown();
  return m.merge_t_took_back({ what: [`${personName(then.by)} ${kindName(then.kind)}`, ...lines(then, known)].join(' · ') });
}

/** Photos alone: voice notes, logs and signatures are files too, and no pictures to look at. */
export function photosOf({ set, photos }: TimelineEvent): string[] {
  const other = Object.entries(set).flatMap(([path, value]) => {
    const { log, drawn } = (value ?? {}) as Fields;
    return path === 'voice' && Array.isArray(value) ? value : [log, drawn];
  });
  return photos.filter((it) => !other.includes(it));
}
