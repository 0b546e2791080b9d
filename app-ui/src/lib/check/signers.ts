// Who is to sign a check: each inspector that its head names, and the inspected unit. What was signed
// in another role, or by an older version for all inspectors at once, stays in view beside them.
import type { CheckView } from '$lib/core/types/CheckView';
import type { SignatureView } from '$lib/core/types/SignatureView';
import { m } from '$lib/i18n.svelte';
import { personName } from '$lib/names';

export interface Signer {
  role: string;
  /** The code by which the head names them; none where the role is theirs alone. */
  who: string | null;
  /** What stands before the signature. */
  title: string;
  /** Their name, as far as it is known. */
  name: string;
  /** What counts now: more than one where two devices signed without knowing of each other. */
  signed: SignatureView[];
  /** There is a pad for them here. */
  asked: boolean;
}

const roles: Record<string, () => string> = { inspector: m.check_by_inspector, site: m.check_by_site, witness: m.check_witness };
export const roleName = (role: string): string => roles[role]?.() ?? role;

export function signersOf(check: CheckView): Signer[] {
  const left = new Set(check.signatures);
  const take = (fits: (it: SignatureView) => boolean): SignatureView[] => {
    const found = [...left].filter(fits);
    for (const it of found) left.delete(it);
    return found;
  };
  const inspectors = check.inspectors.map((person): Signer => {
    const mine = (it: SignatureView) => it.role === 'inspector' && it.who === person.code;
    // Recorded before each had a slot of their own: theirs, if it bears their name.
    const older = (it: SignatureView) => it.role === 'inspector' && it.who === null && it.name !== null && [person.zh, person.en, person.code].includes(it.name);
    return { role: 'inspector', who: person.code, title: m.check_by_inspector(), name: personName(person), signed: take((it) => mine(it) || older(it)), asked: true };
  });
  const alone = (role: string, name: string): Signer => ({ role, who: null, title: roleName(role), name, signed: take((it) => it.role === role && it.who === null), asked: true });
  // The name alone: post and telephone are no part of a signature.
  const site = alone('site', /^[^\d,，、;；]+/.exec(check.particulars.in_charge ?? '')?.[0].trim() ?? '');
  if (inspectors.length === 0) inspectors.push(alone('inspector', ''));
  const others = [...left].map((it): Signer => ({ role: it.role, who: it.who, title: roleName(it.role), name: it.name ?? '', signed: [it], asked: false }));
  return [...inspectors, ...others, site];
}

/** Who has not signed, nor refused to. */
export const unsigned = (signers: Signer[]): Signer[] => signers.filter((it) => it.asked && it.signed.length === 0);

/** A person in words: the role, and who, where several have it. */
export const signerName = (it: Signer): string => (it.who === null || it.name === '' ? it.title : `${it.title} ${it.name}`);
