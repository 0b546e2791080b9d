import { asked } from '$lib/desk/address';

export async function load({ url, depends, parent }) {
  await parent();
  for (const topic of ['checks', 'check']) depends(`topic:${topic}`);
  const day = url.searchParams.get('day');
  const severity = url.searchParams.get('severity');
  return { day, severity, first: await asked({ call: 'findings', day, severity, after: null }) };
}
