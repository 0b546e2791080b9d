// Proof of place: asked for while the head is filled in, never waited for.
import type { Place } from '$lib/core/types/Place';
import { positionOf } from './whereabouts';

export type Located = 'asking' | 'found' | 'denied' | 'unknown';

export class Locating {
  state = $state<Located>('asking');
  accuracy_m = $state(0);
  place: Place | null = null;

  constructor() {
    if (!('geolocation' in navigator)) {
      this.state = 'unknown';
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.accuracy_m = Math.ceil(coords.accuracy);
        this.place = { position: positionOf(coords) };
        this.state = 'found';
      },
      (refused) => (this.state = refused.code === refused.PERMISSION_DENIED ? 'denied' : 'unknown'),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  }
}
