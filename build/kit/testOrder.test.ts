// Every file has its place, whatever the lists are, and the long ones come first.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from './run';
import { evenly, LONG, longestFirst } from './testOrder';

describe('the order of test files', () => {
  it('spreads one list evenly among the other', () => {
    expect(evenly(['w1', 'w2'], ['c1', 'c2', 'c3', 'c4'])).toEqual(['w1', 'c1', 'c2', 'w2', 'c3', 'c4']);
    expect(evenly([], ['c1'])).toEqual(['c1']);
    expect(evenly(['w1'], [])).toEqual(['w1']);
  });

  it('puts the long ones first, and leaves the others where they are', () => {
    const files = ['/x/a.test.ts', '/x/electron/labs/course.test.ts', '/x/b.test.ts', '/x/tests/interop/nothingLeaves.test.ts'];
    expect(longestFirst(files, (file) => file)).toEqual(['/x/tests/interop/nothingLeaves.test.ts', '/x/electron/labs/course.test.ts', '/x/a.test.ts', '/x/b.test.ts']);
  });

  it('names no long file that there is not', () => {
    expect(LONG.filter((name) => !existsSync(join(REPOSITORY, `${name}.test.ts`)))).toEqual([]);
  });
});
