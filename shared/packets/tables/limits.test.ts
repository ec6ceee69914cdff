import { describe, expect, it } from 'vitest';
import { largestRows, MOST_TABLE_ROWS } from './limits';

const same = (row: number): number => row;

describe('the rows of a table of conversations', () => {
  it('are all there while they are not too many', () => {
    const rows = Array.from({ length: MOST_TABLE_ROWS }, (_, at) => at);
    expect(largestRows(rows, same)).toBe(rows);
    expect(largestRows([], same)).toEqual([]);
  });

  it('are the largest of more, in the order in which they came', () => {
    const rows = Array.from({ length: MOST_TABLE_ROWS + 500 }, (_, at) => (at * 7919) % (MOST_TABLE_ROWS + 500));
    const kept = largestRows(rows, same);
    expect(kept).toHaveLength(MOST_TABLE_ROWS);
    expect(kept).toEqual(rows.filter((row) => row >= 500));
  });

  it('are the earlier of equal ones', () => {
    const rows = Array.from({ length: MOST_TABLE_ROWS + 3 }, (_, at) => at);
    expect(largestRows(rows, (row) => (row === 2 ? 9 : 5))).toEqual(rows.slice(0, MOST_TABLE_ROWS));
  });
});
