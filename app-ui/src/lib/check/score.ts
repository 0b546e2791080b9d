// Points in words.
import type { Score } from '$lib/core/types/Score';
import { m } from '$lib/i18n.svelte';

export function scoreText({ scoring, points, of, open }: Score): string {
  const text = scoring === 'earned' ? m.check_score_earned({ points, of }) : m.check_score_lost({ points, of });
  return open > 0 ? `${text} · ${m.check_score_open({ open })}` : text;
}
