// An instrument in words.
import type { InstrumentKind } from '$lib/core/types/InstrumentKind';
import type { InstrumentView } from '$lib/core/types/InstrumentView';
import { dayInFull } from '$lib/desk/days';
import { m } from '$lib/i18n.svelte';
import { unitName } from '$lib/names';

export const KINDS = ['digital_probe', 'probe', 'infrared', 'logger', 'other'] as const satisfies readonly InstrumentKind[];

const NAMES: Record<InstrumentKind, () => string> = {
  probe: m.instrument_kind_probe,
  digital_probe: m.instrument_kind_digital_probe,
  infrared: m.instrument_kind_infrared,
  logger: m.instrument_kind_logger,
  other: m.instrument_kind_other,
};

export const kindName = (kind: InstrumentKind): string => NAMES[kind]();

export function errorText({ mpe }: InstrumentView): string {
  const widths = Object.entries(mpe).map(([unit, width]) => m.instrument_mpe_is({ value: `${width} ${unitName(unit)}` }));
  return widths.length > 0 ? widths.join(' · ') : m.instrument_mpe_unknown();
}

export function calibrationText({ due, doubt }: InstrumentView): string {
  if (due === null) return m.instrument_due_none();
  const over = doubt === 'calibration';
  return over ? m.instrument_due_over({ day: dayInFull(due) }) : m.instrument_due_is({ day: dayInFull(due) });
}

/** What comes of the check of today; empty where it is of a kind that is not checked. */
export function checkText({ check }: InstrumentView): string {
  switch (check) {
    case 'passed': return m.instrument_check_passed();
    case 'failed': return m.instrument_check_failed();
    case 'missing': return m.instrument_check_missing();
    case 'not_needed': return '';
  }
}

/** What stands against its readings now, in one line; empty: nothing. */
export function against(it: InstrumentView): string {
  switch (it.doubt) {
    case 'check_failed': return m.instrument_check_failed();
    case 'calibration': return `${calibrationText(it)} · ${m.instrument_caps()}`;
    case 'unchecked': return `${m.instrument_check_missing()} · ${m.instrument_caps()}`;
    default: return '';
  }
}
