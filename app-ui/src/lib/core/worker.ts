// The core in a browser: a worker of its own, because its files may only be held by one.
import { CoreFailure } from './failure';
import type { Outcome } from './types/Outcome';
import type { TeamAnswer } from './types/TeamAnswer';
import type { KeptPhoto, SyncProgress, SyncReport, Transport } from './transport';

/** Where in the private file system the device lives. */
const FOLDER = 'spotcheck';

interface Waiting {
  answer(value: unknown): void;
  fail(failure: CoreFailure): void;
  progress?(progress: SyncProgress): void;
}

interface Message {
  id: number;
  answer?: unknown;
  failure?: { code: string; message: string; field?: string; problem?: string };
  progress?: SyncProgress;
}

export function connect(): Transport {
  let worker: Worker | null = null;
  let next = 1;
  const waiting = new Map<number, Waiting>();

  function start(): Worker {
    const started = new Worker(new URL('./core-worker.ts', import.meta.url), { type: 'module' });
    started.onmessage = ({ data }: MessageEvent<Message>) => {
      const one = waiting.get(data.id);
      if (data.progress !== undefined) return one?.progress?.(data.progress);
      waiting.delete(data.id);
      if (data.failure === undefined) one?.answer(data.answer);
      else one?.fail(CoreFailure.from(data.failure));
    };
    // It never came to life, or died: nobody waits for an answer that cannot come.
    started.onerror = (event) => stop(new CoreFailure('broken', event.message || 'the worker did not start'));
    return started;
  }

  function stop(why: CoreFailure): void {
    worker?.terminate();
    worker = null;
    for (const one of waiting.values()) one.fail(why);
    waiting.clear();
  }

  function ask<Answer>(name: string, args: unknown[] = [], progress?: Waiting['progress']): Promise<Answer> {
    return new Promise((answer, fail) => {
      if (worker === null) return fail(new CoreFailure('broken', 'the core is not open'));
      const id = next++;
      waiting.set(id, { answer: answer as Waiting['answer'], fail, progress });
      worker.postMessage({ id, name, args });
    });
  }

  return {
    async open() {
      if (!isSecureContext) throw new CoreFailure('insecure', 'the page did not come over HTTPS');
      worker ??= start();
      try {
        await ask('open', [FOLDER]);
      } catch (thrown) {
        // A worker that could not open keeps nothing; the next attempt gets a fresh one.
        stop(CoreFailure.from(thrown));
        throw thrown;
      }
    },
    call: async (request) => JSON.parse(await ask<string>('call', [request])) as Outcome,
    async enrol(link, deviceName) {
      await ask('enrol', [link, deviceName]);
      // From now on there is something to lose: ask the browser not to clear it away.
      void navigator.storage?.persist?.();
    },
    sync: (onprogress, photoBytes) => ask<SyncReport>('sync', [photoBytes], onprogress),
    cancelSync: () => ask('cancelSync'),
    team: (asked) => ask<TeamAnswer>('team', [asked]),
    keepPhoto: (photo) => ask<KeptPhoto>('keepPhoto', [photo]),
    async photo(sha256) {
      const url = URL.createObjectURL(await ask<Blob>('photo', [sha256]));
      return { url, release: () => URL.revokeObjectURL(url) };
    },
  };
}
