import { asked } from '$lib/desk/address';

export async function load({ depends, parent }) {
  await parent();
  for (const topic of ['checks', 'check', 'sync']) depends(`topic:${topic}`);
  return { team: await asked({ call: 'team' }) };
}
