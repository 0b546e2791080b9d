// What screens keep for themselves while somebody writes: read at once for a whole check, then kept
// here and on the device. One write of a note at a time; of what is typed meanwhile the latest wins,
// so that a slow disk is never a queue of letters.
import { core } from '$lib/core';

const kept = new Map<string, string>();
const waiting = new Map<string, string>();
const underWay = new Map<string, Promise<void>>();
const loaded = new Map<string, Promise<void>>();
let busy = $state(0);

/** The notes of one check begin so. */
export const draftsOf = (inspection: string): string => `draft.${inspection}.`;

/** Reads the notes that begin so, once. From then on `noteOf` knows them. */
export function loadNotes(prefix: string): Promise<void> {
  let reading = loaded.get(prefix);
  if (reading === undefined) {
    reading = core.call({ call: 'recall_under', prefix }).then((found) => {
      // What was written since is newer than what was read.
      for (const [key, text] of Object.entries(found)) if (!kept.has(key)) kept.set(key, text);
    });
    loaded.set(prefix, reading);
    reading.catch(() => loaded.delete(prefix));
  }
  return reading;
}

/** What was kept; empty: nothing. */
export const noteOf = (key: string): string => kept.get(key) ?? '';

/** Keeps a text, or forgets it when it is empty. Durable when this returns. */
export function keepNote(key: string, text: string): Promise<void> {
  kept.set(key, text);
  waiting.set(key, text);
  let writing = underWay.get(key);
  if (writing === undefined) {
    writing = write(key).finally(() => underWay.delete(key));
    underWay.set(key, writing);
  }
  return writing;
}

/** Whether something typed is on its way to the disk. Reactive. */
export const writingNotes = (): boolean => busy > 0;

async function write(key: string): Promise<void> {
  busy += 1;
  try {
    for (let value = waiting.get(key); value !== undefined; value = waiting.get(key)) {
      waiting.delete(key);
      await core.call({ call: 'remember', key, value });
    }
  } finally {
    busy -= 1;
  }
}
