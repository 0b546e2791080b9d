// What a hand in a glove feels without looking: taken, or not taken. Browsers without it stay still.

/** How a page is scrolled by itself: at once for who asked for less movement. */
export const gently = (): ScrollBehavior => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');

export function accepted(): void {
  navigator.vibrate?.(30);
}

export function refused(): void {
  navigator.vibrate?.([60, 80, 60]);
}
