import { asked } from '$lib/desk/address';

/** Without a day in the address: the one the board shows. */
export async function load({ url, depends, parent }) {
  const { enrolled } = await parent();
  depends('topic:merge');
  const day = url.searchParams.get('day') ?? (await asked({ call: 'board', day: null })).day;
  return { inbox: await asked({ call: 'inbox', day }), role: enrolled?.role };
}
