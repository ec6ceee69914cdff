// How long a frame of the packet table takes: a million rows, scrolled by 40 px a frame (as the bar was
// measured on a prototype) and by four rows, and jumped through at random, drawn by software, uncapped.
// Run: npx tsx tests/bench/table.bench.ts [rounds]. Builds the page of tableFrames/ and drives it in the real Electron.

import { join } from 'node:path';
import { FRAMES, runFrames, SIZE } from './frames/runFrames';

/** ms that 95 of 100 frames may take, where there is a bar; `empty`: the same movement of a table without rows; `bare`: of one whose rows are texts alone. */
const MOVEMENTS = [{ count: 1, empty: 3, bare: 7, name: 'scroll', p95: 5 }, { count: 5, empty: 3, bare: null, name: 'four rows', p95: null }, { count: 2, empty: 4, bare: 6, name: 'jump', p95: 9 }] as const;
const rounds = Number(process.argv[2] ?? 3);

const seen = await runFrames(join(import.meta.dirname, 'tableFrames'), [1, 7, 3, 5, 2, 6, 4, 0], rounds);
const of = (count: number) => seen.find((one) => one.count === count);
const ms = (value: number | undefined): string => `${(value ?? Number.NaN).toFixed(1).padStart(5)} ms`;
console.log(`\npacket table of 1,000,000 rows, ${SIZE.width} x ${SIZE.height}, software rendering, uncapped, median of ${rounds} x ${FRAMES} frames`);
for (const { count, empty, bare, name, p95 } of MOVEMENTS) {
  const rows = of(count);
  const took = rows?.p95 ?? Number.NaN;
  const beside = (other: number, what: string): string => `${(took / (of(other)?.p95 ?? Number.NaN)).toFixed(2)} x ${what} (p50 ${ms(of(other)?.p50)}, p95 ${ms(of(other)?.p95)})`;
  const compared = [...(bare === null ? [] : [beside(bare, 'bare texts')]), beside(empty, 'no rows')];
  console.log(`  ${name.padEnd(15)} p50 ${ms(rows?.p50)}  p95 ${ms(took)}  script ${ms(rows?.script)}  ${p95 === null ? ''.padEnd(16) : `bar ${p95} ms ${took <= p95 ? 'met' : 'NOT MET'}`.padEnd(16)}  ${compared.join(', ')}`);
}
console.log(`  ${'standing still'.padEnd(15)} p50 ${ms(of(0)?.p50)}  p95 ${ms(of(0)?.p95)}`);
