/** The photos with a marked copy right after its original. */
export function beside(photos: readonly string[], copy: string, original: string): string[] {
  const others = photos.filter((it) => it !== copy);
  const at = others.indexOf(original) + 1 || others.length;
  return [...others.slice(0, at), copy, ...others.slice(at)];
}
