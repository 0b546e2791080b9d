// From a workbook to a checklist, on this device: nothing is sent anywhere.
import { CoreFailure } from '$lib/core';
import type { Imported } from '$lib/core/types/Imported';

interface Told {
  imported?: string;
  failed?: string;
}

/** Whether a file is a workbook rather than a checklist or pack as it is published. */
export const isWorkbook = (name: string): boolean => /\.(xlsx|xlsm|xls|csv|md)$/i.test(name);

/** What comes of it, by `pack` where it names none. */
export async function readForm(file: File, pack: string): Promise<Imported> {
  const bytes = await file.arrayBuffer();
  const worker = new Worker(new URL('./forms-worker.ts', import.meta.url), { type: 'module' });
  try {
    const told = await new Promise<Told>((answer, fail) => {
      worker.onmessage = ({ data }: MessageEvent<Told>) => answer(data);
      worker.onerror = (event) => fail(new CoreFailure('forms_unloaded', event.message || 'the reader of workbooks did not start'));
      worker.postMessage({ bytes, name: file.name, pack }, [bytes]);
    });
    if (told.imported === undefined) throw new CoreFailure('forms_unloaded', told.failed ?? '');
    return JSON.parse(told.imported) as Imported;
  } finally {
    worker.terminate();
  }
}
