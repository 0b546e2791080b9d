// Where this device is, for a photo just taken: only where a person allowed it before, never asked
// for and never waited for.
import type { Position } from '$lib/core/types/Position';

/** A fix no older than this is where the photo was taken: one walks a hundred metres meanwhile. */
const FRESH_MS = 60_000;
const WAIT_MS = 15_000;

/** The position as decimal text, as everything measured: seven places are a centimetre. */
export const positionOf = ({ latitude, longitude, accuracy }: GeolocationCoordinates): Position => ({
  lat: latitude.toFixed(7),
  lon: longitude.toFixed(7),
  accuracy_m: Math.ceil(accuracy),
});

/** Where the device is, or null where it may not or cannot say. */
export async function whereabouts(): Promise<Position | null> {
  if (!('geolocation' in navigator) || !('permissions' in navigator)) return null;
  const allowed = await navigator.permissions.query({ name: 'geolocation' }).catch(() => null);
  if (allowed?.state !== 'granted') return null;
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(positionOf(coords)),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: FRESH_MS },
    );
  });
}
