// Runs variants of one workload in rotation and compares them within each round, so that a busy machine slows all of them alike.

export interface Variant {
  readonly name: string;
  /** Does the work for about `ms` milliseconds; resolves to operations per second. */
  readonly run: (ms: number) => Promise<number>;
}

export interface Comparison {
  readonly name: string;
  /** Median over the rounds, operations per second. */
  readonly rate: number;
  /** Median, least and greatest of the ratios to the first variant of the same round. */
  readonly ratio: number;
  readonly least: number;
  readonly greatest: number;
}

/** The value below which `part` of the values lie. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The first variant is what the others are compared with. One unmeasured round warms up. */
export async function compare(variants: readonly Variant[], rounds: number, ms: number): Promise<Comparison[]> {
  const rates = variants.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < variants.length; i++) {
      const index = (i + round + variants.length) % variants.length;
      const rate = await variants[index]?.run(round < 0 ? ms / 2 : ms);
      globalThis.gc?.();
      if (round >= 0 && rate !== undefined) rates[index]?.push(rate);
    }
  }
  return variants.map(({ name }, index) => {
    const ratios = (rates[index] ?? []).map((rate, round) => rate / (rates[0]?.[round] ?? Number.NaN));
    return { name, rate: median(rates[index] ?? []), ratio: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) };
  });
}

/** Prints a comparison; `bars` are the ratios that variants must reach. */
export function print(title: string, unit: string, results: readonly Comparison[], bars: Readonly<Record<string, number>>): void {
  console.log(`\n${title}`);
  for (const { name, rate, ratio, least, greatest } of results) {
    const bar = bars[name];
    const verdict = bar === undefined ? '' : `  bar ${bar.toFixed(2)} ${ratio >= bar ? 'met' : 'NOT MET'}`;
    console.log(`  ${name.padEnd(26)} ${Math.round(rate).toLocaleString('en-US').padStart(11)} ${unit}  ${ratio.toFixed(3)} [${least.toFixed(2)}..${greatest.toFixed(2)}]${verdict}`);
  }
}
