// Findings that look alike, in words.
import type { FindingHit } from '$lib/core/types/FindingHit';
import type { SamenessView } from '$lib/core/types/SamenessView';
import { m } from '$lib/i18n.svelte';
import { personName } from '$lib/names';

const SEVERITIES = ['critical', 'major', 'minor'];

/** The gravest first, of equal ones the earlier. One of a newer version's severity comes last. */
export function byGravity(hits: FindingHit[]): FindingHit[] {
  const rank = ({ finding }: FindingHit) => (SEVERITIES.includes(finding.severity) ? SEVERITIES.indexOf(finding.severity) : SEVERITIES.length);
  return [...hits].sort((a, b) => rank(a) - rank(b) || a.finding.at_ms - b.finding.at_ms);
}

/** What was said before, and does not settle it any more. */
export function saidBefore(said: SamenessView): string {
  const name = personName(said.by);
  return said.main ? m.merge_said_one({ name, note: said.main.finding.note }) : m.merge_said_different({ name });
}
