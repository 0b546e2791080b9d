// The way here: the screens somebody went through, each once, with what their addresses say. Back
// goes to where a person came from, whichever of several screens that was; a reload keeps it.
import { page } from '$app/state';
import { last } from '$lib/last';

const KEPT = 'spotcheck.way';
/** Steps towards a check or out of it: nobody wants to come back to them. */
const STEPS = /^\/(enrol|sites|start)$|\/finish$/;
/** Where a way begins: home, and the screens of the desk that its bar names. */
const FIRST = /^\/$|^\/desk(\/(inbox|findings|coverage|team|search))?$/;

/** The window's first address has no path: that is home. */
const pathOf = (address: string): string => address.split('?')[0] || '/';

let way = $state.raw<string[]>(recalled());

function recalled(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? kept.filter((it) => typeof it === 'string') : [];
  } catch {
    return [];
  }
}

function keep(to: string[]): void {
  way = to;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(to));
  } catch {
    // The way holds until the page closes.
  }
}

/** Somebody came to a screen. `entered`: not from another one, but by a link from outside or a reload. */
export function cameTo(url: URL, entered: boolean): void {
  const pathname = pathOf(url.pathname);
  if (STEPS.test(pathname)) return;
  const at = way.findIndex((it) => pathOf(it) === pathname);
  // A screen that is on the way already is come back to: a way has no loops.
  const before = FIRST.test(pathname) || (entered && at < 0) ? [] : at < 0 ? way : way.slice(0, at);
  keep([...before, pathname + url.search]);
}

/** A screen that is over, such as a check that was just completed: no way back leads to it. */
export function over(path: string): void {
  keep(way.filter((it) => pathOf(it) !== path));
}

/** Where back leads from here. Reactive. `otherwise`: where nobody came from another screen. */
export function backFrom(otherwise: string): string {
  return last(way.filter((it) => pathOf(it) !== pathOf(page.url.pathname))) ?? otherwise;
}

/** Whether the browser's own step back leads to an address. It brings the place on the page back as
 * well, so it is taken where the browser can tell. */
export function isStepBack(address: string): boolean {
  const { navigation } = window as { navigation?: Navigation };
  const before = navigation?.entries()[(navigation.currentEntry?.index ?? 0) - 1];
  return before?.url === new URL(address, location.href).href;
}
