import { asked } from '$lib/desk/address';

export async function load({ depends, parent }) {
  await parent();
  depends('topic:checks');
  return { library: await asked({ call: 'library' }) };
}
