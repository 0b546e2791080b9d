// What both hosts can do. The screens never see it; they have `core`.

import type { Call } from './types/Call';
import type { Outcome } from './types/Outcome';
import type { RoundReport } from './types/RoundReport';
import type { TeamAnswer } from './types/TeamAnswer';
import type { TeamCall } from './types/TeamCall';

/** A round that ended. `pause` says what stopped it early: nothing is lost, the next one goes on. */
export type SyncReport = RoundReport;

/** What a round of sync did, or has done so far. */
export type SyncProgress = Omit<RoundReport, 'scopes_lost' | 'restored' | 'repaired' | 'new_log' | 'pause'>;

/** What the core keeps of a photo, once its bytes are durable. */
export interface KeptPhoto {
  sha256: string;
  bytes: number;
}

/** A host of the core. Every method throws a `CoreFailure`. */
export interface Transport {
  /** Opens the device. May be called again after it failed. */
  open(): Promise<void>;
  call(request: Call): Promise<Outcome>;
  enrol(link: string, deviceName: string): Promise<void>;
  /** At most so many bytes of photos go out, or all (null); answers and documents are exchanged. */
  sync(onprogress: (progress: SyncProgress) => void, photoBytes: number | null): Promise<SyncReport>;
  /** Asks the round to stop after the request under way; the round then answers as usual. */
  cancelSync(): Promise<void>;
  /** Asks the server for a lead, or tells it. Needs a connection: fails with `offline` without one. */
  team(asked: TeamCall): Promise<TeamAnswer>;
  /** The bytes go to the core unchanged. Durable when it returns. */
  keepPhoto(photo: Blob): Promise<KeptPhoto>;
  /** Where an `<img>` finds the photo. `release` when it is on no screen any more. */
  photo(sha256: string): Promise<{ url: string; release(): void }>;
}
