// Whether a write failed for want of room. SQLite in a browser hears only that its file could not be
// written; the browser says why when it is asked for the same once more, with a file of no value.

/** Less than this is no room to work in. */
const LEAST_BYTES = 1_000_000;
const NAME = 'spotcheck-room';

/** A worker's types are not among those of a page. */
interface OpenFile {
  write(bytes: Uint8Array, options: { at: number }): number;
  close(): void;
}
type File = FileSystemFileHandle & { createSyncAccessHandle(): Promise<OpenFile> };

/** Whether there is no room for so many bytes. False where the browser does not tell. Only in a worker. */
export async function isFull(bytes = 0): Promise<boolean> {
  const root = await navigator.storage.getDirectory();
  try {
    const file = await ((await root.getFileHandle(NAME, { create: true })) as File).createSyncAccessHandle();
    try {
      const size = Math.max(bytes, LEAST_BYTES);
      return file.write(new Uint8Array(size), { at: 0 }) < size;
    } finally {
      file.close();
    }
  } catch (thrown) {
    return (thrown as { name?: string } | null)?.name === 'QuotaExceededError';
  } finally {
    await root.removeEntry(NAME).catch(() => {});
  }
}
