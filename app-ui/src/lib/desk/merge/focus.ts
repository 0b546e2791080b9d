// Where the keyboard stands. Focus never falls back to the top of the page when an item leaves.
import { tick } from 'svelte';

export const cardId = (item: string): string => `item-${item}`;
export const SUMMARY = 'merge-summary';

/** The card of an item, or what is said when none is left. */
export async function focusItem(item: string): Promise<void> {
  await tick();
  const card = document.getElementById(cardId(item)) ?? document.getElementById(SUMMARY);
  card?.focus({ preventScroll: true });
  // One that is higher than the screen begins at its beginning.
  card?.scrollIntoView({ block: card.offsetHeight > innerHeight - 160 ? 'start' : 'nearest' });
}

/** A key as typed; one that a Chinese input method swallowed, by where it lies. */
export function keyOf(event: KeyboardEvent): string {
  return event.key === 'Process' ? event.code.replace(/^(Key|Digit)/, '').toLowerCase() : event.key.toLowerCase();
}

/** Whether keys mean text now, or belong to what lies on top. */
export function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return document.querySelector('dialog[open]') !== null || at.closest('input, textarea, select, [contenteditable]') !== null;
}
