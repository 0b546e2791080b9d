// What a person is told when something could not be done: what, and what to do.
import { CoreFailure } from '$lib/core';
import { m } from '$lib/i18n.svelte';

const words: Record<string, () => string> = {
  offline: m.common_fail_offline,
  not_our_server: m.common_fail_not_our_server,
  revoked: m.common_fail_revoked,
  newer: m.common_fail_newer,
  storage_full: m.common_fail_full,
  storage: m.common_fail_storage,
  not_found: m.common_fail_not_found,
  read_only: m.common_fail_read_only,
  not_a_photo: m.common_fail_not_a_photo,
};

/** A failure in words; the core's own where the screens have none, for they name the field. */
export function failed(thrown: unknown): string {
  const { code, message } = CoreFailure.from(thrown);
  return words[code]?.() ?? m.common_fail_other({ message });
}

/** The same for a round of sync that stopped early. */
export function paused(pause: { code: string; message: string }): string {
  if (pause.code === 'server_refused') return m.common_fail_refused(pause);
  return words[pause.code]?.() ?? m.common_fail_other({ message: pause.message });
}
