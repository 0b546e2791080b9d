// What the head of a check says, in words for its record.
import { clockTime } from '$lib/desk/days';
import { m } from '$lib/i18n.svelte';

const instant = (it: unknown): number | null => {
  const at = typeof it === 'string' ? Date.parse(it) : Number.NaN;
  return Number.isNaN(at) ? null : at;
};

/** From when to when; what nobody said is said to be open. */
export function spent(arrived: unknown, left: unknown): string {
  const [from, to] = [instant(arrived), instant(left)];
  if (from === null && to === null) return '';
  const words = (at: number | null) => (at === null ? m.check_r_unsaid() : clockTime(at));
  return m.check_r_from_to({ from: words(from), to: words(to) });
}

/** A metre is the fifth digit; more would claim what no phone knows. */
const short = (degrees: string): string => (Number.isFinite(Number(degrees)) ? Number(degrees).toFixed(5) : degrees);

/** What proves the place, or why nothing does. */
export function whereabouts(place: unknown): string {
  const { position, code, none } = (place ?? {}) as { position?: { lat: string; lon: string; accuracy_m: number }; code?: string; none?: string };
  if (position) return m.check_r_position({ lat: short(position.lat), lon: short(position.lon), metres: position.accuracy_m });
  if (code) return m.check_r_code({ code });
  return none ? m.check_r_no_place({ why: none }) : m.check_r_unsaid();
}
