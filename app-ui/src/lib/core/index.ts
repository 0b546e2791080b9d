// The one door to Rust. A screen asks `core` and knows neither worker nor window; a call that
// changed something answers with the topics it touched, and only what depends on them is read anew.
import { invalidate, invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';
import { arrivals } from './arrivals.svelte';
import { CoreFailure } from './failure';
import { opened, outcomeOf, type Opened } from './opened.svelte';
import { photoUrl } from './photos';
import type { KeptPhoto, SyncProgress, SyncReport, Transport } from './transport';
import type { Answer } from './types/Answer';
import type { Call } from './types/Call';
import type { TeamAnswer } from './types/TeamAnswer';
import type { TeamCall } from './types/TeamCall';

export { CoreFailure, opened };
export type { KeptPhoto, Opened, SyncProgress, SyncReport };

/** The answer to the call of a name. */
export type AnswerTo<Name extends Call['call']> = Extract<Answer, { is: Name }>['value'];

/** The server's answer to what a lead asked. */
export type TeamAnswerTo<Name extends TeamCall['ask']> = Extract<TeamAnswer, { is: Name }>['value'];

let host: Promise<Transport> | null = null;
let opening: Promise<Opened> | null = null;
const listeners = new Set<() => void>();

/** Each host is a chunk of its own; a device loads only the one it has. */
function transport(): Promise<Transport> {
  host ??= ('__TAURI_INTERNALS__' in window ? import('./tauri') : import('./worker')).then((it) => it.connect());
  return host;
}

async function tryOpen(): Promise<Opened> {
  if (window.spotcheckTooOld) return 'too_old';
  try {
    await (await transport()).open();
    return 'ready';
  } catch (thrown) {
    const failure = CoreFailure.from(thrown);
    opened.set('opening', failure.message);
    return outcomeOf(failure.code);
  }
}

/** The transport, once the device is open. */
async function ready(): Promise<Transport> {
  const state = await core.open();
  if (state !== 'ready') throw new CoreFailure(state, opened.why);
  return transport();
}

/** Reads anew what depends on topics, or everything. A way to another screen that is under way is
 * gone to its end first: reading anew would call it off, and the person's tap would be lost. */
async function readAnew(topics: readonly string[] | 'all'): Promise<void> {
  let gone: Promise<void> | null = null;
  for (let way = navigating.complete; way !== null && way !== gone; way = navigating.complete) {
    gone = way;
    // A way called off by another one is no failure here: the other one is waited for in its turn.
    await way.catch(() => new Promise((begun) => setTimeout(begun)));
  }
  if (topics === 'all') await invalidateAll();
  else await Promise.all(topics.map((topic) => invalidate(`topic:${topic}`)));
}

/** What is under way and not answered yet. */
const underWay = new Set<Promise<unknown>>();

function tracked<Result>(work: Promise<Result>): Promise<Result> {
  underWay.add(work);
  const gone = () => void underWay.delete(work);
  work.then(gone, gone);
  return work;
}

export const core = {
  /** Returns when every call and every photo that was begun is durable, or failed. */
  async settled(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  },

  /** Opens the device, once. `again` tries anew after it could not be opened. */
  open(again = false): Promise<Opened> {
    if (opening === null || (again && opened.state !== 'ready')) {
      opened.set('opening');
      opening = tryOpen().then((state) => {
        opened.set(state, opened.why);
        return state;
      });
    }
    return opening;
  },

  /** One command or query. Durable when it returns; then what it touched is read anew. */
  async call<Name extends Call['call']>(request: Extract<Call, { call: Name }>): Promise<AnswerTo<Name>> {
    const outcome = await tracked(ready().then((it) => it.call(request)));
    if (outcome.topics.length > 0) {
      for (const heard of listeners) heard();
      await readAnew(outcome.topics);
    }
    return outcome.value as AnswerTo<Name>;
  },

  /** Calls back after each call that changed something. */
  onchange(heard: () => void): void {
    listeners.add(heard);
  },

  /** Makes this device a user's. May be repeated with the same link until it is answered. */
  async enrol(link: string, deviceName: string): Promise<void> {
    await (await ready()).enrol(link, deviceName);
    await readAnew('all');
  },

  /** One round of sync. What stopped it early is in the answer, not thrown. `photoBytes`: so many of
   * photos go out, or all (null). */
  async sync(onprogress: (progress: SyncProgress) => void = () => {}, photoBytes: number | null = null): Promise<SyncReport> {
    const report = await (await ready()).sync(onprogress, photoBytes);
    if (report.photos_received > 0) arrivals.note();
    // All a round may bring; nothing where it brought nothing and sent nothing.
    if (report.ops_received + report.ops_sent + report.documents + report.photo_bytes_sent > 0) await readAnew('all');
    else await readAnew(['sync']);
    return report;
  },

  async cancelSync(): Promise<void> {
    await (await ready()).cancelSync();
  },

  /** Asks the server about people's devices, or tells it: for leads. Without a connection: `offline`. */
  async team<Name extends TeamCall['ask']>(asked: Extract<TeamCall, { ask: Name }>): Promise<TeamAnswerTo<Name>> {
    return (await (await ready()).team(asked)).value as TeamAnswerTo<Name>;
  },

  /** Keeps the bytes of a photo, unchanged, before anything names them. */
  async keepPhoto(photo: Blob): Promise<KeptPhoto> {
    return tracked(ready().then((it) => it.keepPhoto(photo)));
  },

  /** Grows when photos that others took have come. Reactive. */
  get photosCame(): number {
    return arrivals.came;
  },

  /** The address of a kept photo. Good until some dozens of others were shown. */
  async photoUrl(sha256: string): Promise<string> {
    const from = await ready();
    return photoUrl(sha256, () => from.photo(sha256));
  },
};
