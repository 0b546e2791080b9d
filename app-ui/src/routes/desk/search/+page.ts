import { asked } from '$lib/desk/address';

export async function load({ url, depends, parent }) {
  await parent();
  for (const topic of ['checks', 'check', 'sites']) depends(`topic:${topic}`);
  const typed = url.searchParams.get('q') ?? '';
  return { typed, found: typed.trim() === '' ? null : await asked({ call: 'search', typed }) };
}
