import { asked } from '$lib/desk/address';

export async function load({ url, depends, parent }) {
  await parent();
  depends('topic:checks');
  return { preview: await asked({ call: 'preview', sha256: url.searchParams.get('sha256') ?? '' }) };
}
