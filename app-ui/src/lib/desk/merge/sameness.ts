// Findings that look alike, in words.
import type { FindingHit } from '$lib/core/types/FindingHit';
import type { SamenessView } from '$lib/core/types/SamenessView';
import { m } from '$lib/i18n.svelte';
import { personName } from '$lib/names';

const SEVERITIES = ['critical', 'major', 'minor'];

/** The one that stands if nobody chooses: the gravest, of those the first that was recorded. */
export function gravest(hits: FindingHit[]): FindingHit | undefined {
  const rank = ({ finding }: FindingHit) => [SEVERITIES.indexOf(finding.severity) + (SEVERITIES.includes(finding.severity) ? 0 : 9), finding.at_ms] as const;
  return [...hits].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1])[0];
}

/** What was said before, and does not settle it any more. */
export function saidBefore(said: SamenessView): string {
  const name = personName(said.by);
  return said.main ? m.merge_said_one({ name, note: said.main.finding.note }) : m.merge_said_different({ name });
}
