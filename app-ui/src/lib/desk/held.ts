// How much of a day's board the screen holds. Opened, it asks for the rows that a person sees at
// first, and for the others once those are drawn; read anew, for as many as it has.
const FIRST_ROWS = 40;

let day: string | null = null;
let whole = false;
let seen = 0;

/** How many rows to ask for; null: all of them. */
export function rowsOf(asked: string | null, narrowed: boolean): number | null {
  if (narrowed) return null;
  if (asked !== day) return FIRST_ROWS;
  return whole ? null : Math.max(FIRST_ROWS, seen);
}

/** The screen shows a day's rows, all of them or the first. */
export function holds(asked: string | null, all: boolean): void {
  if (asked !== day) seen = 0;
  [day, whole] = [asked, all];
}

/** The last row that was in view: who comes back sees it at once. */
export function saw(last: number): void {
  seen = last;
}

/** The screen is left. */
export function letGo(): void {
  whole = false;
}
