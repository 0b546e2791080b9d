// What a person has begun and not yet saved. Every change is kept on the device at once, so that a
// kill, another part of the checklist or another screen loses no word of it.
import { untrack } from 'svelte';
import { failed } from '$lib/failed';
import { keepNote, noteOf } from './notes.svelte';

export class Draft<Shape extends object> {
  value = $state() as Shape;
  /** Why it could not be kept, in words. */
  trouble = $state('');
  #blank = $state('');
  /** As the device has it. */
  #durable = $state('');
  readonly #text = $derived(JSON.stringify(this.value));
  /** Something is there that saving would use up. */
  readonly begun = $derived(this.#text !== this.#blank);
  /** All of it is on the device. */
  readonly durable = $derived(this.begun && this.#durable === this.#text);
  readonly #key: string | null;
  /** Which keeping is the latest: an earlier one that ends later says nothing. */
  #turn = 0;

  /**
   * Only where a component begins. `key`: none where nothing is to be kept. `blank`: what stands
   * before anybody wrote; `onbegun` is told of the first change.
   */
  constructor(key: string | null, blank: Shape, onbegun: () => void = () => {}) {
    this.#key = key;
    this.value = blank;
    this.#blank = JSON.stringify(blank);
    this.#durable = this.#blank;
    const found = key === null ? '' : noteOf(key);
    if (found !== '') {
      this.value = { ...blank, ...(JSON.parse(found) as Partial<Shape>) };
      this.#durable = JSON.stringify(this.value);
    }
    let told = false;
    $effect(() => {
      const begun = this.begun;
      if (this.#text !== untrack(() => this.#durable)) this.keep();
      if (begun && !told) untrack(onbegun);
      told = begun;
    });
  }

  /** Keeps what stands, also for one who is going away. */
  keep(): void {
    if (this.#key === null) return;
    const text = JSON.stringify(this.value);
    const turn = (this.#turn += 1);
    keepNote(this.#key, text === this.#blank ? '' : text).then(
      () => {
        if (turn === this.#turn) this.#durable = text;
        this.trouble = '';
      },
      (thrown) => (this.trouble = failed(thrown)),
    );
  }

  /** What stands was saved elsewhere: there is no draft of it any more. */
  async settle(): Promise<void> {
    this.#turn += 1;
    this.#blank = JSON.stringify(this.value);
    this.#durable = this.#blank;
    if (this.#key !== null) await keepNote(this.#key, '');
  }
}
