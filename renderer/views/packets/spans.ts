// Stretches of time of a capture in the unit that fits: from nanoseconds to days. Pure.

const UNITS = [
  { unit: 'ns', ns: 1 }, { unit: 'µs', ns: 1e3 }, { unit: 'ms', ns: 1e6 }, { unit: 's', ns: 1e9 }, { unit: 'min', ns: 60e9 }, { unit: 'h', ns: 3600e9 }, { unit: 'd', ns: 86_400e9 },
] as const;

/** '12.4 ms', '3.2 h': three digits that count; the units are symbols in every language. `format`: the number in the language's way. */
export function spanText(ns: number, format: (value: number) => string): string {
  const size = Math.abs(ns);
  const { unit, ns: each } = UNITS.findLast((one) => size >= one.ns) ?? UNITS[0];
  const value = ns / each;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${format(Number(value.toFixed(digits)))}\u00a0${unit}`;
}
