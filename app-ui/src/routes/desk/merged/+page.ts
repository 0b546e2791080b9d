import { CoreFailure, core } from '$lib/core';
import type { MergedView } from '$lib/core/types/MergedView';
import { known } from '$lib/desk/merge/known';
import { checksOf } from '$lib/desk/merge/merged';
import { failed } from '$lib/failed';
import { error } from '@sveltejs/kit';

export async function load({ url, depends, parent }) {
  const { enrolled } = await parent();
  depends('topic:merge');
  const asked = (name: string) => url.searchParams.get(name) ?? '';
  const [site, day, checklist] = [asked('site'), asked('day'), asked('checklist')];
  const merged = await read(site, day, checklist);
  const names = merged ? await known(checksOf(merged), merged.group.items.map((it) => it.path)) : null;
  return { site, day, checklist, merged, names, enrolled };
}

/** None is an answer too: the checks may have been voided, or be on their way. */
async function read(site: string, day: string, checklist: string): Promise<MergedView | null> {
  try {
    return await core.call({ call: 'merged', site, day, checklist });
  } catch (thrown) {
    if (CoreFailure.from(thrown).code === 'not_found') return null;
    error(500, failed(thrown));
  }
}
