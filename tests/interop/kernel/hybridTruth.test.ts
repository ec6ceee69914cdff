// The hybrid lab against the kernel: a server and five programs that call one another, some of them killed, every connection judged.

import { describe, expect, it } from 'vitest';
import hybrid from '../../../electron/labs/hybrid/lab';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { captureProblem } from './capture';
import { judged, lateFacts } from './judged';

const problem = await captureProblem();

interface Case {
  readonly name: string;
  readonly params: ParameterValues;
  /** At least so many. */
  readonly connections: number;
}

const CASES: readonly Case[] = [
  { name: 'the chat', params: { scenario: 'chat' }, connections: 9 },
  { name: 'the chat, without address books', params: { scenario: 'chat', remember: false }, connections: 9 },
  { name: 'the directory dies', params: { scenario: 'directory-dies' }, connections: 9 },
  { name: 'the directory dies, without address books', params: { scenario: 'directory-dies', remember: false }, connections: 8 },
  { name: 'a stale entry', params: { scenario: 'stale', lifetime: 2 }, connections: 8 },
  { name: 'somebody moves', params: { scenario: 'moves' }, connections: 8 },
  { name: 'somebody leaves', params: { scenario: 'leave' }, connections: 8 },
  { name: 'a friend introduces', params: { scenario: 'introduce' }, connections: 10 },
];

describe.skipIf(problem !== null)(`the trace of the hybrid lab against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, params, connections } of CASES) {
    it(`${name}: no difference`, async () => {
      const found = await judged(hybrid, params);
      expect(found.differences).toEqual([]);
      expect(lateFacts(found.run)).toEqual([]);
      expect(found.connections).toBeGreaterThanOrEqual(connections);
    });
  }

  it('by hand: a directory that comes back, a crash, a leave: no difference', async () => {
    const found = await judged(hybrid, { scenario: 'directory-dies', lifetime: 2 }, async (run) => {
      await run.act('start-directory');
      await run.until(() => run.facts('role.noted', 'directory-2').filter((fact) => fact.text.includes('"registered"')).length === 4);
      await run.act('say', { who: 'dan', name: 'cho', text: 'There you are.' });
      await run.act('crash', { who: 'cho' });
      await run.act('leave', { who: 'ann' });
    });
    expect(found.differences).toEqual([]);
    expect(lateFacts(found.run)).toEqual([]);
  });
});
