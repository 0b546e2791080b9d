import { core } from '$lib/core';
import type { CheckView } from '$lib/core/types/CheckView';
import { asked } from '$lib/desk/address';
import { known } from '$lib/desk/merge/known';

export async function load({ url, depends, parent }) {
  await parent();
  depends('topic:check');
  const id = url.searchParams.get('id') ?? '';
  const timeline = await asked({ call: 'timeline', id });
  return { id, timeline, check: await card(id), names: await known([id], []) };
}

/** Its name; the timeline stands without it, as of a check by a checklist that is not here. */
const card = (id: string): Promise<CheckView['card'] | null> => core.call({ call: 'check', id }).then((it) => it.card, () => null);
