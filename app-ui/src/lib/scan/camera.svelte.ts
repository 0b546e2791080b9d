// The camera as a picture to look through. Nothing of it is kept, and it goes off when asked to.

export type CameraState = 'opening' | 'open' | 'denied' | 'none' | 'busy';

/** Not every browser's types know of the light. */
type Light = MediaTrackCapabilities & { torch?: boolean };

export class Camera {
  state = $state<CameraState>('opening');
  /** Null where the camera has no light, or the browser no switch for it. */
  light = $state<boolean | null>(null);
  #stream: MediaStream | null = null;
  #closed = false;

  async open(video: HTMLVideoElement): Promise<void> {
    this.state = 'opening';
    this.#closed = false;
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw new DOMException('', 'NotFoundError');
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      this.#stream = stream;
      // Closed while the browser was still asking.
      if (this.#closed) return this.close();
      video.srcObject = stream;
      await video.play();
      const can = this.#track?.getCapabilities?.() as Light | undefined;
      this.light = can?.torch === true ? false : null;
      this.state = 'open';
    } catch (thrown) {
      const closed = this.#closed;
      this.close();
      if (!closed) this.state = stateOf(thrown);
    }
  }

  async switchLight(): Promise<void> {
    const on = this.light !== true;
    try {
      await this.#track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
      this.light = on;
    } catch {
      this.light = null;
    }
  }

  close(): void {
    this.#closed = true;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#stream?.getVideoTracks()[0];
  }
}

function stateOf(thrown: unknown): CameraState {
  switch ((thrown as { name?: string } | null)?.name) {
    case 'NotAllowedError': case 'SecurityError': return 'denied';
    case 'NotReadableError': case 'AbortError': return 'busy';
    default: return 'none';
  }
}
