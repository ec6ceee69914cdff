// The lab that measures distributions against the kernel: many connections that share capped links, and a tracker's datagrams among them.

import { describe, expect, it } from 'vitest';
import distribution from '../../../electron/labs/client-server-vs-p2p/lab';
import { captureProblem } from './capture';
import { judged, lateFacts } from './judged';

const problem = await captureProblem();

const SMALL = { size: 32, 'server-up': 512, 'receiver-up': 256, 'piece-size': '4' } as const;

const CASES = [
  { name: 'by the server', params: { ...SMALL, ways: 'server', receivers: '1, 3' }, connections: 4, datagrams: 0 },
  { name: 'by the server, narrow down-links', params: { ...SMALL, ways: 'server', receivers: '2', 'receiver-down': 128 }, connections: 2, datagrams: 0 },
  // A connection for each pair at the least, and for each peer: connect and announce, each with its answer.
  { name: 'by the swarm', params: { ...SMALL, ways: 'swarm', receivers: '3' }, connections: 6, datagrams: 16 },
  { name: 'by the swarm, mixed up-links', params: { ...SMALL, ways: 'swarm', receivers: '5', 'up-links': 'mixed' }, connections: 15, datagrams: 24 },
] as const;

describe.skipIf(problem !== null)(`the trace of distributions against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, params, connections, datagrams } of CASES) {
    it(`${name}: no difference`, async () => {
      const found = await judged(distribution, params);
      expect(found.differences).toEqual([]);
      expect(lateFacts(found.run)).toEqual([]);
      expect(found.connections).toBeGreaterThanOrEqual(connections);
      expect(found.datagrams).toBeGreaterThanOrEqual(datagrams);
    });
  }
});
