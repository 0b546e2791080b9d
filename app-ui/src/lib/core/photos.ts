// Where photos are found by screens. A few are kept, so that a strip does not read its thumbnails
// again at every change; the oldest are released, so that a day's photos do not fill the memory.

interface Shown {
  url: string;
  release(): void;
}

const KEPT = 48;

const shown = new Map<string, Promise<Shown>>();

/** The address of a photo, read by `read` where none is kept. */
export async function photoUrl(sha256: string, read: () => Promise<Shown>): Promise<string> {
  const found = shown.get(sha256) ?? read();
  // The latest stands last: a map remembers the order of insertion.
  shown.delete(sha256);
  shown.set(sha256, found);
  found.catch(() => shown.delete(sha256));
  while (shown.size > KEPT) {
    const [oldest, photo] = shown.entries().next().value as [string, Promise<Shown>];
    shown.delete(oldest);
    photo.then((it) => it.release()).catch(() => {});
  }
  return (await found).url;
}
