// A picture drawn anew: smaller, to be marked on the screen, or as the copy that is saved.
import { CoreFailure } from '$lib/core';
import { render, type Inks, type Mark, type Source } from './marks';

/** On the screen: fine enough for any phone, fast enough for a finger. */
export const SHOWN_SIDE = 1600;
/** As saved: the most that every browser draws. */
const SAVED_SIDE = 4096;
const QUALITY = 0.9;

/** An empty canvas of the picture's shape, so long on its long side. */
export function canvasOf({ width, height }: Source, long: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const scale = long / Math.max(width, height);
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  return canvas;
}

export async function markedCopy(picture: Source, marks: readonly Mark[], inks: Inks): Promise<Blob> {
  const canvas = canvasOf(picture, Math.min(SAVED_SIDE, Math.max(picture.width, picture.height)));
  render(canvas, picture, marks, inks);
  const copy = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  // The memory goes at once: phones with little of it wait long for the collector.
  canvas.width = canvas.height = 0;
  if (copy === null) throw new CoreFailure('no_copy', 'the canvas gave no picture');
  return copy;
}
