// Random numbers that can be had again: the same seed gives the same sequence on every machine. For faults, tests and pictures; never
// for secrets. xoshiro128** (Blackman, Vigna: "Scrambled Linear Pseudorandom Number Generators", 2018), seeded by SplitMix32.

export interface Random {
  /** 32 bits, as a number from 0 to 2^32 - 1. */
  bits(): number;
  /** At least 0, less than 1, in steps of 2^-32. */
  next(): number;
  /** An integer from 0 to `count` - 1; `count` from 1 to 2^32. */
  below(count: number): number;
}

const TWO_32 = 2 ** 32;

const rotl = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** SplitMix32: spreads a seed of few bits over the whole state. */
function splitMix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/** `seed`: any integer; its low 32 bits count. */
export function createRandom(seed: number): Random {
  const mix = splitMix(seed);
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  const bits = (): number => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotl(d, 11);
    return result >>> 0;
  };
  const next = (): number => bits() / TWO_32;
  return { bits, next, below: (count) => Math.floor(next() * count) };
}
