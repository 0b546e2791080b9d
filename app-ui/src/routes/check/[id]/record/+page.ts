import { core } from '$lib/core';

export async function load({ params, depends, parent }) {
  await parent();
  depends('topic:check');
  return { check: await core.call({ call: 'check', id: params.id }) };
}
