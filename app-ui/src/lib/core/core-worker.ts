// The worker that holds the device in a browser: { id, name, args } in; { id, answer }, { id,
// failure } or { id, progress } out. Calls run one after the other, in the order they came; but
// what comes after a round, or after what a lead asks of the server, does not wait for it, because that
// waits for the network.
import init, { BrowserDevice } from '$wasm/spotcheck_wasm.js';
import moduleUrl from '$wasm/spotcheck_wasm_bg.wasm?url';
import { CoreFailure } from './failure';
import { isFull } from './room';

interface Call {
  id: number;
  name: string;
  args: unknown[];
}

type Handler = (id: number, ...args: never[]) => unknown;

let device: BrowserDevice | null = null;
let cancelled = false;

const handlers: Record<string, Handler> = {
  async open(_, folder: string) {
    if (!('locks' in navigator)) throw new CoreFailure('too_old', 'this browser has no locks');
    if (!navigator.storage?.getDirectory) {
      throw new CoreFailure('no_private_files', 'this browser keeps no private files');
    }
    await init({ module_or_path: moduleUrl });
    device = await BrowserDevice.open(folder);
  },
  // As text: an answer of thousands is read once, by the page, and not taken apart and copied twice.
  call: (_, request: unknown) => opened().dispatch(JSON.stringify(request)),
  enrol: async (_, link: string, name: string) => JSON.parse(await opened().enrol(link, name)),
  async sync(id, photoBytes: number | null) {
    cancelled = false;
    const goOn = (progress: string) => {
      postMessage({ id, progress: JSON.parse(progress) });
      return !cancelled;
    };
    return JSON.parse(await opened().round(goOn, photoBytes ?? undefined));
  },
  team: async (_, asked: unknown) => JSON.parse(await opened().team(JSON.stringify(asked))),
  cancelSync() {
    cancelled = true;
  },
  async keepPhoto(_, photo: Blob) {
    return JSON.parse(opened().take_photo(new Uint8Array(await photo.arrayBuffer())));
  },
  photo(_, sha256: string) {
    const bytes = opened().photo(sha256) as Uint8Array<ArrayBuffer>;
    return new Blob([bytes], { type: soundType(bytes) });
  },
};

/** The type of a voice note, without which Safari plays none. A photo needs no type to be shown. */
function soundType(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === 0x1a && b === 0x45 && c === 0xdf && d === 0xa3) return 'audio/webm';
  const box = String.fromCharCode(...bytes.subarray(4, 12));
  return /^ftyp(?!hei|hev|mif|msf|avi)/.test(box) ? 'audio/mp4' : '';
}

function opened(): BrowserDevice {
  if (device === null) throw new CoreFailure('usage', 'open the device first');
  return device;
}

async function run({ id, name, args }: Call): Promise<void> {
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new CoreFailure('usage', `there is no call ${name}`);
    postMessage({ id, answer: await handler(id, ...(args as never[])) });
  } catch (thrown) {
    const { code, message, field, problem } = CoreFailure.from(thrown);
    const full = code === 'storage' && (await isFull(args[0] instanceof Blob ? args[0].size : 0));
    postMessage({ id, failure: { code: full ? 'storage_full' : code, message, field, problem } });
  }
}

let last: Promise<unknown> = Promise.resolve();
let lastRound: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Call>) => {
  // What stops a round cannot stand in line behind anything.
  if (data.name === 'cancelSync') void run(data);
  else if (data.name === 'team') void last.then(() => run(data));
  else if (data.name === 'sync') lastRound = Promise.all([last, lastRound]).then(() => run(data));
  else last = last.then(() => run(data));
});
