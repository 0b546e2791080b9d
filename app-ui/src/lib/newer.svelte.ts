// A newer version of the app. The service worker has all of it and waits: a person says when, and
// never while something is on its way to the disk.
import { core } from '$lib/core';
import { writingNotes } from '$lib/draft/notes.svelte';

/** A page that stays open for days asks again when it is looked at, at most once in this time. */
const ASK_AGAIN_MS = 3_600_000;

let waiting = $state.raw<ServiceWorker | null>(null);
let taking = $state(false);

export const newer = {
  /** There is one, and nothing is being written. Reactive. */
  get ready(): boolean {
    return waiting !== null && !writingNotes();
  },

  /** Its turn has come; the page is loaded anew. Reactive. */
  get taking(): boolean {
    return taking;
  },

  /** Looks out for one, from the page's first moment. */
  watch(registration: ServiceWorkerRegistration): void {
    // Without an older one in charge this is the first visit, and nothing waits.
    const old = () => navigator.serviceWorker.controller !== null;
    const note = (worker: ServiceWorker | null) => worker?.state === 'installed' && old() && (waiting = worker);
    const follow = (worker: ServiceWorker | null) => worker?.addEventListener('statechange', () => note(worker));
    note(registration.waiting);
    // It may have been found before this page was there.
    follow(registration.installing);
    registration.addEventListener('updatefound', () => follow(registration.installing));
    let asked = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - asked < ASK_AGAIN_MS) return;
      asked = Date.now();
      // Without a network there is nothing to be learnt.
      registration.update().catch(() => {});
    });
  },

  /** Lets it take over, once all that was begun is durable. */
  async take(): Promise<void> {
    if (waiting === null || taking) return;
    taking = true;
    await core.settled();
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    waiting.postMessage('take-over');
  },
};
