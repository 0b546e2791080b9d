// A log that is still being entered. Kept on the device at every reading, before the screen shows
// it, so that a kill loses nothing; forgotten when the log is saved as an answer.
import { core } from '$lib/core';
import type { ReadingLog } from '$lib/core/types/ReadingLog';
import { stamp } from './time';

export type Reading = [time: string, value: string | null];
export type Details = Omit<ReadingLog, 'readings'>;

/** What the core keeps of a draft, and from where on a person is told. */
const MOST_BYTES = 16 * 1024;
const SOON_BYTES = 13 * 1024;
/** Room for the longest texts of the details. */
const SPARE_BYTES = 700;

export const draftKey = (inspection: string, path: string): string => `log.${inspection}.${path}`;

export class LogDraft {
  details = $state.raw<Details>({ unit: '', interval_min: 30, instrument: null, probe: null, place: null });
  /** In order of time; two never have the same. */
  readings = $state.raw<Reading[]>([]);
  readonly log = $derived<ReadingLog>({ ...this.details, readings: this.readings });
  readonly bytes = $derived(bytesOf(this.log));
  readonly nearlyFull = $derived(this.bytes > SOON_BYTES);
  readonly full = $derived(this.bytes > MOST_BYTES - SPARE_BYTES);
  readonly latest = $derived(this.readings[this.readings.length - 1]);

  constructor(
    private readonly key: string,
    unit: string,
  ) {
    this.details = { ...this.details, unit };
  }

  /** What a kill left here. */
  async restore(): Promise<void> {
    const kept = await core.call({ call: 'recall', key: this.key });
    if (kept !== null) this.take(JSON.parse(kept) as ReadingLog);
  }

  /** Goes on from a saved log, to correct it. */
  async begin(log: ReadingLog): Promise<void> {
    await this.keep(log);
  }

  /** One reading; in the place of `instead`, and of any other at the same time. */
  async put(at_ms: number, value: string | null, instead: Reading | null = null): Promise<void> {
    const others = this.readings.filter((it) => it !== instead && Date.parse(it[0]) !== at_ms);
    // A time that was not changed stays as its logger wrote it.
    const same = instead !== null && Date.parse(instead[0]) === at_ms;
    await this.keep({ ...this.log, readings: sorted([...others, [same ? instead[0] : stamp(at_ms), value]]) });
  }

  async remove(reading: Reading): Promise<void> {
    await this.keep({ ...this.log, readings: this.readings.filter((it) => it !== reading) });
  }

  async describe(details: Details): Promise<void> {
    await this.keep({ ...details, readings: this.readings });
  }

  async forget(): Promise<void> {
    await core.call({ call: 'remember', key: this.key, value: '' });
    this.readings = [];
  }

  private async keep(log: ReadingLog): Promise<void> {
    await core.call({ call: 'remember', key: this.key, value: JSON.stringify(log) });
    this.take(log);
  }

  private take({ readings, ...details }: ReadingLog): void {
    this.details = details;
    this.readings = readings;
  }
}

const bytesOf = (log: ReadingLog): number => new TextEncoder().encode(JSON.stringify(log)).length;

function sorted(readings: Reading[]): Reading[] {
  return readings.sort(([a], [b]) => Date.parse(a) - Date.parse(b));
}

/** Whether a saved log of so many readings can be corrected by hand. */
export const fitsDraft = (readings: number): boolean => readings * 46 + SPARE_BYTES < MOST_BYTES;
