// A QR code held before a camera: one still picture as a film, which Chromium shows for a camera
// (`--use-file-for-fake-video-capture`). The writer comes with the reader that the screens use.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { resolve } = createRequire(new URL("../../../app-ui/package.json", import.meta.url));
const [WIDTH, HEIGHT, SQUARE] = [640, 480, 12];
const [GREY, NO_COLOUR] = [200, 128];

/** Chromium's flags for a camera and a microphone that nobody is asked about. */
export const DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/** Writes a film of the text's code, and gives Chromium's flag for it. */
export async function heldBeforeCamera(text, path) {
  const { prepareZXingModule, writeBarcode } = await import(resolve("zxing-wasm/writer"));
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(resolve("zxing-wasm/writer/zxing_writer.wasm")) } });
  const { symbol } = await writeBarcode(text, { format: "QRCode" });
  const light = Buffer.alloc(WIDTH * HEIGHT, GREY);
  const [left, top] = [(WIDTH - symbol.width * SQUARE) >> 1, (HEIGHT - symbol.height * SQUARE) >> 1];
  for (let y = 0; y < symbol.height * SQUARE; y += 1) {
    for (let x = 0; x < symbol.width * SQUARE; x += 1) {
      const square = Math.floor(y / SQUARE) * symbol.width + Math.floor(x / SQUARE);
      light[(top + y) * WIDTH + left + x] = symbol.data[square] === 0 ? 16 : 235;
    }
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), light, Buffer.alloc((WIDTH * HEIGHT) / 2, NO_COLOUR)]);
  await writeFile(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
  return `--use-file-for-fake-video-capture=${path}`;
}
