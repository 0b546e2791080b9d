// What was done, from the kind of an op. One of a newer version is shown by its name.
import { m } from '$lib/i18n.svelte';

const kinds: Record<string, () => string> = {
  'inspection.started': m.merge_k_started,
  'inspection.answered': m.merge_k_answered,
  'inspection.completed': m.merge_k_completed,
  'inspection.signed': m.merge_k_signed,
  'inspection.undone': m.merge_k_undone,
  'inspection.voided': m.merge_k_voided,
  'inspection.shared': m.merge_k_shared,
  'finding.raised': m.merge_k_raised,
  'finding.changed': m.merge_k_changed,
  'evidence.captured': m.merge_k_captured,
  'evidence.derived': m.merge_k_derived,
  'evidence.placed': m.merge_k_placed,
};
export const kindName = (kind: string): string => kinds[kind]?.() ?? m.merge_k_other({ kind });
