// Reads codes from a picture: the browser's own reader where it has one, else ours, a file of the
// build like any other. No picture leaves the device.

/** What is on signs and on goods. */
const FORMATS = ['qr_code', 'ean_13', 'code_128'] as const;

type Picture = HTMLVideoElement | ImageBitmap;

interface Reader {
  detect(picture: Picture): Promise<{ rawValue: string }[]>;
}

interface Own {
  new (options: { formats: readonly string[] }): Reader;
  getSupportedFormats(): Promise<string[]>;
}

let reader: Promise<Reader> | null = null;
let ownFailed = false;

/** The first code in a picture; null where there is none. Throws where codes cannot be read at all. */
export async function codeIn(picture: Picture): Promise<string | null> {
  const codes = await (await opened()).detect(picture).catch(onOwnFailure(picture));
  return codes.map((it) => it.rawValue.trim()).find((it) => it !== '') ?? null;
}

function opened(): Promise<Reader> {
  reader ??= own().then((it) => it ?? ours());
  // Without this a file that did not come would be missing until the next start.
  reader.catch(() => (reader = null));
  return reader;
}

/** A browser may have the reader, and a phone no service behind it: then it fails at the first picture. */
function onOwnFailure(picture: Picture) {
  return async (thrown: unknown) => {
    if (ownFailed || !('BarcodeDetector' in window)) throw thrown;
    ownFailed = true;
    reader = null;
    return (await opened()).detect(picture);
  };
}

async function own(): Promise<Reader | null> {
  const Detector = (window as { BarcodeDetector?: Own }).BarcodeDetector;
  if (Detector === undefined || ownFailed) return null;
  const can = await Detector.getSupportedFormats().catch((): string[] => []);
  return FORMATS.every((it) => can.includes(it)) ? new Detector({ formats: FORMATS }) : null;
}

/** Loaded when something is scanned and not before; the service worker has both files by then. */
async function ours(): Promise<Reader> {
  const [{ BarcodeDetector, prepareZXingModule }, { default: module }] = await Promise.all([
    import('barcode-detector/ponyfill'),
    // Comes with barcode-detector, which alone names its version: the two never differ.
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ]);
  await prepareZXingModule({ overrides: { locateFile: () => module }, fireImmediately: true });
  return new BarcodeDetector({ formats: [...FORMATS] });
}
