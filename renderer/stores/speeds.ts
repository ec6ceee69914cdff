// The speeds of playback that the controls offer, in order. A setting between two of them is possible and kept.

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8] as const;

/** The next speed above or below. */
export function nextSpeed(speed: number, by: 1 | -1): number {
  const found = by > 0 ? SPEEDS.find((one) => one > speed + 1e-9) : SPEEDS.findLast((one) => one < speed - 1e-9);
  return found ?? speed;
}
