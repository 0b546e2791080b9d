// After each answer the core gives the whole check anew. What is as it was stays the object it was, so
// that of a long checklist only what changed is drawn again.
import type { CheckView } from '$lib/core/types/CheckView';
import type { ItemView } from '$lib/core/types/ItemView';

/** Whether two values from JSON say the same. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

/** The fresh check, made of the old one's items and answers where they are the same. */
export function keepSame(old: CheckView, fresh: CheckView): CheckView {
  if (old === fresh || old.card.id !== fresh.card.id) return fresh;
  const known = new Map(old.sections.flatMap((section) => section.items.map((view) => [view.item.code, view])));
  const kept = (view: ItemView): ItemView => {
    const before = known.get(view.item.code);
    if (before === undefined) return view;
    const answers = view.answers.map((answer, at) => (same(before.answers[at], answer) ? (before.answers[at] ?? answer) : answer));
    const all = answers.length === before.answers.length && answers.every((answer, at) => answer === before.answers[at]);
    // A draft may go on by another version of its checklist.
    const [item, limit] = [same(before.item, view.item) ? before.item : view.item, same(before.limit, view.limit) ? before.limit : view.limit];
    const unchanged = all && before.required === view.required && item === before.item && limit === before.limit;
    return unchanged ? before : { item, limit, required: view.required, answers };
  };
  return { ...fresh, sections: fresh.sections.map((section) => ({ ...section, items: section.items.map(kept) })) };
}
