// Why a lead's wish was not done, in words.
import { CoreFailure } from '$lib/core';
import { failed } from '$lib/failed';
import { m } from '$lib/i18n.svelte';

const refusals: Record<string, () => string> = {
  not_a_lead: m.desk_refused_not_a_lead,
  not_in_your_team: m.desk_refused_not_in_your_team,
  own_device: m.desk_refused_own_device,
  too_many_invitations: m.desk_refused_too_many,
  no_address: m.desk_refused_no_address,
  no_such_user: m.desk_refused_unknown,
  no_such_device: m.desk_refused_unknown,
};

export function refused(thrown: unknown): string {
  const { code, problem } = CoreFailure.from(thrown);
  if (code === 'offline') return m.desk_refused_offline();
  return refusals[problem ?? '']?.() ?? failed(thrown);
}
