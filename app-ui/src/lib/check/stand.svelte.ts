// Where a person stands in a check: the part, the place, the sheet that is open. Kept at every
// change, so that whoever comes back, also after a kill, goes on there.
import { untrack } from 'svelte';
import type { CheckView } from '$lib/core/types/CheckView';
import { draftsOf, keepNote, noteOf } from '$lib/draft/notes.svelte';

/** `free`: a finding that no item asks about; `add`: a place; `pad:` and a slot: its keypad. */
export type SheetName = '' | 'free' | 'add' | `pad:${string}`;

interface Kept {
  part: string;
  place: string;
  sheet: SheetName;
}

export class Stand {
  part = $state('');
  place = $state('');
  sheet = $state<SheetName>('');
  readonly #key: string;

  /** Only where a component begins. `at`: the item that was touched last. */
  constructor(check: CheckView, at: string | null) {
    this.#key = `${draftsOf(check.card.id)}stand`;
    const parts = check.sections.map((it) => it.key);
    const kept = JSON.parse(noteOf(this.#key) || '{}') as Partial<Kept>;
    const touched = check.sections.find((it) => it.items.some((view) => view.answers.some(({ path }) => path === at)));
    this.part = kept.part !== undefined && parts.includes(kept.part) ? kept.part : (touched?.key ?? parts[0] ?? '');
    this.place = kept.place ?? at?.split('/')[1] ?? '';
    this.sheet = kept.sheet ?? '';
    $effect(() => {
      const text = JSON.stringify({ part: this.part, place: this.place, sheet: this.sheet });
      // Where it cannot be kept nothing is lost: the checklist opens at its beginning.
      if (text !== untrack(() => noteOf(this.#key))) void keepNote(this.#key, text).catch(() => {});
    });
  }
}
