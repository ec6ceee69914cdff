// Durations as people read them: a number with the unit that fits. Units are SI symbols and need no translation.

/** The number and its unit, to three significant digits; below 1 µs and for 0: 'µs'. `us` is in microseconds. */
export function durationParts(us: number): { readonly value: string; readonly unit: 'µs' | 'ms' | 's' } {
  const size = Math.abs(us);
  if (size < 999.5) return { value: significant(us), unit: 'µs' };
  if (size < 999_500) return { value: significant(us / 1000), unit: 'ms' };
  return { value: significant(us / 1_000_000), unit: 's' };
}

/** `12.3 µs`, `4.56 ms`, `61.2 s`; the space does not break. */
export function formatDuration(us: number): string {
  const { value, unit } = durationParts(us);
  return `${value}\u00a0${unit}`;
}

function significant(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}
