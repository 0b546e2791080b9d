import { core } from '$lib/core';

export async function load({ depends, parent }) {
  await parent();
  for (const topic of ['checks', 'loose', 'sync']) depends(`topic:${topic}`);
  return { today: await core.call({ call: 'today' }) };
}
