/** A call that failed. The screen decides by `code`; `message` is for the log and for support. */
export class CoreFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Which input was wrong, where one was. */
    readonly field?: string,
    /** The server's own code, where it refused. */
    readonly problem?: string,
  ) {
    super(message);
    this.name = 'CoreFailure';
  }

  /** Whatever was thrown, as a failure. A host throws plain objects; a bug throws anything. */
  static from(thrown: unknown): CoreFailure {
    if (thrown instanceof CoreFailure) return thrown;
    if (typeof thrown === 'object' && thrown !== null) {
      const { code, message, field, problem } = thrown as Record<string, unknown>;
      const text = (it: unknown) => (typeof it === 'string' ? it : undefined);
      if (typeof code === 'string') return new CoreFailure(code, String(message ?? code), text(field), text(problem));
    }
    return new CoreFailure('broken', thrown instanceof Error ? thrown.message : String(thrown));
  }
}
