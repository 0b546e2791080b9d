// The record as one file that opens anywhere without a network: what is on the screen, its photos
// inside. Made on the device; the record itself stays where it is.

/** Wide enough to see what a photo shows, small enough for a chat. */
const PHOTO_SIDE = 960;

const STYLE = `
  @page { size: A4; margin: 14mm }
  body { max-width: 186mm; margin: 0 auto; padding: 12px; font: 15px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere }
  h2 { text-align: center } h2, h3 { line-height: 1.35 } table { width: 100%; border-collapse: collapse; font-size: 14px; margin-bottom: 12px }
  caption { text-align: left; font-weight: bold } td { padding: 4px 8px; border: 1px solid; vertical-align: top } td:first-child { width: 5.5em } td:last-child { width: 32% }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px } dd { margin: 0 } img { max-width: 100%; max-height: 90mm }
  .photos { display: flex; flex-wrap: wrap; gap: 8px } .photos.backing img { max-width: 30%; max-height: 50mm } .line { flex: 1; border-bottom: 1px solid; height: 2em }
  tr, li, .signature { break-inside: avoid } .signature { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center }`;

/** Every photo of the page is there, also those far below: only then is it printed or packed. */
export async function photosShown(article: HTMLElement): Promise<void> {
  const images = [...article.querySelectorAll('img')];
  for (const image of images) image.loading = 'eager';
  // One that cannot be shown keeps nothing else back.
  await Promise.all(images.map((it) => it.decode().catch(() => {})));
}

export async function recordFile(article: HTMLElement, title: string, noPhoto: string): Promise<File> {
  await photosShown(article);
  const copy = article.cloneNode(true) as HTMLElement;
  const shown = [...article.querySelectorAll('img')];
  [...copy.querySelectorAll('img')].forEach((image, at) => {
    const bytes = embedded(shown[at]);
    if (bytes === null) image.replaceWith(`[${noPhoto}]`);
    else image.src = bytes;
    image.removeAttribute('loading');
  });
  // What only a page of ours can do, and what only its style sheet understands.
  for (const part of copy.querySelectorAll('button, audio')) part.remove();
  for (const part of [copy, ...copy.querySelectorAll('*')]) part.removeAttribute('style');
  const page = `<!doctype html><html lang="${document.documentElement.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>${copy.outerHTML}</body></html>`;
  return new File([page], `${fileName(title)}.html`, { type: 'text/html' });
}

/** Drawn smaller: a page with originals inside would be too large to send. Null where it is not there. */
function embedded(image: HTMLImageElement | undefined): string | null {
  if (!image?.naturalWidth) return null;
  const scale = Math.min(1, PHOTO_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  try {
    const brush = canvas.getContext('2d');
    // A signature is ink on nothing: without paper below it a JPEG would be black.
    if (brush) brush.fillStyle = 'white';
    brush?.fillRect(0, 0, canvas.width, canvas.height);
    brush?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/jpeg', 0.8);
  } catch {
    return null;
  }
}

export function download(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);
const fileName = (text: string): string => text.replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 80);
