// What is waited for without an end: a browser or a server that hangs there would hang the whole run, and
// nothing would say where.

/** Longer than the slowest machine needs for any one of them. */
const PATIENCE = 60_000;

/** The work's outcome, or an error that names what did not come. */
export async function within(what, work, patience = PATIENCE) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} did not come in ${patience / 1000} s: a process hangs`)), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Gives methods of an object an end. */
export function bound(object, names) {
  for (const name of names) {
    const work = object[name].bind(object);
    object[name] = (...args) => within(name, work(...args));
  }
}
