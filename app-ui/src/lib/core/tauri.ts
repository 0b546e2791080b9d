// The core in the Tauri window: commands of `crates/tauri`. The only file that knows Tauri.
import { Channel, convertFileSrc, invoke, type InvokeArgs, type InvokeOptions } from '@tauri-apps/api/core';
import { CoreFailure } from './failure';
import type { Outcome } from './types/Outcome';
import type { TeamAnswer } from './types/TeamAnswer';
import type { KeptPhoto, SyncProgress, SyncReport, Transport } from './transport';

/** Pieces of this size keep every message small enough for the slowest bridge. */
const PIECE_BYTES = 256 * 1024;

export function connect(): Transport {
  // Android hands a page's raw bytes to no command. The host says so at the first piece.
  let raw = true;

  async function sendPiece(photo: string, piece: Uint8Array): Promise<void> {
    if (raw) {
      try {
        return await command('photo_piece', piece, { headers: { 'x-photo': photo } });
      } catch (thrown) {
        if (CoreFailure.from(thrown).code !== 'raw_unsupported') throw thrown;
        raw = false;
      }
    }
    await command('photo_piece', { photo, base64: base64(piece) });
  }

  return {
    open: () => command('open'),
    call: (request) => command<Outcome>('call', { request: JSON.stringify(request) }),
    enrol: (link, deviceName) => command('enrol', { link, deviceName }),
    sync(onprogress, photoBytes) {
      const progress = new Channel<SyncProgress>();
      progress.onmessage = onprogress;
      return command<SyncReport>('sync', { progress, photoBytes });
    },
    cancelSync: () => command('cancel_sync'),
    team: (asked) => command<TeamAnswer>('team', { asked }),
    async keepPhoto(photo) {
      const name = await command<string>('photo_begin');
      for (let at = 0; at < photo.size; at += PIECE_BYTES) {
        const piece = await photo.slice(at, at + PIECE_BYTES).arrayBuffer();
        await sendPiece(name, new Uint8Array(piece));
      }
      return command<KeptPhoto>('photo_end', { photo: name });
    },
    photo: async (sha256) => ({ url: convertFileSrc(sha256, 'photo'), release: () => {} }),
  };
}

async function command<Answer = void>(
  name: string,
  args?: InvokeArgs,
  options?: InvokeOptions,
): Promise<Answer> {
  try {
    return await invoke<Answer>(name, args, options);
  } catch (thrown) {
    throw CoreFailure.from(thrown);
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  // In slices: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
