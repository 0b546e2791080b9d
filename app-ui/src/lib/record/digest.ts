// The record in a few lines, to be pasted into a chat: counts, findings, how it stands.
import { signerName, signersOf, unsigned } from '$lib/check/signers';
import type { CheckView } from '$lib/core/types/CheckView';
import type { SentState } from '$lib/core/types/SentState';
import { dayInFull } from '$lib/desk/days';
import { m } from '$lib/i18n.svelte';
import { inRow, personName, said, severityName, siteName, visitName } from '$lib/names';

export function digest(check: CheckView): string {
  const { card, findings } = check;
  const visit = typeof check.head.visit === 'string' ? visitName(check.head.visit) : '';
  return [
    `${m.check_record()} · ${siteName(card.site)}`,
    [card.title ? said(card.title) : card.checklist, dayInFull(card.day), visit].filter(Boolean).join(' · '),
    `${m.check_r_inspectors()}: ${inRow(check.inspectors.map(personName))}`,
    m.check_d_answered({ done: card.answered, all: card.required, findings: findings.length }),
    ...findings.map((it, at) => `${at + 1}. [${severityName(it.severity)}] ${it.note}${it.fixed ? ` · ${m.check_fixed_short()}` : ''}`),
    ...(check.particulars.handling ? [`${m.check_p_handling()}: ${check.particulars.handling}`] : []),
    signed(check),
    sentWords(card.sent),
    `${m.check_d_id()} ${card.id}`,
  ].join('\n');
}

function signed(check: CheckView): string {
  const signers = signersOf(check);
  const done = signers.filter((it) => it.signed.length > 0);
  const open = unsigned(signers);
  const names = done.map((it) => `${signerName(it)}${it.signed[0]?.refused ? ` (${m.check_refuse()})` : ''}`);
  return [`${m.check_signatures()}: ${names.length > 0 ? inRow(names) : m.check_r_unsigned()}`, open.length > 0 ? m.check_unsigned({ names: inRow(open.map(signerName)) }) : ''].filter(Boolean).join(' · ');
}

function sentWords(sent: SentState): string {
  switch (sent.state) {
    case 'sent': return m.sync_state_sent();
    case 'photos_waiting': return m.sync_state_photos({ photos: sent.photos });
    case 'needs_review': return m.sync_state_review({ code: sent.code });
    case 'here': return m.sync_state_here();
  }
}
