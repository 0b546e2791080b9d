// What a person is told when something could not be done: what, and what to do. The core speaks
// English, for logs and for support: its words are only ever a detail behind ours.
import { CoreFailure } from '$lib/core';
import { m } from '$lib/i18n.svelte';

const words: Record<string, () => string> = {
  offline: m.common_fail_offline,
  not_our_server: m.common_fail_not_our_server,
  revoked: m.common_fail_revoked,
  newer: m.common_fail_newer,
  storage_full: m.common_fail_full,
  storage: m.common_fail_storage,
  storage_unopened: m.common_fail_unopened,
  no_private_files: m.common_fail_unopened,
  open_elsewhere: m.common_fail_elsewhere,
  not_enrolled: m.common_fail_not_enrolled,
  device_key: m.common_fail_key,
  changed: m.common_fail_changed,
  not_found: m.common_fail_not_found,
  read_only: m.common_fail_read_only,
  not_a_photo: m.common_fail_not_a_photo,
  forms_unloaded: m.library_form_unloaded,
};

/** Of what was typed, by the field that the core names. */
const fields: Record<string, () => string> = {
  label: m.common_fail_label,
  void: m.common_fail_why,
  why: m.common_fail_why,
  'signatures.witness': m.common_fail_witness,
  left_at: m.common_fail_time,
  arrived_at: m.common_fail_time,
  day: m.common_fail_time,
  value: m.common_fail_long,
  number: m.instrument_taken,
};

/** A failure in words. */
export function failed(thrown: unknown): string {
  const { code, message, field, problem } = CoreFailure.from(thrown);
  const known = code === 'invalid' ? fields[field ?? ''] : words[code];
  if (known !== undefined) return known();
  if (code === 'invalid') return m.common_fail_invalid({ message });
  if (code === 'server_refused') return m.common_fail_server({ message: problem ?? message });
  return m.common_fail_other({ message });
}

/** The same for a round of sync that stopped early. */
export function paused(pause: { code: string; message: string }): string {
  if (pause.code === 'server_refused') return m.common_fail_refused(pause);
  return words[pause.code]?.() ?? m.common_fail_other({ message: pause.message });
}
