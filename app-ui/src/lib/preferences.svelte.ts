// What a person set for this screen alone. Kept in the browser, never in the op log: it is no fact
// about an inspection. `static/first.js` reads the same names before the first paint.

export type Theme = 'system' | 'light' | 'dark' | 'sun';
export type TextSize = '100' | '125' | '150' | '200';
export type Hand = 'right' | 'left';
/** Over which network photos go: any, not a mobile one, only one that is known to be Wi-Fi, or, over
 * others too, some of them a day. */
export type PhotosOver = 'any' | 'wifi' | 'ask' | 'some';

const themes: readonly Theme[] = ['system', 'light', 'dark', 'sun'];
const textSizes: readonly TextSize[] = ['100', '125', '150', '200'];

/** What was kept under a name; null when nothing was, or when the browser refuses. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`spotcheck.${name}`);
  } catch {
    return null;
  }
}

/** Keeps a preference. A browser that refuses forgets it at the next start, which is no loss. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`spotcheck.${name}`, value);
  } catch {
    // The choice holds until the page closes.
  }
}

const root = document.documentElement;
const systemDark = matchMedia('(prefers-color-scheme: dark)');

let theme = $state<Theme>(themes.find((it) => it === remembered('theme')) ?? 'system');
let textSize = $state<TextSize>(textSizes.find((it) => it === remembered('text')) ?? '100');
const networks: readonly PhotosOver[] = ['any', 'some', 'wifi', 'ask'];
let photosOver = $state<PhotosOver>(networks.find((it) => it === remembered('photos')) ?? 'any');
let hand = $state<Hand>(remembered('hand') === 'left' ? 'left' : 'right');

systemDark.addEventListener('change', show);
show();

/** The preferences of this screen. Reactive; setting one shows and keeps it. */
export const preferences = {
  get theme(): Theme {
    return theme;
  },
  set theme(to: Theme) {
    theme = to;
    remember('theme', to);
    show();
  },
  get textSize(): TextSize {
    return textSize;
  },
  set textSize(to: TextSize) {
    textSize = to;
    remember('text', to);
    show();
  },
  get photosOver(): PhotosOver {
    return photosOver;
  },
  set photosOver(to: PhotosOver) {
    photosOver = to;
    remember('photos', to);
  },
  /** Which thumb holds the phone: sticky actions lie on its side. */
  get hand(): Hand {
    return hand;
  },
  set hand(to: Hand) {
    hand = to;
    remember('hand', to);
    show();
  },
};

function show(): void {
  const shown = theme === 'system' ? (systemDark.matches ? 'dark' : 'light') : theme;
  root.dataset.theme = shown;
  root.dataset.text = textSize;
  root.dataset.hand = hand;
  const bar = document.querySelector('meta[name="theme-color"]');
  bar?.setAttribute('content', getComputedStyle(root).getPropertyValue('--bar').trim());
}
