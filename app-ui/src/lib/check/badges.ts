// Numbers of badges, by the code of whose they are. Kept on the device, so that they are typed once.
import { core } from '$lib/core';

const KEY = 'badges';

class Badges {
  async of(codes: readonly string[]): Promise<Record<string, string>> {
    const kept = await this.#read();
    return Object.fromEntries(codes.flatMap((code) => (kept[code] ? [[code, kept[code]]] : [])));
  }

  async note(numbers: Record<string, string>): Promise<void> {
    const all = { ...(await this.#read()), ...numbers };
    await core.call({ call: 'remember', key: KEY, value: JSON.stringify(all) });
  }

  async #read(): Promise<Record<string, string>> {
    return JSON.parse((await core.call({ call: 'recall', key: KEY })) ?? '{}') as Record<string, string>;
  }
}

export const badges = new Badges();
