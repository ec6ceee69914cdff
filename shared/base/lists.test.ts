import { describe, expect, it } from 'vitest';
import { F64List, I32List, U32List, lowerBound, upperBound } from './lists';

describe('growable lists', () => {
  it.each([new F64List(), new U32List(), new I32List()])('keep what is pushed, whatever they grow to', (list) => {
    for (let n = 0; n < 1000; n++) list.push(n * 3);
    expect(list.length).toBe(1000);
    expect([list.at(0), list.at(1), list.at(999)]).toEqual([0, 3, 2997]);
  });

  it.each([new F64List(), new U32List(), new I32List()])('insert before an element, also when full', (list) => {
    for (let n = 0; n < 8; n++) list.push(n);
    list.insert(3, 77);
    list.insert(9, 99);
    list.insert(0, 55);
    expect(Array.from({ length: list.length }, (_, n) => list.at(n))).toEqual([55, 0, 1, 2, 77, 3, 4, 5, 6, 7, 99]);
  });

  it('keep the values that their type can hold', () => {
    const f64 = new F64List();
    f64.push(0.25);
    const u32 = new U32List();
    u32.push(0xffff_ffff);
    const i32 = new I32List();
    i32.push(-1);
    expect([f64.at(0), u32.at(0), i32.at(0)]).toEqual([0.25, 0xffff_ffff, -1]);
  });

  it('refuse an index outside', () => {
    const list = new U32List();
    list.push(1);
    expect(() => list.at(1)).toThrow(RangeError);
    expect(() => list.at(-1)).toThrow(RangeError);
    expect(() => list.set(1, 0)).toThrow(RangeError);
  });

  it('are searched by bounds', () => {
    const list = new U32List();
    for (const value of [2, 4, 4, 8]) list.push(value);
    expect([1, 2, 3, 4, 5, 9].map((value) => lowerBound(list, value))).toEqual([0, 0, 1, 1, 3, 4]);
    expect([1, 2, 3, 4, 5, 9].map((value) => upperBound(list, value))).toEqual([0, 1, 1, 3, 3, 4]);
  });
});
