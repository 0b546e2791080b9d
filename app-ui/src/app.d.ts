declare global {
  namespace App {}
  interface Window {
    /** Set by `static/first.js` where the browser lacks what the app is written in. */
    spotcheckTooOld?: boolean;
  }
}

export {};
