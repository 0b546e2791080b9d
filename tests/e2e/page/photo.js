/** Bytes that nothing can compress and nobody has to keep: the same for the same seed (xorshift32). */
export function photoBytes(seed, length) {
  const bytes = new Uint8Array(length);
  let x = (seed * 2_654_435_761) >>> 0 || 1;
  for (let n = 0; n < length; n += 1) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[n] = x;
  }
  return bytes;
}
