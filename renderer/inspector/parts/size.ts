// Sizes as people read them: B, KiB, MiB, with the unit that fits.

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** '32 B', '1.5 KiB', '64 KiB'. `format` writes the number in the language's way. */
export function sizeText(bytes: number, format: (value: number) => string = String): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${format(unit === 0 ? value : Math.round(value * 10) / 10)} ${UNITS[unit] ?? 'B'}`;
}
