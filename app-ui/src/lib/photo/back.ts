// Back closes what lies on top, as on every phone; only after that does it leave the page. Each
// layer is one step of the history, and is taken out of it again when it closes in another way.
import { pushState } from '$app/navigation';

interface Layer {
  /** Closes, or answers false to stay. */
  close(): boolean;
  page: string;
}

const layers: Layer[] = [];
let listening = false;
/** Steps of our own, not yet taken; and those of them whose event is still to come. */
let steps = 0;
let expected = 0;

/** Puts a layer on top. Call what it answers when the layer is gone. */
export function backCloses(close: () => boolean): () => void {
  if (!listening) addEventListener('popstate', heard);
  listening = true;
  const layer = { close, page: location.href };
  layers.push(layer);
  pushState('', {});
  return () => {
    const at = layers.indexOf(layer);
    if (at < 0) return;
    layers.splice(at, 1);
    // On another page by now: its history is not ours.
    if (location.href !== layer.page) return;
    // Layers that go together go in one step: browsers drop the second of two.
    if (steps === 0) queueMicrotask(leave);
    steps += 1;
  };
}

function leave(): void {
  expected += 1;
  history.go(-steps);
  steps = 0;
}

function heard(): void {
  if (expected > 0) {
    expected -= 1;
    return;
  }
  const top = layers.pop();
  if (top === undefined || top.close()) return;
  layers.push(top);
  pushState('', {});
}
