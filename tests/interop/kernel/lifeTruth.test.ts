// The life of a connection against the kernel: refusals, resets, time-outs, killed processes, half-open connections. What we say went over
// the wire, seen or inferred, is what the kernel carried: every SYN that nobody answered, every FIN and RST.

import { describe, expect, it } from 'vitest';
import life from '../../../electron/labs/connection-life/lab';
import type { Scenario } from '../../../electron/labs/connection-life/manifest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { captureProblem } from './capture';
import { judged, lateFacts } from './judged';

const problem = await captureProblem();

interface Case {
  readonly scenario: Scenario;
  readonly params?: ParameterValues;
  readonly connections: number;
  readonly bytes: number;
}

const CASES: readonly Case[] = [
  { scenario: 'orderly', connections: 1, bytes: 27 },
  { scenario: 'refused', connections: 2, bytes: 27 },
  { scenario: 'reset', connections: 3, bytes: 90 },
  { scenario: 'timeout-accept', params: { patience: 400 }, connections: 1, bytes: 18 },
  { scenario: 'timeout-backlog', params: { patience: 1300 }, connections: 3, bytes: 0 },
  { scenario: 'timeout-backlog', params: { patience: 400, backlog: 4 }, connections: 6, bytes: 0 },
  { scenario: 'killed', connections: 3, bytes: 128 },
  { scenario: 'half-open', params: { patience: 400 }, connections: 2, bytes: 20 },
  { scenario: 'time-wait', connections: 2, bytes: 36 },
];

describe.skipIf(problem !== null)(`the trace of connections' lives against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { scenario, params = {}, connections, bytes } of CASES) {
    it(`${scenario} ${JSON.stringify(params)}: no difference`, async () => {
      const found = await judged(life, { scenario, ...params });
      expect(found.differences).toEqual([]);
      expect(lateFacts(found.run)).toEqual([]);
      expect(found.connections).toBe(connections);
      expect(found.bytes).toBeGreaterThanOrEqual(bytes);
    });
  }

  it('a SYN that is dropped was really sent, and again', async () => {
    // The kernel sends it again after a second, and then after two (RFC 6298 2): patience for the first, however late it is.
    const found = await judged(life, { scenario: 'timeout-backlog', patience: 3000 });
    const last = found.run.story.connections.at(2).client.endpoint.port;
    const syns = found.packets.filter((packet) => packet.syn && packet.from.endsWith(`:${last}`));
    expect(syns.length).toBeGreaterThan(1);
    expect(found.packets.some((packet) => packet.to.endsWith(`:${last}`))).toBe(false);
  });
});
