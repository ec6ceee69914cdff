import { describe, expect, it } from 'vitest';
import { Memo } from './memo';

describe('a memo', () => {
  it('makes each once, until it is full and forgets them all', () => {
    const memo = new Memo<number, string>(2);
    const made: number[] = [];
    const of = (key: number): string => memo.of(key, (one) => {
      made.push(one);
      return `number ${one}`;
    });
    expect([1, 2, 1, 2].map(of)).toEqual(['number 1', 'number 2', 'number 1', 'number 2']);
    expect(made).toEqual([1, 2]);
    expect([3, 1, 3].map(of)).toEqual(['number 3', 'number 1', 'number 3']);
    expect(made).toEqual([1, 2, 3, 1]);
  });
});
