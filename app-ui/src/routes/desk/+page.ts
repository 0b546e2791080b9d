import { asked } from '$lib/desk/address';
import { isNarrow, wantedIn } from '$lib/desk/board';
import { rowsOf } from '$lib/desk/held';

export async function load({ url, depends, parent, untrack }) {
  await parent();
  for (const topic of ['checks', 'check', 'sites']) depends(`topic:${topic}`);
  const day = url.searchParams.get('day');
  // Another filter is no reason to ask again.
  const narrow = untrack(() => isNarrow(wantedIn(url.searchParams)));
  return { day, board: await asked({ call: 'board', day, first: rowsOf(day, narrow) }) };
}
