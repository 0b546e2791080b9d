// The microphone, from a tap to a tap. What was recorded is in memory until it is kept; an
// interruption, such as a call, ends the recording and loses none of it.

export type RecorderState = 'idle' | 'asking' | 'recording' | 'recorded' | 'denied' | 'none' | 'busy' | 'empty';

export const MOST_SECONDS = 180;

/** Speech needs no more: three minutes are some 700 KB. */
const BITS_PER_SECOND = 32_000;
const KINDS = ['audio/webm;codecs=opus', 'audio/mp4'];
const TICK_MS = 100;

type Contexts = { AudioContext?: typeof AudioContext; webkitAudioContext?: typeof AudioContext };

export class Recorder {
  state = $state<RecorderState>('idle');
  seconds = $state(0);
  /** Loudness so far, 0 to 1, ten to the second. */
  levels = $state.raw<number[]>([]);
  recording: Blob | null = null;
  #recorder: MediaRecorder | null = null;
  #ended: Promise<void> = Promise.resolve();
  #release = () => {};

  async start(): Promise<void> {
    this.discard();
    this.state = 'asking';
    try {
      if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === 'undefined') throw new DOMException('', 'NotFoundError');
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
      // Left while the browser was still asking.
      if (this.state !== 'asking') return stopTracks(stream);
      this.#record(stream);
    } catch (thrown) {
      if (this.state === 'asking') this.state = stateOf(thrown);
    }
  }

  /** Ends the recording; what there is of it is complete when this returns. */
  async stop(): Promise<void> {
    if (this.state === 'asking') this.state = 'idle';
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
    await this.#ended;
  }

  discard(): void {
    if (this.#recorder) this.#recorder.onstop = this.#recorder.ondataavailable = null;
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
    this.#release();
    this.#recorder = this.recording = null;
    this.state = 'idle';
    this.seconds = 0;
    this.levels = [];
  }

  #record(stream: MediaStream): void {
    const mimeType = KINDS.find((it) => MediaRecorder.isTypeSupported(it));
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    const pieces: Blob[] = [];
    const meter = meterOf(stream);
    const began = Date.now();
    const timer = setInterval(() => {
      this.seconds = (Date.now() - began) / 1000;
      this.levels = [...this.levels, meter.level()];
      if (this.seconds >= MOST_SECONDS) void this.stop();
    }, TICK_MS);
    this.#release = () => {
      clearInterval(timer);
      meter.close();
      stopTracks(stream);
      this.#release = () => {};
    };
    recorder.ondataavailable = ({ data }) => data.size > 0 && pieces.push(data);
    this.#ended = new Promise((ended) => {
      recorder.onstop = () => {
        this.#release();
        this.recording = pieces.length > 0 ? new Blob(pieces, { type: recorder.mimeType || mimeType }) : null;
        this.state = this.recording ? 'recorded' : 'empty';
        ended();
      };
    });
    recorder.start(1000);
    this.#recorder = recorder;
    this.state = 'recording';
  }
}

/** How loud it is. Without the means to know, the clock alone shows that it runs. */
function meterOf(stream: MediaStream): { level(): number; close(): void } {
  const { AudioContext: Context = (window as Contexts).webkitAudioContext } = window as Contexts;
  if (Context === undefined) return { level: () => 0, close: () => {} };
  const context = new Context();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  return {
    level() {
      analyser.getByteTimeDomainData(samples);
      const loudest = samples.reduce((most, it) => Math.max(most, Math.abs(it - 128)), 0);
      // Speech at arm's length is far from full scale: the root lifts it into view.
      return Math.sqrt(loudest / 128);
    },
    close: () => void context.close().catch(() => {}),
  };
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function stateOf(thrown: unknown): RecorderState {
  switch ((thrown as { name?: string } | null)?.name) {
    case 'NotAllowedError': case 'SecurityError': return 'denied';
    case 'NotReadableError': case 'AbortError': return 'busy';
    default: return 'none';
  }
}
