// A wet screen taps twice. Whatever changes something hears the first tap only: the second comes at
// once, with nothing between, on the same button or on what has meanwhile come to lie under the thumb.
const ECHO_MS = 300;
const THUMB_PX = 24;

interface Tap {
  at: number;
  x: number;
  y: number;
  on: EventTarget | null;
}
let before: Tap | null = null;
let latest: Tap | null = null;

addEventListener(
  'click',
  (tap) => {
    before = latest;
    // When the glass was touched, however long the page took to hear of it.
    latest = { at: tap.timeStamp, x: tap.clientX, y: tap.clientY, on: tap.target };
  },
  true,
);
// What was typed in between says that the next tap is meant; so does a key pressed anew, whose click
// it may be.
addEventListener('input', () => (latest = null), true);
addEventListener('keydown', (key) => !key.repeat && (latest = null), true);

/** Whether a tap is only the echo of the one before. Keys of a pad do not ask: 1, 1 is eleven. */
export function isEcho(tap: MouseEvent): boolean {
  if (before === null || tap.timeStamp - before.at > ECHO_MS) return false;
  // A click by keyboard has no place.
  const near = tap.detail > 0 && Math.hypot(tap.clientX - before.x, tap.clientY - before.y) < THUMB_PX;
  return near || tap.target === before.on;
}
