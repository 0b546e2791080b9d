// A screenshot as a PNG of at most 256 colours: a third of the bytes, and no package for it.
import { crc32, deflateSync, inflateSync } from "node:zlib";

/** Colours that must not move at all: paper, ink, buttons. */
const EXACT = 48;
const MOST = 256;

/** The chunks of a PNG, in order. */
function* chunks(png) {
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    yield [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))];
  }
}

/** Width, height, and a colour (0xRRGGBB) for each pixel. */
function decoded(png) {
  const all = [...chunks(png)];
  const head = all.find(([kind]) => kind === "IHDR")[1];
  const [width, height, deep, colours] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9]];
  if (deep !== 8 || (colours !== 2 && colours !== 6)) throw new Error(`no screenshot: ${deep} bits, colour type ${colours}`);
  const size = colours === 6 ? 4 : 3;
  const raw = inflateSync(Buffer.concat(all.filter(([kind]) => kind === "IDAT").map(([, data]) => data)));
  const line = width * size;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(line);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (line + 1)];
    const row = Uint8Array.from(raw.subarray(y * (line + 1) + 1, (y + 1) * (line + 1)));
    for (let x = 0; x < line; x += 1) {
      const [a, b, c] = [x < size ? 0 : row[x - size], above[x], x < size ? 0 : above[x - size]];
      row[x] += [0, a, b, (a + b) >> 1, filter === 4 ? paeth(a, b, c) : 0][filter];
    }
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = (row[x * size] << 16) | (row[x * size + 1] << 8) | row[x * size + 2];
    above = row;
  }
  return { width, height, pixels };
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The most used colours as they are, and the middle of each crowd of the others. */
function paletteOf(counts) {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  if (sorted.length <= MOST) return sorted.map(([colour]) => colour);
  const boxes = [sorted.slice(EXACT)];
  while (boxes.length < MOST - EXACT) {
    let [widest, at, axis] = [-1, -1, 0];
    boxes.forEach((box, index) => {
      for (let part = 0; part < 3 && box.length > 1; part += 1) {
        const values = box.map(([colour]) => parts(colour)[part]);
        // A crowd of many pixels counts for more than a lone hue.
        const span = (values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))) * Math.log2(1 + box.reduce((sum, it) => sum + it[1], 0));
        if (span > widest) [widest, at, axis] = [span, index, part];
      }
    });
    if (at < 0) break;
    const box = boxes[at].sort((a, b) => parts(a[0])[axis] - parts(b[0])[axis]);
    const half = box.length >> 1;
    boxes.splice(at, 1, box.slice(0, half), box.slice(half));
  }
  return [...sorted.slice(0, EXACT).map(([colour]) => colour), ...boxes.map(middle)];
}

function middle(box) {
  const all = box.reduce((sum, [, count]) => sum + count, 0);
  const mean = (part) => Math.round(box.reduce((sum, [colour, count]) => sum + parts(colour)[part] * count, 0) / all);
  return (mean(0) << 16) | (mean(1) << 8) | mean(2);
}

function nearest(palette, colour) {
  const [r, g, b] = parts(colour);
  let [best, at] = [Infinity, 0];
  palette.forEach((it, index) => {
    const [x, y, z] = parts(it);
    const far = 2 * (r - x) ** 2 + 4 * (g - y) ** 2 + 3 * (b - z) ** 2;
    if (far < best) [best, at] = [far, index];
  });
  return at;
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return framed;
}

/** The same picture with a palette. */
export function paletted(png) {
  const { width, height, pixels } = decoded(png);
  const counts = new Map();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(counts);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const lines = Buffer.alloc((width + 1) * height);
  pixels.forEach((colour, at) => (lines[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = places.get(colour)));
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", head), chunk("PLTE", Buffer.from(palette.flatMap(parts))), chunk("IDAT", deflateSync(lines, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
