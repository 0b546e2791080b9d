// The board's rows as the lead filters them, and as a file has them.
import type { BoardRow } from '$lib/core/types/BoardRow';
import type { BoardView } from '$lib/core/types/BoardView';
import type { CellState } from '$lib/core/types/CellState';
import { m } from '$lib/i18n.svelte';
import { districtName, inRow, personName } from '$lib/names';
import { columnName, deskSiteName, kindName, stateName } from './names';

export interface Wanted {
  state: string | null;
  kind: string | null;
  district: string | null;
  text: string;
}

/** What an address asks of the board. */
export const wantedIn = (asks: URLSearchParams): Wanted => ({ state: asks.get('state'), kind: asks.get('kind'), district: asks.get('district'), text: asks.get('text') ?? '' });
export const isNarrow = (wanted: Wanted): boolean => wanted.state !== null || wanted.kind !== null || wanted.district !== null || wanted.text !== '';

/** What still needs somebody comes first: as the core orders the checks of a cell. */
const ORDER: CellState[] = ['late', 'in_progress', 'done', 'voided'];
export const rowState = (row: BoardRow): CellState => ORDER.find((it) => row.cells.some((cell) => cell.state === it)) ?? 'voided';

export const namesOf = (board: BoardView): Map<string, string> => new Map(board.people.map((it) => [it.code, personName(it)]));

export function rowsThatFit(board: BoardView, wanted: Wanted): BoardRow[] {
  if (!isNarrow(wanted)) return board.rows;
  const names = namesOf(board);
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  return board.rows.filter((row) => {
    const { site, cells } = row;
    if (wanted.kind !== null && site.kind !== wanted.kind) return false;
    if (wanted.district !== null && (site.district ?? '') !== wanted.district) return false;
    if (wanted.state !== null && !cells.some((cell) => cell.state === wanted.state)) return false;
    if (words.length === 0) return true;
    const people = cells.flatMap((cell) => cell.by).map((code) => `${code} ${names.get(code) ?? ''}`);
    const text = [site.code, site.zh, site.en, ...people].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** One line a cell: what a pivot table wants. */
export function boardTable(board: BoardView, rows: BoardRow[]): { heads: string[]; lines: string[][] } {
  const names = namesOf(board);
  const heads = [
    m.desk_csv_day(), m.desk_csv_code(), m.desk_csv_site(), m.desk_csv_kind(), m.desk_csv_district(), m.desk_csv_org(), m.desk_csv_checklist(), m.desk_csv_state(), m.desk_csv_checks(),
    m.desk_csv_answered(), m.desk_csv_required(), m.check_critical(), m.check_major(), m.check_minor(), m.desk_csv_fixed(), m.desk_csv_by(), m.desk_csv_from(), m.desk_csv_lat(), m.desk_csv_lon(),
  ];
  const lines = rows.flatMap(({ site, position, cells }) =>
    cells.map((cell) => [
      board.day, site.code, deskSiteName(site), kindName(site.kind), districtName(site.district ?? ''), site.org ?? '',
      columnName(board.columns.find((it) => it.code === cell.checklist), cell.checklist), stateName(cell.state), String(cell.checks),
      String(cell.answered), String(cell.required), String(cell.findings.critical), String(cell.findings.major), String(cell.findings.minor), String(cell.fixed),
      inRow(cell.by.map((code) => names.get(code) ?? code)), new Date(cell.from_ms).toISOString(), position?.[0] ?? '', position?.[1] ?? '',
    ]),
  );
  return { heads, lines };
}
