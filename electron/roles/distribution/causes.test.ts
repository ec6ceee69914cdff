import { describe, expect, it } from 'vitest';
import { explain, idleTimes, type Accounts, type IdleCause, type Track } from './causes';

/** Looks every 10 ms at a link of 1000 bytes a second (10 bytes a look); `steps`: what passed until each look, and why it would be idle. */
function track(steps: readonly (readonly [number, IdleCause])[], cap = 1000): Track {
  const [times, passed, idle]: [number[], number[], IdleCause[]] = [[0], [0], []];
  let sum = 0;
  for (const [index, [bytes, cause]] of steps.entries()) {
    idle.push(cause);
    sum += bytes;
    times.push((index + 1) * 10);
    passed.push(sum);
  }
  return { cap, times, passed, idle: [...idle, 'machine'] };
}
const lost = (of: Track): Record<string, number> => Object.fromEntries(idleTimes(of));

describe('idle times of a link', () => {
  it('are none when it gives all the time', () => {
    expect(lost(track([[10, 'choking'], [10, 'choking'], [10, 'choking']]))).toEqual({});
  });

  it('go to what was so at the time', () => {
    expect(lost(track([[0, 'start-up'], [10, 'start-up'], [0, 'choking'], [0, 'choking'], [10, 'machine'], [0, 'last-piece']]))).toEqual({ 'start-up': 10, choking: 20, 'last-piece': 10 });
  });

  it('are not what a bucket needs to fill for a longer turn', () => {
    // Three looks without a byte, then a turn of all three and its own: busy all the time.
    expect(lost(track([[0, 'choking'], [0, 'choking'], [0, 'choking'], [40, 'machine']]))).toEqual({});
    // Saved up while there was nothing to give, then given at once: late, but not lost, and the rest of the time is.
    expect(lost(track([[0, 'start-up'], [0, 'start-up'], [20, 'machine'], [10, 'machine']]))).toEqual({ 'start-up': 10 });
  });

  it('always make up the time that the bytes did not take', () => {
    const each = track([[3, 'start-up'], [0, 'choking'], [25, 'machine'], [1, 'last-piece'], [0, 'last-piece'], [7, 'machine']]);
    const sum = [...idleTimes(each).values()].reduce((all, ms) => all + ms, 0);
    expect(sum).toBeCloseTo(60 - 36, 9);
  });
});

describe('why a run took longer than the formula', () => {
  const given = (of: Partial<Accounts> & Pick<Accounts, 'tracks'>): Accounts => ({ bottleneck: 'all-up', needed: 60, payload: 60, took: 60, formula: 30, ...of });
  const causes = (accounts: Accounts): Record<string, number> => Object.fromEntries(explain(accounts).map(({ cause, ms }) => [cause, ms]));

  it('adds up: idle links by their share of the capacity, bytes of the protocol, blocks that came twice, and the rest', () => {
    // Two links of 1000 B/s. 60 bytes of the file had to pass: 30 ms. One link began 20 ms late, the other had nothing more for 10 ms.
    const first = track([[0, 'start-up'], [0, 'start-up'], [10, 'machine'], [10, 'machine'], [10, 'machine'], [10, 'machine']]);
    const second = track([[10, 'machine'], [10, 'machine'], [10, 'machine'], [10, 'machine'], [10, 'machine'], [0, 'last-piece']]);
    const found = causes(given({ tracks: [first, second], payload: 76 }));
    // 90 bytes passed, 76 of the file, 16 of them for nothing.
    expect(found).toEqual({ 'start-up': 10, 'last-piece': 5 + 8, overhead: 7 });
    expect(Object.values(found).reduce((sum, ms) => sum + ms, 0)).toBe(30);
  });

  it('gives what no rule names to the machine', () => {
    const late = track([[0, 'machine'], [10, 'machine'], [0, 'machine'], [10, 'machine'], [10, 'machine'], [0, 'machine']]);
    expect(causes(given({ tracks: [late], needed: 30, payload: 30 }))).toEqual({ machine: 30 });
    // What a seed gives a second time is nobody's end game.
    expect(causes(given({ bottleneck: 'server-up', tracks: [track(Array.from({ length: 6 }, () => [10, 'machine'] as const))], needed: 30, payload: 60 }))).toEqual({ machine: 30 });
  });

  it('never explains more than there is, and nothing when there is nothing', () => {
    const idle = track([[0, 'start-up'], [0, 'choking'], [0, 'choking'], [0, 'choking'], [0, 'choking'], [0, 'choking']]);
    expect(causes(given({ tracks: [idle], formula: 45 }))).toEqual({ 'start-up': 10, choking: 5 });
    expect(explain(given({ tracks: [idle], formula: 61 }))).toEqual([]);
    expect(explain(given({ tracks: [], formula: 10 }))).toEqual([{ cause: 'machine', ms: 50 }]);
  });
});
