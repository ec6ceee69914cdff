import { describe, expect, it } from 'vitest';
import { createRandom } from '../../base/random';
import { TimeSplitter } from './captureTime';

/** The same in whole numbers. */
function exactly(count: bigint, units: bigint, offset: number): [number, number] {
  return [Number(count / units) + offset, Number(((count % units) * 1_000_000_000n) / units)];
}

const resolutions: readonly (readonly [resolution: number, units: bigint])[] = [
  ...[0, 1, 3, 6, 7, 9, 10, 12, 18, 23].map((places) => [Number(`1e${places}`), 10n ** BigInt(places)] as const),
  ...[1, 10, 20, 23, 24, 30, 31, 32, 63, 100].map((places) => [2 ** places, 2n ** BigInt(places)] as const),
];

describe('times of pcapng', () => {
  it('are split without an error, whatever they count', () => {
    const random = createRandom(6);
    for (const [resolution, units] of resolutions) {
      const splitter = new TimeSplitter(resolution, 0);
      const near = (seconds: bigint): bigint[] => [seconds * units - 1n, seconds * units, seconds * units + 1n, seconds * units + units / 2n];
      const counts = [0n, 1n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 64n - 1n, ...near(1_700_000_000n), ...near(1n), ...near(4_294_967_295n)];
      for (let i = 0; i < 300; i++) counts.push((BigInt(random.bits()) << 32n) | BigInt(random.bits()), BigInt(random.below(2 ** 31)) * units + BigInt(random.bits()));
      for (const count of counts.filter((one) => one >= 0n && one < 2n ** 64n)) {
        splitter.split(Number(count >> 32n), Number(count & 0xffff_ffffn));
        expect([splitter.seconds, splitter.nanos], `${count} of ${units}`).toEqual(exactly(count, units, 0));
      }
    }
  });

  it('have the seconds of their interface added', () => {
    const splitter = new TimeSplitter(1e6, -3600);
    splitter.split(0, 7_250_000);
    expect([splitter.seconds, splitter.nanos]).toEqual([-3593, 250_000_000]);
  });
});
