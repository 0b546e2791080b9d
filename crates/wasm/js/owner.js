// One tab owns a device's files. The lock goes with the worker, however it ends.
export function own(name) {
  return new Promise((answer, fail) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock === null ? null : new Promise(() => {});
    });
    held.catch(fail);
  });
}
