// Whether the device is open, as every screen sees it.

/** What opening the device came to. */
export type Opened =
  | 'opening'
  | 'ready'
  /** Another tab has it. */
  | 'open_elsewhere'
  /** The browser keeps no private files: private mode, or none at all. */
  | 'no_private_files'
  /** What is there cannot be opened, or durability cannot be promised. */
  | 'storage_unopened'
  /** The page came over plain HTTP from another machine. */
  | 'insecure'
  | 'too_old'
  | 'broken';

const outcomes: readonly Opened[] = [
  'open_elsewhere',
  'no_private_files',
  'storage_unopened',
  'insecure',
  'too_old',
];

let current = $state<Opened>('opening');
let why = $state('');

export const opened = {
  get state(): Opened {
    return current;
  },
  /** For support, in the core's words. */
  get why(): string {
    return why;
  },
  set(state: Opened, message = ''): void {
    current = state;
    why = message;
  },
};

/** The outcome a failure to open stands for. */
export function outcomeOf(code: string): Opened {
  return outcomes.find((it) => it === code) ?? 'broken';
}
