// What the lead is about to decide, and what was decided here. One choice at a time: it is chosen,
// it is given a reason, it is confirmed; then the next item has the focus.
import { Phrases } from '$lib/check/phrases.svelte';
import { core, CoreFailure } from '$lib/core';
import type { FindingHit } from '$lib/core/types/FindingHit';
import type { MergedItemView } from '$lib/core/types/MergedItemView';
import type { SideView } from '$lib/core/types/SideView';
import { failed } from '$lib/failed';
import { accepted, refused } from '$lib/feel';
import { m } from '$lib/i18n.svelte';

/** An item that waits, with what a decision is addressed by. */
export interface Target {
  /** The item's id, unique on the page. */
  id: string;
  site: string;
  day: string;
  checklist: string;
  item: MergedItemView;
}

/** What is to stand: one of the sides, or another value. */
export interface Choice {
  target: Target;
  side: SideView | null;
  value: unknown;
  words: string;
  name: string;
}

/** Decided inside one shared check: the core wrote a correction there, and the item has left the inbox. */
export interface Correction extends Choice {
  op: string;
  why: string;
}

/** Why one value stands is said in other words than what is wrong. */
export const reasons = new Phrases('phrases.merge');
const LAST = 'merge.why';

/** Why a decision was not made. */
export const told = (thrown: unknown): string => (CoreFailure.from(thrown).code === 'changed' ? m.merge_changed() : failed(thrown));

const sidesOf = (it: Target): string => it.item.sides.map((side) => side.op).join();

/** The group an item is in, by one name. */
export const groupKey = (it: { site: string; checklist: string }): string => `${it.site} ${it.checklist}`;

export class Deciding {
  /** The item J and K stand on. */
  at = $state('');
  choice = $state.raw<Choice | null>(null);
  why = $state('');
  /** The item whose other value is asked for. */
  editing = $state('');
  undo = $state.raw<{ words: string; ops: string[] } | null>(null);
  corrections = $state.raw<Correction[]>([]);
  /** Groups in which something was decided here: their fold is open. */
  touched = $state.raw<ReadonlySet<string>>(new Set());
  trouble = $state('');
  #last = '';
  /** The item leaves the inbox while its own decision is recorded: that is no surprise. */
  #recording = false;

  /** The items that wait, as they stand on the page. */
  constructor(readonly open: () => Target[]) {}

  /** The reason given last, to be given again with one tap. */
  async recall(): Promise<void> {
    this.#last = (await core.call({ call: 'recall', key: LAST })) ?? '';
  }

  get current(): Target | undefined {
    return this.open().find((it) => it.id === this.at) ?? this.open()[0];
  }

  choose(choice: Choice): void {
    this.at = choice.target.id;
    this.trouble = '';
    this.editing = '';
    if (this.choice === null) this.why ||= this.#last;
    this.choice = choice;
  }

  /** Chosen anew from what is there now: a side may have come, or the item have been decided elsewhere. */
  refresh(): void {
    const { choice } = this;
    if (choice === null || this.#recording) return;
    const now = this.open().find((it) => it.id === choice.target.id);
    if (now === undefined || sidesOf(now) !== sidesOf(choice.target)) {
      this.choice = null;
      this.trouble = m.merge_changed();
    }
  }

  leave(): void {
    this.choice = null;
    this.trouble = '';
  }

  /** False: it was not recorded, and why is said. */
  async confirm(): Promise<boolean> {
    const { choice } = this;
    const why = this.why.trim();
    if (choice === null) return false;
    this.trouble = why === '' ? m.merge_why_missing() : '';
    if (why === '') return false;
    const before = this.open().map((it) => it.id);
    this.#recording = true;
    try {
      const op = await this.decide(choice, why);
      accepted();
      this.choice = null;
      this.undo = { words: m.merge_did({ item: choice.target.item.path, value: choice.words }), ops: [op] };
      this.#step(before, choice.target.id);
      void this.used(why);
      return true;
    } catch (thrown) {
      refused();
      this.trouble = told(thrown);
      return false;
    } finally {
      this.#recording = false;
    }
  }

  /** Records one decision, over exactly the values that were looked at. */
  async decide({ target, side, value, words, name }: Choice, why: string): Promise<string> {
    const { site, day, id, checklist } = target;
    const now = this.open().find((it) => it.id === id);
    // A value that arrived meanwhile was seen by nobody: the decision would rest on it all the same.
    if (now === undefined || sidesOf(now) !== sidesOf(target)) throw new CoreFailure('changed', m.merge_changed());
    const op = await core.call({ call: 'decide', site, day, id, keep: side?.op ?? null, value: side ? null : value, seen: target.item.sides.map((it) => it.op), why });
    this.touched = new Set([...this.touched, groupKey({ site, checklist })]);
    // Where a lead decided before, the decision is made anew in the merge, also over one check.
    const shared = target.item.decisions.length === 0 && new Set(target.item.sides.map((it) => it.inspection)).size === 1;
    if (shared) this.corrections = [...this.corrections, { target, side, value, words, name, op, why }];
    return op;
  }

  /** Says of findings that they are one thing, for which `main` stands, or different things. */
  async unite(hits: FindingHit[], main: FindingHit | null): Promise<void> {
    this.trouble = '';
    try {
      const op = await core.call({ call: 'unite', findings: hits.map((it) => it.finding.id), main: main?.finding.id ?? null, why: '' });
      accepted();
      this.undo = { words: main ? m.merge_did_unite({ count: hits.length }) : m.merge_did_different({ count: hits.length }), ops: [op] };
    } catch (thrown) {
      refused();
      this.trouble = told(thrown);
    }
  }

  /** Kept for the next one; a decision stands also where this fails. */
  async used(why: string): Promise<void> {
    this.#last = why;
    await core.call({ call: 'remember', key: LAST, value: why }).catch(() => {});
    await reasons.use('', why).catch(() => {});
  }

  async takeBack(ops: string[]): Promise<void> {
    this.trouble = '';
    this.undo = null;
    let done = 0;
    try {
      // The last decision first.
      for (const op of [...ops].reverse()) {
        await core.call({ call: 'undo', op });
        this.corrections = this.corrections.filter((it) => it.op !== op);
        done += 1;
      }
    } catch (thrown) {
      refused();
      this.trouble = ops.length === 1 ? failed(thrown) : m.merge_undone_part({ done, all: ops.length, why: failed(thrown) });
    }
  }

  /** On to the item after the one decided, or to the one before where it was the last. */
  #step(before: string[], decided: string): void {
    const left = new Set(this.open().map((it) => it.id));
    const at = before.indexOf(decided);
    this.at = before.slice(at + 1).find((id) => left.has(id)) ?? before.slice(0, at).reverse().find((id) => left.has(id)) ?? '';
  }
}
