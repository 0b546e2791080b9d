// What went wrong with a photo, in words, and what is still there.
import { CoreFailure } from '$lib/core';
import { failed } from '$lib/failed';
import { m } from '$lib/i18n.svelte';

const words: Record<string, () => string> = {
  empty: m.photo_fail_empty,
  not_a_photo: m.photo_fail_none,
  storage_full: m.photo_fail_full,
  no_copy: m.photo_fail_copy,
  not_found: m.photo_missing,
};

export function photoTrouble(thrown: unknown): string {
  return words[CoreFailure.from(thrown).code]?.() ?? failed(thrown);
}

/** Whether the same file may be kept later: then it is not thrown away. */
export function mayRetry(thrown: unknown): boolean {
  return !['empty', 'not_a_photo'].includes(CoreFailure.from(thrown).code);
}
