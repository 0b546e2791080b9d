import { core } from '$lib/core';

export async function load({ url, depends, parent }) {
  await parent();
  depends('topic:sync');
  return { options: await core.call({ call: 'start_options', site: url.searchParams.get('site') }) };
}
