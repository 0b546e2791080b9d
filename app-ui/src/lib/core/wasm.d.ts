// What `crates/wasm` gives to its worker. Written by hand, so that the screens type-check where the
// core was never built; `cargo xtask browser` makes the real thing.

declare module '$wasm/spotcheck_wasm.js' {
  export default function init(module: { module_or_path: string }): Promise<unknown>;

  /** Answers are JSON text. A call that fails throws an `Error` with a `code`. */
  export class BrowserDevice {
    static open(folder: string): Promise<BrowserDevice>;
    dispatch(request: string): string;
    enrol(link: string, name: string): Promise<string>;
    round(goOn: (progress: string) => boolean, photoBytes?: number): Promise<string>;
    team(asked: string): Promise<string>;
    take_photo(bytes: Uint8Array): string;
    photo(sha256: string): Uint8Array;
  }
}

declare module '$wasm/spotcheck_wasm_bg.wasm?url' {
  const url: string;
  export default url;
}

declare module '$forms/spotcheck_wasm_forms.js' {
  export default function init(options: { module_or_path: string }): Promise<unknown>;
  /** `Imported` as JSON. */
  export function read(bytes: Uint8Array, name: string, pack: string): string;
}

declare module '$forms/spotcheck_wasm_forms_bg.wasm?url' {
  const url: string;
  export default url;
}
