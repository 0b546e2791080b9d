import { core } from '$lib/core';
import { draftsOf, loadNotes } from '$lib/draft/notes.svelte';

export async function load({ params, depends, parent }) {
  await parent();
  depends('topic:check');
  const check = await core.call({ call: 'check', id: params.id });
  await loadNotes(draftsOf(check.card.id));
  const at = await core.call({ call: 'recall', key: `at.${check.card.id}` });
  return { check, at };
}
