// 常用语: what was written before, offered again. Counted for each item and over all; the most used
// stand first. Kept on the device: they are a habit of the writer, no fact about an inspection.
import { core } from '$lib/core';

/** Longer texts are told once, and nobody looks for them in a row of buttons. */
export const LONGEST = 60;
const MOST = 60;
/** The core keeps 16 KiB under a name. */
const ROOM_BYTES = 16_000;

interface Phrase {
  text: string;
  /** How often it was used, anywhere. */
  used: number;
  /** And at an item, by its code. */
  at: Record<string, number>;
}

interface Kept {
  phrases: Phrase[];
  /** Built-in ones that somebody took off. */
  gone: string[];
}

export class Phrases {
  #kept = $state.raw<Kept>({ phrases: [], gone: [] });
  #read: Promise<void> | null = null;

  constructor(readonly key: string) {}

  read(): Promise<void> {
    return (this.#read ??= core.call({ call: 'recall', key: this.key }).then((text) => {
      if (text !== null) this.#kept = JSON.parse(text) as Kept;
    }));
  }

  /** For an item, the most used there first, then the most used anywhere. */
  of(item: string, builtIn: readonly string[]): string[] {
    return this.#sorted(item, builtIn).map((it) => it.text);
  }

  /** One more use; a short text that is new becomes a phrase. */
  async use(item: string, text: string): Promise<void> {
    if (text === '' || text.length > LONGEST || text.includes('\n')) return;
    await this.read();
    const { phrases, gone } = this.#kept;
    const found = phrases.find((it) => it.text === text) ?? { text, used: 0, at: {} };
    const more = { text, used: found.used + 1, at: { ...found.at, [item]: (found.at[item] ?? 0) + 1 } };
    await this.#keep([more, ...phrases.filter((it) => it !== found)], gone.filter((it) => it !== text));
  }

  async remove(text: string, builtIn: readonly string[]): Promise<void> {
    const { phrases, gone } = this.#kept;
    await this.#keep(phrases.filter((it) => it.text !== text), builtIn.includes(text) ? [...gone, text] : gone);
  }

  /** One place up. The two exchange their counts too, so that the order by use is the order by hand. */
  async raise(item: string, text: string, builtIn: readonly string[]): Promise<void> {
    const sorted = this.#sorted(item, builtIn);
    const at = sorted.findIndex((it) => it.text === text);
    const [above, own] = [sorted[at - 1], sorted[at]];
    if (above === undefined || own === undefined) return;
    sorted.splice(at - 1, 2, { ...above, text: own.text }, { ...own, text: above.text });
    await this.#keep(sorted, this.#kept.gone);
  }

  #sorted(item: string, builtIn: readonly string[]): Phrase[] {
    const { phrases, gone } = this.#kept;
    const known = (text: string) => gone.includes(text) || phrases.some((it) => it.text === text);
    const fresh = builtIn.filter((it) => !known(it)).map((text) => ({ text, used: 0, at: {} }));
    // A stable sort: of equal ones the latest stays first.
    return [...phrases, ...fresh].sort((a: Phrase, b: Phrase) => (b.at[item] ?? 0) - (a.at[item] ?? 0) || b.used - a.used);
  }

  async #keep(phrases: Phrase[], gone: string[]): Promise<void> {
    const least = [...phrases].sort((a, b) => b.used - a.used);
    let kept = { phrases, gone };
    let text = JSON.stringify(kept);
    while (kept.phrases.length > MOST || new TextEncoder().encode(text).length > ROOM_BYTES) {
      const dropped = least.pop();
      if (dropped === undefined) break;
      kept = { phrases: kept.phrases.filter((it) => it !== dropped), gone };
      text = JSON.stringify(kept);
    }
    this.#kept = kept;
    await core.call({ call: 'remember', key: this.key, value: text });
  }
}

/** What is wrong is said in other words than what a text item asks for. */
export const findingPhrases = new Phrases('phrases.finding');
export const textPhrases = new Phrases('phrases.text');
/** What is ordered about what was found. */
export const handlingPhrases = new Phrases('phrases.handling');
