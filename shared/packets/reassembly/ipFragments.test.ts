// Fragments as they come: in order, backwards, twice, with other bytes, too long, never whole; and as many as somebody likes to send.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAGMENT_LIMITS } from './fragmentLimits';
import { IpReassembler, type FragmentHeader } from './ipFragments';

const base = { source: '10.0.0.1', destination: '10.0.0.2', identification: 7, protocol: 17 };
const at = (offset: number, more: boolean, others: Partial<FragmentHeader> = {}): FragmentHeader => ({ ...base, offset, more, ...others });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const eight = (value: number): Uint8Array => new Uint8Array(8).fill(value);

describe('a datagram in three fragments', () => {
  const parts: readonly (readonly [FragmentHeader, Uint8Array])[] = [[at(0, true), eight(1)], [at(8, true), eight(2)], [at(16, false), bytes(3, 3)]];
  const orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] as const;

  it.each(orders)('is whole with the last one that comes: %d %d %d', (...order) => {
    const reassembler = new IpReassembler();
    const answers = order.map((part, i) => reassembler.push(i + 1, parts[part]?.[0] ?? at(0, true), parts[part]?.[1] ?? bytes()));
    expect(answers.slice(0, 2)).toEqual([null, null]);
    expect(answers[2]?.complete).toEqual(bytes(1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3));
    expect(answers[2]?.fragments).toEqual([1, 2, 3]);
    expect(answers[2]?.notes.map(({ offset }) => offset)).toEqual([0, 8, 16]);
    expect([1, 2, 3, 4].map((number) => reassembler.reassembledIn(number))).toEqual([3, 3, 3, null]);
    expect(reassembler.waiting).toBe(0);
  });

  it('is not mixed with another\'s', () => {
    const reassembler = new IpReassembler();
    reassembler.push(1, at(0, true), eight(1));
    expect(reassembler.push(2, at(8, false, { identification: 8 }), eight(2))).toBeNull();
    expect(reassembler.push(3, at(8, false, { protocol: 6 }), eight(2))).toBeNull();
    expect(reassembler.push(4, at(8, false, { source: '10.0.0.3' }), eight(2))).toBeNull();
    expect(reassembler.push(5, at(8, false), eight(2))?.fragments).toEqual([1, 5]);
  });

  it('is told by its number alone in IPv6, where later fragments may name another header', () => {
    const six = { source: '::1', destination: '::2' };
    const reassembler = new IpReassembler();
    reassembler.push(1, at(8, false, { ...six, protocol: 60 }), eight(2));
    expect(reassembler.push(2, at(0, true, { ...six, protocol: 17 }), eight(1))).toMatchObject({ protocol: 17, fragments: [1, 2] });
  });
});

describe('what comes twice', () => {
  it('stays as it came first, and is told', () => {
    const reassembler = new IpReassembler();
    reassembler.push(1, at(0, true), eight(1));
    reassembler.push(2, at(0, true), eight(1));
    reassembler.push(3, at(0, true), eight(9));
    const whole = reassembler.push(4, at(8, false), eight(2));
    expect(whole?.complete).toEqual(Uint8Array.from([...eight(1), ...eight(2)]));
    expect(whole?.notes.map(({ number, overlap, conflict }) => [number, overlap, conflict])).toEqual([[1, false, false], [2, true, false], [3, true, true], [4, false, false]]);
  });

  it('may go past the end, or say that the end is elsewhere', () => {
    const reassembler = new IpReassembler();
    reassembler.push(1, at(8, false), eight(2));
    reassembler.push(2, at(8, false), bytes(2));
    reassembler.push(3, at(8, true), new Uint8Array(16).fill(2));
    const whole = reassembler.push(4, at(0, true), eight(1));
    expect(whole?.complete.length).toBe(16);
    expect(whole?.notes.map(({ number, multipleTails, tooLong }) => [number, multipleTails, tooLong])).toEqual([[4, false, false], [1, false, false], [2, true, false], [3, false, true]]);
  });

  it('begins a new datagram when the last one is whole', () => {
    const reassembler = new IpReassembler();
    for (const number of [1, 3]) {
      expect(reassembler.push(number, at(0, true), eight(number))).toBeNull();
      expect(reassembler.push(number + 1, at(8, false), eight(0))?.complete[0]).toBe(number);
    }
  });
});

describe('what is never whole', () => {
  it('is given up after a while, and counted', () => {
    const reassembler = new IpReassembler();
    reassembler.push(1, at(0, true), eight(1));
    expect(reassembler.push(FRAGMENT_LIMITS.age + 2, at(8, false), eight(2))).toBeNull();
    expect([reassembler.dropped, reassembler.waiting]).toEqual([1, 1]);
  });

  it('takes no more room than allowed, however much comes', () => {
    const reassembler = new IpReassembler();
    for (let number = 0; number < 5000; number++) reassembler.push(number, at(8, true, { identification: number }), eight(1));
    expect([reassembler.waiting, reassembler.dropped]).toEqual([FRAGMENT_LIMITS.datagrams, 5000 - FRAGMENT_LIMITS.datagrams]);
    expect(reassembler.push(6000, at(65_528, false, { identification: 1 }), new Uint8Array(100))).toBeNull();
    for (let number = 6001; number < 6300; number++) reassembler.push(number, at(8, true, { identification: 2 }), new Uint8Array(1400));
    expect(reassembler.waiting).toBeLessThanOrEqual(FRAGMENT_LIMITS.datagrams);
  });
});

it('any cut, in any order, gives the datagram back', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 9, maxLength: 400 }), fc.array(fc.integer({ min: 1, max: 48 }), { maxLength: 6 }), fc.infiniteStream(fc.nat()), (datagram, cuts, order) => {
    const ends = [...new Set(cuts.map((cut) => cut * 8).filter((cut) => cut < datagram.length)), datagram.length].sort((one, other) => one - other);
    const parts = ends.map((end, i) => ({ start: ends[i - 1] ?? 0, end, rank: order.next().value as number })).sort((one, other) => one.rank - other.rank);
    const reassembler = new IpReassembler();
    const answers = parts.map(({ start, end }, i) => reassembler.push(i, at(start, end < datagram.length), datagram.subarray(start, end)));
    expect(answers.slice(0, -1).every((answer) => answer === null)).toBe(true);
    expect(answers.at(-1)?.complete).toEqual(datagram);
    expect(answers.at(-1)?.notes.some(({ overlap }) => overlap)).toBe(false);
  }));
});
