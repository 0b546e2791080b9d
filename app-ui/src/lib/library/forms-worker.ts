// The reader of workbooks, away from the page: a form of ten thousand rows takes its time. One workbook in, one
// answer out.
import init, { read } from '$forms/spotcheck_wasm_forms.js';
import moduleUrl from '$forms/spotcheck_wasm_forms_bg.wasm?url';

interface Asked {
  bytes: ArrayBuffer;
  name: string;
  pack: string;
}

addEventListener('message', async ({ data }: MessageEvent<Asked>) => {
  try {
    await init({ module_or_path: moduleUrl });
    postMessage({ imported: read(new Uint8Array(data.bytes), data.name, data.pack) });
  } catch (thrown) {
    postMessage({ failed: String(thrown) });
  }
});
