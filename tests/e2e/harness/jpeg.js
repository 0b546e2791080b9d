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
