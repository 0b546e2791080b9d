// What a point's code says: a site's code, or an address that names one. Nothing is opened from it.

export function siteCodeIn(text: string): string {
  const said = text.trim();
  const named = /(?:^|[?&#])site=([^&#\s]+)/i.exec(said)?.[1];
  if (named !== undefined) return plain(named);
  if (!/^https?:\/\//i.test(said)) return said;
  const path = said.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '');
  return plain(path.split('/').filter(Boolean).pop() ?? said);
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text;
  }
}
