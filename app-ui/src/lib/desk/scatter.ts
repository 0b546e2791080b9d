// Places on plain ground: north is up, a metre is as long in both directions.
import type { BoardRow } from '$lib/core/types/BoardRow';

export interface Mark {
  row: BoardRow;
  x: number;
  y: number;
}

const METRES_PER_DEGREE = 111_320;

/** Places of the rows in a picture of this size, and how many metres one of its px is. */
export function scatter(rows: BoardRow[], width: number, height: number, margin: number): { marks: Mark[]; metresPerPx: number } {
  const places = rows.flatMap((row) => {
    const [lat, lon] = (row.position ?? []).map(Number);
    return lat !== undefined && lon !== undefined && Number.isFinite(lat) && Number.isFinite(lon) ? [{ row, lat, lon }] : [];
  });
  const lats = places.map((it) => it.lat);
  const lons = places.map((it) => it.lon);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  // All at one spot: a street wide, so that nothing is divided by nought.
  const wide = Math.max((east - west) * squeeze, 0.001);
  const high = Math.max(north - south, 0.001);
  const scale = Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high);
  const marks = places.map(({ row, lat, lon }) => ({
    row,
    x: width / 2 + (lon - (west + east) / 2) * squeeze * scale,
    y: height / 2 - (lat - (south + north) / 2) * scale,
  }));
  return { marks, metresPerPx: METRES_PER_DEGREE / scale };
}

/** A round length that takes at most so many px. */
export function scaleBar(metresPerPx: number, most: number): { metres: number; px: number } {
  const room = metresPerPx * most;
  const ten = 10 ** Math.floor(Math.log10(room));
  const metres = [5, 2, 1].map((it) => it * ten).find((it) => it <= room) ?? ten;
  return { metres, px: metres / metresPerPx };
}
