import { asked } from '$lib/desk/address';

export async function load({ url, depends, parent }) {
  await parent();
  for (const topic of ['checks', 'check']) depends(`topic:${topic}`);
  const day = url.searchParams.get('day');
  const severity = url.searchParams.get('severity');
  const item = url.searchParams.get('item');
  return { day, severity, item, first: await asked({ call: 'findings', day, severity, item, after: null }) };
}
