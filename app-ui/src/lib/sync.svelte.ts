// When to sync: by itself soon after something was recorded, when a network comes back, and every
// minute while the screen is looked at. Never in the way: a round that fails says so on the sync
// screen and nowhere else.
import { CoreFailure, core, type SyncProgress } from '$lib/core';

const SOON_MS = 1500;
const OFTEN_MS = 60_000;

let running = $state(false);
let progress = $state<SyncProgress | null>(null);
let pause = $state<{ code: string; message: string } | null>(null);
let going = false;
let waiting: ReturnType<typeof setTimeout> | undefined;

async function round(): Promise<void> {
  if (running) return;
  running = true;
  try {
    pause = (await core.sync((so_far) => (progress = so_far))).pause;
  } catch (thrown) {
    const { code, message } = CoreFailure.from(thrown);
    pause = { code, message };
  } finally {
    running = false;
    progress = null;
  }
}

export const sync = {
  get running(): boolean {
    return running;
  },
  get progress(): SyncProgress | null {
    return progress;
  },
  /** What stopped the last round early. */
  get pause(): { code: string; message: string } | null {
    return pause;
  },
  now: round,
  cancel: () => core.cancelSync(),
  /** From here on it happens by itself. */
  keepGoing(): void {
    if (going) return;
    going = true;
    core.onchange(() => {
      clearTimeout(waiting);
      waiting = setTimeout(round, SOON_MS);
    });
    addEventListener('online', round);
    setInterval(() => document.visibilityState === 'visible' && round(), OFTEN_MS);
    void round();
  },
};
