// What the browser says about the network, and how many photos may go over it.
import { preferences, remember, remembered } from '$lib/preferences.svelte';

/** What goes over a mobile network in a day, where some may: some forty photos. */
export const DAILY_BYTES = 20_000_000;

/** Not in every browser, and on a desk without a type. */
interface Connection extends EventTarget {
  type?: string;
}

const connection = (navigator as { connection?: Connection }).connection;
let type = $state(connection?.type ?? 'unknown');
connection?.addEventListener?.('change', () => (type = connection.type ?? 'unknown'));

/** Somebody may be paying for it. What a browser does not know is taken for mobile where that was asked for. */
function isMetered(): boolean {
  const unsure = preferences.photosOver === 'ask' || preferences.photosOver === 'some';
  return preferences.photosOver !== 'any' && (type === 'cellular' || (type === 'unknown' && unsure));
}

const today = (): string => new Date().toDateString();
const kept = (remembered('mobile') ?? '').split('|');
let sent = $state({ day: kept[0] ?? '', bytes: Number(kept[1] ?? 0) || 0 });

/** Bytes of photos that went over a mobile network today: of rounds that had a budget when they began. */
export const spent = {
  add(bytes: number): void {
    if (bytes === 0) return;
    sent = { day: today(), bytes: bytes + (sent.day === today() ? sent.bytes : 0) };
    remember('mobile', `${sent.day}|${sent.bytes}`);
  },
};

/** How many bytes of photos may go now; null: all. Reactive. */
export function photoBudget(): number | null {
  if (!isMetered()) return null;
  return preferences.photosOver === 'some' ? Math.max(0, DAILY_BYTES - (sent.day === today() ? sent.bytes : 0)) : 0;
}

/** Why photos wait; null where any go. Reactive. */
export function photosHeld(): 'cellular' | 'unknown' | 'spent' | null {
  if (photoBudget() !== 0) return null;
  if (type !== 'cellular') return 'unknown';
  return preferences.photosOver === 'some' ? 'spent' : 'cellular';
}
