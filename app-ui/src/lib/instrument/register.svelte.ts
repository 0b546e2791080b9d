// The register of instruments, read once and again when it changes.
import { core } from '$lib/core';
import type { InstrumentCall } from '$lib/core/types/InstrumentCall';
import type { InstrumentView } from '$lib/core/types/InstrumentView';

let all = $state.raw<InstrumentView[]>([]);

async function ask(asked: InstrumentCall): Promise<void> {
  all = await core.call({ call: 'instruments', asked });
}

export const register = {
  get all(): InstrumentView[] {
    return all;
  },
  /** Those that are in use. */
  get used(): InstrumentView[] {
    return all.filter((it) => !it.withdrawn);
  },
  find: (number: string): InstrumentView | undefined => register.used.find((it) => it.number === number),
  load: (): Promise<void> => ask({ ask: 'list' }),
  keep: (id: string | null, instrument: Extract<InstrumentCall, { ask: 'keep' }>['instrument']): Promise<void> => ask({ ask: 'keep', id, instrument }),
  check: (id: string, value: string, unit: string): Promise<void> => ask({ ask: 'check', id, value, unit }),
};
