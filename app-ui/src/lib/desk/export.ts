// What is on the screen as a file: CSV that Excel opens with Chinese, and JSON. Pure, so that every
// byte can be tested; what a cell says comes in as text.

/** A cell as Excel reads it: never a formula, whatever somebody wrote into a name. */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A whole file: the mark by which Excel knows UTF-8, and lines that end as the standard says. */
export function csvFile(heads: string[], rows: string[][]): string {
  return '\ufeff' + [heads, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Readable, and ends with a line end as text files do. */
export function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A name that every file system takes. */
export function fileName(parts: (string | null)[], ending: string): string {
  const text = parts.filter(Boolean).join('-').replace(/[\\/:*?"<>|\s]+/g, '-');
  return `${text.slice(0, 80)}.${ending}`;
}
