import { asked } from '$lib/desk/address';

/** Without a day in the address: the one the board shows. A day of thousands comes in pages. */
export async function load({ url, depends, parent }) {
  const { enrolled } = await parent();
  depends('topic:merge');
  const day = url.searchParams.get('day') ?? (await asked({ call: 'board', day: null, first: 0 })).day;
  const after = Math.max(0, Number(url.searchParams.get('after')) || 0);
  return { inbox: await asked({ call: 'inbox', day, after }), after, role: enrolled?.role };
}
