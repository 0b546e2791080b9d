// When to sync: by itself soon after something was recorded, when a network comes back, and every
// minute while the screen is looked at. Never in the way: a round that fails says so on the sync
// screen and nowhere else.
import { CoreFailure, core, type SyncProgress } from '$lib/core';
import { photoBudget, spent } from '$lib/network.svelte';

const SOON_MS = 1500;
const OFTEN_MS = 60_000;

/** What a record weighs beside photos, roughly: only for how far the bar is. */
const OP_BYTES = 600;

let running = $state(false);
let progress = $state<SyncProgress | null>(null);
/** What there was to send when the round began. */
let whole = $state({ ops: 0, photo_bytes: 0 });
let pause = $state<{ code: string; message: string } | null>(null);
let going = false;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** `photoBytes`: so many of photos, or all (null), which count against no day's budget. */
async function round(photoBytes: number | null): Promise<void> {
  if (running) return;
  running = true;
  whole = { ops: 0, photo_bytes: 0 };
  try {
    const { ops_waiting, photo_bytes_waiting } = await core.call({ call: 'status' });
    whole = { ops: ops_waiting, photo_bytes: Math.min(photoBytes ?? Infinity, photo_bytes_waiting) };
    const report = await core.sync((so_far) => (progress = so_far), photoBytes);
    if (photoBytes !== null) spent.add(report.photo_bytes_sent);
    pause = report.pause;
  } catch (thrown) {
    const { code, message } = CoreFailure.from(thrown);
    pause = { code, message };
  } finally {
    running = false;
    progress = null;
  }
}

/** A round by what was chosen for photos. */
const now = (): Promise<void> => round(photoBudget());

export const sync = {
  get running(): boolean {
    return running;
  },
  get progress(): SyncProgress | null {
    return progress;
  },
  get whole(): { ops: number; photo_bytes: number } {
    return whole;
  },
  /** How far, 0 to 1; null where there is nothing to send and it is not known what comes. */
  get part(): number | null {
    const all = whole.ops * OP_BYTES + whole.photo_bytes;
    if (all === 0) return null;
    const sent = (progress?.ops_sent ?? 0) * OP_BYTES + (progress?.photo_bytes_sent ?? 0);
    return Math.min(1, sent / all);
  },
  /** What stopped the last round early. */
  get pause(): { code: string; message: string } | null {
    return pause;
  },
  now,
  /** Photos too, this once, whatever was chosen. */
  withPhotos: (): Promise<void> => round(null),
  cancel: () => core.cancelSync(),
  /** From here on it happens by itself. */
  keepGoing(): void {
    if (going) return;
    going = true;
    core.onchange(() => {
      clearTimeout(waiting);
      waiting = setTimeout(now, SOON_MS);
    });
    addEventListener('online', now);
    setInterval(() => document.visibilityState === 'visible' && now(), OFTEN_MS);
    void now();
  },
};
