// The pixels of a photo, upright. An <img> turns a photo as its EXIF says in every browser we have;
// a bitmap is faster to draw again, where the browser makes one that is turned as well.
import { CoreFailure } from '$lib/core';

export interface Picture {
  source: CanvasImageSource;
  width: number;
  height: number;
  release(): void;
}

/** From an address. The bytes are not fetched: the policy allows pictures, not reading them. */
export async function picture(url: string): Promise<Picture> {
  const image = new Image();
  // In the native window photos come from another origin, and only so may they be drawn and saved.
  image.crossOrigin = 'anonymous';
  image.src = url;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  try {
    const bitmap = await createImageBitmap(image, { imageOrientation: 'from-image' });
    if (bitmap.width === width && bitmap.height === height) return { source: bitmap, width, height, release: () => bitmap.close() };
    bitmap.close();
  } catch {
    // Safari 14 has no bitmaps, and an older Chrome does not know the option.
  }
  return { source: image, width, height, release: () => {} };
}

/** Decoding is the proof that it is a photo; the bytes that are kept stay as they are. */
export async function proveReadable(photo: Blob): Promise<void> {
  if (photo.size === 0) throw new CoreFailure('empty', 'no bytes');
  const url = URL.createObjectURL(photo);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
  } catch {
    throw new CoreFailure('not_a_photo', photo.type);
  } finally {
    URL.revokeObjectURL(url);
  }
}
