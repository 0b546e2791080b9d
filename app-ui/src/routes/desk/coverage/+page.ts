import type { CoverageBy } from '$lib/core/types/CoverageBy';
import { asked } from '$lib/desk/address';
import { spanOf } from '$lib/desk/period';

const GROUPINGS: CoverageBy[] = ['kind', 'district', 'organisation'];

export async function load({ url, depends, parent }) {
  await parent();
  for (const topic of ['checks', 'sites']) depends(`topic:${topic}`);
  const asks = url.searchParams;
  const today = (await asked({ call: 'today' })).day;
  const span = spanOf(asks, asks.get('day') ?? today);
  const by = GROUPINGS.find((it) => it === asks.get('by')) ?? 'kind';
  const key = asks.get('group');
  const done = asks.get('show') === 'done';
  // Said on the screen, next to the two dates; the core would refuse it.
  const added = await asked({ call: 'added_sites' });
  if (span.from > span.to) return { today, span, by, key: null, done, added, coverage: null, sites: null };
  const { from, to } = span;
  const [coverage, sites] = await Promise.all([
    asked({ call: 'coverage', from, to, by }),
    key === null ? null : asked({ call: 'coverage_sites', from, to, by, key, done, after: 0 }),
  ]);
  return { today, span, by, key, done, added, coverage, sites };
}
