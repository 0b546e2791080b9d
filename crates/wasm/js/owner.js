// One tab owns a device's files. The lock goes with the worker, however it ends.
// One that was just reloaded or killed takes a moment to let go; one that is open does not.
const PATIENCE_MS = 2_000;

export function own(name) {
  return new Promise((answer, fail) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const held = navigator.locks.request(name, { signal }, () => {
      answer(true);
      return new Promise(() => {});
    });
    held.catch((error) => (signal.aborted ? answer(false) : fail(error)));
  });
}
