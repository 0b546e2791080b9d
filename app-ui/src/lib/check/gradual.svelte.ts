// A long part is drawn a few items at a time: the first screenful at once, the rest between two frames,
// so that a slow phone answers a thumb meanwhile.
import { untrack } from 'svelte';

/** What fills a phone's screen and more. */
const FIRST = 8;
/** What a slow phone draws without anybody noticing. */
const STEP = 5;
const FRAME_MS = 16;

export class Gradual {
  /** So many items are drawn. */
  count = $state(FIRST);
  #all: () => number;
  #of: () => string;
  /** The page is still there. */
  #lives = true;

  /** `all`: how many there are; `of`: what they are items of, which begins anew when it changes. */
  constructor(all: () => number, of: () => string) {
    [this.#all, this.#of] = [all, of];
    $effect(() => () => (this.#lives = false));
    let last = untrack(of);
    $effect.pre(() => {
      const now = of();
      if (now !== last) [last, this.count] = [now, FIRST];
    });
    $effect(() => {
      if (this.count >= all()) return;
      const next = setTimeout(() => (this.count += STEP), FRAME_MS);
      return () => clearTimeout(next);
    });
  }

  /** Until the item at a place is drawn, or it is none of these any more. */
  async reach(at: number): Promise<void> {
    const of = this.#of();
    const waits = () => this.#lives && this.#of() === of && this.count <= at && at < this.#all();
    while (waits()) await new Promise((soon) => setTimeout(soon, FRAME_MS));
  }
}
