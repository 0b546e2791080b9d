import { core } from '$lib/core';

export async function load({ depends, parent }) {
  await parent();
  depends('topic:sync');
  return { state: await core.call({ call: 'sync_state' }) };
}
