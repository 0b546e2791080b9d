// Why a reading says less than its number, in words.
import type { Doubt } from '$lib/core/types/Doubt';
import type { Judgement } from '$lib/core/types/Judgement';
import { m } from '$lib/i18n.svelte';

const WHY: Record<Doubt, () => string> = {
  margin: m.check_doubt_margin,
  calibration: m.check_doubt_calibration,
  unchecked: m.check_doubt_unchecked,
  check_failed: m.check_doubt_check_failed,
};

export const doubtText = (judgement: Judgement | null | undefined): string => (judgement?.doubt ? WHY[judgement.doubt]() : '');

/** A verdict behind its value on paper: a mark, or the words where a mark says too little. */
export function verdictMark(judgement: Judgement | null | undefined): string {
  const why = doubtText(judgement);
  switch (judgement?.verdict) {
    case 'pass': return ' ✓';
    case 'fail': return ' ✗';
    case 'conditional_pass': return ` · ${[m.check_conditional_pass(), why].filter(Boolean).join(' · ')}`;
    case 'conditional_fail': return ` · ${[m.check_conditional_fail(), why].filter(Boolean).join(' · ')}`;
    case 'invalid': return ` · ${[m.check_invalid(), why].filter(Boolean).join(' · ')}`;
    default: return '';
  }
}
