// How devices stand, as the server last said. Asked when the team is looked at; what it said stays, with
// its time, while the app is open, also once there is no connection.
import { CoreFailure, core } from '$lib/core';
import type { DeviceNow } from '$lib/core/types/DeviceNow';
import type { DevicesNow } from '$lib/core/types/DevicesNow';

let now = $state.raw<DevicesNow | null>(null);
/** When the answer came, by this device's clock. */
let came = $state(0);
let asking = $state(false);
let trouble = $state.raw<CoreFailure | null>(null);

export const devicesNow = {
  get asking(): boolean {
    return asking;
  },
  /** Why there is no newer answer. */
  get trouble(): CoreFailure | null {
    return trouble;
  },
  /** When the answer came; null before the first. */
  get came(): number | null {
    return now === null ? null : came;
  },
  /** The server's clock when it answered: what its times are compared with. */
  get at(): number {
    return now?.at_ms ?? 0;
  },
  of: (id: string): DeviceNow | undefined => now?.devices.find((it) => it.id === id),
  /** Devices that count, those in touch since a time apart from the others: a round brings what was published
   * before it. Null before the first answer. */
  since(at_ms: number): { done: DeviceNow[]; not: DeviceNow[] } | null {
    if (now === null) return null;
    const live = now.devices.filter((it) => it.revoked === null);
    const heard = (it: DeviceNow) => it.last_contact_ms !== null && it.last_contact_ms > at_ms;
    return { done: live.filter(heard), not: live.filter((it) => !heard(it)) };
  },
  /** A person's devices that the server knows and this one not yet. */
  beyond: (person: string, known: string[]): DeviceNow[] =>
    now?.devices.filter((it) => it.person.code === person && !known.includes(it.id)) ?? [],
  async ask(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      now = await core.team({ ask: 'devices' });
      came = Date.now();
      trouble = null;
    } catch (thrown) {
      trouble = CoreFailure.from(thrown);
    } finally {
      asking = false;
    }
  },
};
