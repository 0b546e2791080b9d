// How often photos that others took have come since the page was opened. Reactive: who shows one
// that was not here looks again.
let came = $state(0);

export const arrivals = {
  get came(): number {
    return came;
  },
  note(): void {
    came += 1;
  },
};
