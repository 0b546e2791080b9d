// The instrument in the hand: chosen once, named by every reading of the check after that.
import { core } from '$lib/core';

const MOST = 12;

let known = $state<string[]>([]);
let chosen = $state<Record<string, string>>({});
const read = new Map<string, Promise<void>>();

export const instruments = {
  /** Numbers used on this device, the latest first. */
  get known(): string[] {
    return known;
  },
  /** The one of a check; empty: none. */
  of(inspection: string): string {
    return chosen[inspection] ?? '';
  },
  /** Reads what was kept, once a check. */
  load(inspection: string): Promise<void> {
    const begun = read.get(inspection) ?? recall(inspection);
    read.set(inspection, begun);
    return begun;
  },
  /** Kept before it counts, so that a kill does not change what the next reading names. */
  async choose(inspection: string, number: string): Promise<void> {
    await core.call({ call: 'remember', key: `instrument.${inspection}`, value: number });
    chosen = { ...chosen, [inspection]: number };
    if (number === '') return;
    known = [number, ...known.filter((it) => it !== number)].slice(0, MOST);
    await core.call({ call: 'remember', key: 'instruments', value: JSON.stringify(known) });
  },
};

async function recall(inspection: string): Promise<void> {
  const [list, number] = await Promise.all([
    core.call({ call: 'recall', key: 'instruments' }),
    core.call({ call: 'recall', key: `instrument.${inspection}` }),
  ]);
  known = JSON.parse(list ?? '[]');
  chosen = { ...chosen, [inspection]: number ?? '' };
}
