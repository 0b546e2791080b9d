import { asked } from '$lib/desk/address';

export async function load({ url, depends, parent }) {
  await parent();
  for (const topic of ['checks', 'check', 'sites']) depends(`topic:${topic}`);
  return { board: await asked({ call: 'board', day: url.searchParams.get('day') }) };
}
