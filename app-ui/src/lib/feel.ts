// What a hand in a glove feels without looking: taken, or not taken. Browsers without it stay still.

export function accepted(): void {
  navigator.vibrate?.(30);
}

export function refused(): void {
  navigator.vibrate?.([60, 80, 60]);
}
