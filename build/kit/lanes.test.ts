// Every end-to-end file is in one lane, and none in both.
import { describe, expect, it } from 'vitest';
import { lanesFrom, lanesOf } from './lanes';

describe('the lanes of end-to-end tests', () => {
  it('have each file once; what is new is in the first', () => {
    expect(lanesFrom(['a.e2e.ts', 'b.e2e.ts', 'new.e2e.ts'], ['b'])).toEqual([['a.e2e.ts', 'new.e2e.ts'], ['b.e2e.ts']]);
    expect(() => lanesFrom(['a.e2e.ts'], ['gone'])).toThrow('gone.e2e.ts');
  });

  it('are two of our files, where a network may be made, and one of the packaging test', async () => {
    const lanes = await lanesOf('e2e');
    expect(lanes.map(({ prefix }) => prefix.length > 0)).toEqual(lanes.length === 1 ? [false] : [false, true]);
    if (lanes.length === 2) for (const { files } of lanes) expect(files.length).toBeGreaterThan(0);
    expect(await lanesOf('packaging')).toEqual([{ prefix: [], files: [] }]);
  });
});
