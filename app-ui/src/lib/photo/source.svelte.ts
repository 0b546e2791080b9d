// Where a photo is shown from. One that another took and that is not here yet is asked for, once,
// and shown as soon as sync has brought it.
import { core } from '$lib/core';
import { photosHeld } from '$lib/network.svelte';

const asked = new Set<string>();

/** Asks for a photo: by itself where the network costs nothing, elsewhere when a person insists. */
export async function askFor(sha256: string, insist = false): Promise<void> {
  if (!insist && (asked.has(sha256) || photosHeld() !== null)) return;
  asked.add(sha256);
  await core.call({ call: 'ask_photo', sha256 });
}

/** The address of a photo; asks for it where it is not here. */
export async function addressOf(sha256: string): Promise<string> {
  try {
    return await core.photoUrl(sha256);
  } catch (thrown) {
    // That nobody could be asked is no news: what counts is that it is not here.
    askFor(sha256).catch(() => asked.delete(sha256));
    throw thrown;
  }
}

/** The same, reactive. `missing` while it is not here. */
export function photoSource(sha256: () => string): { readonly url: string | null; readonly missing: boolean } {
  let shown = '';
  /** What is shown stays as it is: its address may have been given up since. */
  let have = false;
  let url = $state<string | null>(null);
  let missing = $state(false);

  $effect(() => {
    const wanted = sha256();
    void core.photosCame;
    if (shown !== wanted) [shown, have, url, missing] = [wanted, false, null, false];
    if (have) return;
    let current = true;
    addressOf(wanted).then(
      (found) => current && ([have, url, missing] = [true, found, false]),
      () => current && ([url, missing] = [null, true]),
    );
    return () => void (current = false);
  });

  return {
    get url() {
      return url;
    },
    get missing() {
      return missing;
    },
  };
}
