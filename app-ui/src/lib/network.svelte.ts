// What the browser says about the network, and whether photos may go over it.
import { preferences } from '$lib/preferences.svelte';

/** Not in every browser, and on a desk without a type. */
interface Connection extends EventTarget {
  type?: string;
}

const connection = (navigator as { connection?: Connection }).connection;
let type = $state(connection?.type ?? 'unknown');
connection?.addEventListener?.('change', () => (type = connection.type ?? 'unknown'));

/** Why photos wait; null where they go. Reactive. */
export function photosHeld(): 'cellular' | 'unknown' | null {
  if (preferences.photosOver === 'any') return null;
  if (type === 'cellular') return 'cellular';
  return type === 'unknown' && preferences.photosOver === 'ask' ? 'unknown' : null;
}
