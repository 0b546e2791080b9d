import { asked } from '$lib/desk/address';

export async function load({ depends, parent }) {
  await parent();
  depends('topic:sync');
  return { status: await asked({ call: 'status' }) };
}
