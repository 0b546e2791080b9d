// A photo of real format: a baseline JPEG of one grey, with the comment segments of a large one.
// Made by code, so that no picture of anybody is in the tree.
const HEX =
  "ffd8ffe000104a46494600010100000100010000ffdb004300" + "10".repeat(64) +
  "ffc0000b080008000801011100ffc4001f0000010501010101010100000000000000000102030405060708090a0b" +
  "ffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa" +
  "ffda0008010100003f00f28a2800ffd9";

/** A JPEG of about so many bytes, different for each seed. */
export function jpeg(seed, bytes) {
  const image = Buffer.from(HEX, "hex");
  const parts = [image.subarray(0, 20)];
  for (let left = bytes - image.length, n = 0; left > 4; n += 1) {
    const length = Math.min(left, 65_000);
    const segment = Buffer.alloc(length, (seed * 31 + n) & 0xff);
    segment.writeUInt16BE(0xfffe, 0);
    segment.writeUInt16BE(length - 2, 2);
    parts.push(segment);
    left -= length;
  }
  return Buffer.concat([...parts, image.subarray(20)]);
}

/** A segment of a JPEG: its marker, its length, its bytes. */
function segment(marker, bytes) {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(marker, 0);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

/**
 * What a phone writes into a photo: how it was held (TIFF's 1 to 8), and where. Degrees are whole
 * numbers here, north and east.
 */
function exif({ orientation, lat, lon }) {
  const tiff = Buffer.alloc(200);
  tiff.write("MM", 0, "latin1");
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4);
  let at = 8;
  const entry = (tag, type, count, write) => {
    tiff.writeUInt16BE(tag, at);
    tiff.writeUInt16BE(type, at + 2);
    tiff.writeUInt32BE(count, at + 4);
    write(at + 8);
    at += 12;
  };
  const [SHORT, LONG, ASCII, RATIONAL] = [3, 4, 2, 5];
  const places = 8 + 2 + 2 * 12 + 4;
  const values = places + 2 + 4 * 12 + 4;
  tiff.writeUInt16BE(2, at);
  at += 2;
  entry(0x0112, SHORT, 1, (to) => tiff.writeUInt16BE(orientation, to));
  entry(0x8825, LONG, 1, (to) => tiff.writeUInt32BE(places, to));
  at = places;
  tiff.writeUInt16BE(4, at);
  at += 2;
  const degrees = (of, value) => (to) => {
    tiff.writeUInt32BE(of, to);
    [value, 1, 0, 1, 0, 1].forEach((it, n) => tiff.writeUInt32BE(it, of + 4 * n));
  };
  entry(1, ASCII, 2, (to) => tiff.write("N\0", to, "latin1"));
  entry(2, RATIONAL, 3, degrees(values, lat));
  entry(3, ASCII, 2, (to) => tiff.write("E\0", to, "latin1"));
  entry(4, RATIONAL, 3, degrees(values + 24, lon));
  return segment(0xffe1, Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff.subarray(0, values + 48)]));
}

/** A JPEG as a phone gives it: held so, taken there, of about so many bytes. The pixels stay as they are. */
export function fromPhone(picture, { bytes, ...held }) {
  const parts = [picture.subarray(0, 2), exif(held)];
  for (let left = bytes - picture.length, n = 0; left > 4; n += 1) {
    const length = Math.min(left, 65_000);
    parts.push(segment(0xfffe, Buffer.alloc(length - 4, (held.orientation * 31 + n) & 0xff)));
    left -= length;
  }
  return Buffer.concat([...parts, picture.subarray(2)]);
}
