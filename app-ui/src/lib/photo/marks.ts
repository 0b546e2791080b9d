// Marks on a copy: where they lie and how they are drawn. Places are parts of the picture's long
// side, so that a mark looks alike on the screen and on the copy that is saved.

export type Shape = 'arrow' | 'circle' | 'blur';
export type Colour = 'red' | 'yellow';

/** An arrow goes from 1 to 2; a circle and a blur fill the rectangle between. */
export interface Mark {
  shape: Shape;
  colour: Colour;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Where pixels come from: the picture, or a smaller one of it. */
export interface Source {
  source: CanvasImageSource;
  width: number;
  height: number;
}

/** What a mark is drawn in, as the tokens have it. */
export interface Inks {
  red: string;
  yellow: string;
  light: string;
  dark: string;
}

/** Thick enough for the sun, and for a print of a hand's size. */
const STROKE = 0.012;
const HALO = 1.7;
const DEFAULT = 0.14;
const SMALLEST = 0.03;
/** A face of any size is no more than this many squares across. */
const SQUARES = 7;

const middle = (it: Mark): [number, number] => [(it.x1 + it.x2) / 2, (it.y1 + it.y2) / 2];

/** A mark of the usual size about a point; an arrow points at it. */
export function markAt(shape: Shape, colour: Colour, x: number, y: number): Mark {
  if (shape === 'arrow') return { shape, colour, x1: x - DEFAULT, y1: y + DEFAULT, x2: x, y2: y };
  return { shape, colour, x1: x - DEFAULT, y1: y - DEFAULT, x2: x + DEFAULT, y2: y + DEFAULT };
}

export const isTap = (it: Mark): boolean => Math.hypot(it.x2 - it.x1, it.y2 - it.y1) < SMALLEST;

/** Moved, with its middle kept on the picture. */
export function moved(it: Mark, dx: number, dy: number, wide: number, high: number): Mark {
  const [x, y] = middle(it);
  const byX = Math.min(Math.max(x + dx, 0), wide) - x;
  const byY = Math.min(Math.max(y + dy, 0), high) - y;
  return { ...it, x1: it.x1 + byX, y1: it.y1 + byY, x2: it.x2 + byX, y2: it.y2 + byY };
}

export function grown(it: Mark, by: number): Mark {
  const [x, y] = middle(it);
  const next = { ...it, x1: x + (it.x1 - x) * by, y1: y + (it.y1 - y) * by, x2: x + (it.x2 - x) * by, y2: y + (it.y2 - y) * by };
  const size = Math.hypot(next.x2 - next.x1, next.y2 - next.y1);
  return size < SMALLEST || size > 1.5 ? it : next;
}

/** Turned about its middle by an eighth. */
export function turned(it: Mark, by: number): Mark {
  const [x, y] = middle(it);
  const [sin, cos] = [Math.sin((by * Math.PI) / 4), Math.cos((by * Math.PI) / 4)];
  const at = (px: number, py: number): [number, number] => [x + (px - x) * cos - (py - y) * sin, y + (px - x) * sin + (py - y) * cos];
  const [[x1, y1], [x2, y2]] = [at(it.x1, it.y1), at(it.x2, it.y2)];
  return { ...it, x1, y1, x2, y2 };
}

/** The picture with its marks, as large as the canvas. What is blurred lies below every line. */
export function render(canvas: HTMLCanvasElement, from: Source, marks: readonly Mark[], inks: Inks): void {
  const brush = canvas.getContext('2d');
  if (brush === null) return;
  brush.imageSmoothingEnabled = true;
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(from.source, 0, 0, canvas.width, canvas.height);
  const long = Math.max(canvas.width, canvas.height);
  for (const mark of marks) if (mark.shape === 'blur') blur(brush, mark, from, long);
  for (const mark of marks) if (mark.shape !== 'blur') stroke(brush, mark, long, inks);
}

function stroke(brush: CanvasRenderingContext2D, mark: Mark, long: number, inks: Inks): void {
  const path = mark.shape === 'arrow' ? arrow(mark, long) : circle(mark, long);
  brush.lineCap = brush.lineJoin = 'round';
  // An edge of the other brightness: seen on snow and on coal.
  brush.lineWidth = STROKE * HALO * long;
  brush.strokeStyle = mark.colour === 'red' ? inks.light : inks.dark;
  brush.stroke(path);
  brush.lineWidth = STROKE * long;
  brush.strokeStyle = inks[mark.colour];
  brush.stroke(path);
}

function arrow(mark: Mark, long: number): Path2D {
  const path = new Path2D();
  const [x1, y1, x2, y2] = [mark.x1 * long, mark.y1 * long, mark.x2 * long, mark.y2 * long];
  const along = Math.atan2(y2 - y1, x2 - x1);
  const head = Math.min(0.06 * long, 0.6 * Math.hypot(x2 - x1, y2 - y1));
  path.moveTo(x1, y1);
  path.lineTo(x2, y2);
  path.moveTo(x2 - head * Math.cos(along - 0.6), y2 - head * Math.sin(along - 0.6));
  path.lineTo(x2, y2);
  path.lineTo(x2 - head * Math.cos(along + 0.6), y2 - head * Math.sin(along + 0.6));
  return path;
}

function circle(mark: Mark, long: number): Path2D {
  const path = new Path2D();
  const [x, y] = middle(mark);
  path.ellipse(x * long, y * long, (Math.abs(mark.x2 - mark.x1) * long) / 2, (Math.abs(mark.y2 - mark.y1) * long) / 2, 0, 0, 2 * Math.PI);
  return path;
}

/** Squares of one colour each: what was below is gone from the copy, not merely soft. */
function blur(brush: CanvasRenderingContext2D, mark: Mark, from: Source, long: number): void {
  const { width, height } = brush.canvas;
  const left = Math.max(0, Math.round(Math.min(mark.x1, mark.x2) * long));
  const top = Math.max(0, Math.round(Math.min(mark.y1, mark.y2) * long));
  const wide = Math.min(width, Math.round(Math.max(mark.x1, mark.x2) * long)) - left;
  const high = Math.min(height, Math.round(Math.max(mark.y1, mark.y2) * long)) - top;
  if (wide < 1 || high < 1) return;
  const square = Math.max(wide, high) / SQUARES;
  const small = document.createElement('canvas');
  small.width = Math.max(1, Math.round(wide / square));
  small.height = Math.max(1, Math.round(high / square));
  const fine = small.getContext('2d');
  if (fine === null) return;
  fine.imageSmoothingQuality = 'high';
  const scale = from.width / width;
  fine.drawImage(from.source, left * scale, top * scale, wide * scale, high * scale, 0, 0, small.width, small.height);
  brush.imageSmoothingEnabled = false;
  brush.drawImage(small, 0, 0, small.width, small.height, left, top, wide, high);
}
