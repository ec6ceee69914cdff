// The lab of the single point of failure against the kernel: servers and balancers are killed, hang, reset and are drained in mid-run, and
// what we say went over the wire is what the kernel saw: every FIN and RST too.

import { describe, expect, it } from 'vitest';
import type { ParameterValues } from '../../../shared/lab/manifest';
import failure from '../../../electron/labs/single-point-of-failure/lab';
import { captureProblem } from './capture';
import { allConnected, judged, lateFacts } from './judged';

const problem = await captureProblem();

interface Case {
  readonly name: string;
  readonly params: ParameterValues;
  /** At least so many. */
  readonly connections: number;
}

const QUICK: ParameterValues = { duration: 900, 'blow-at': 250, 'restart-after': 350, clients: 3, think: 40, 'service-time': 20, 'time-out': 250, 'check-interval': 100 };

const kept = [false, true].map((keepAlive) => ({ keepAlive, how: keepAlive ? ', connections kept' : '' }));

const CASES: readonly Case[] = [
  ...kept.flatMap(({ keepAlive, how }) => [
    ...['none', 'kill-server', 'hang-server', 'reset-server'].map((blow) => ({ name: `one server, ${blow}${how}`, params: { blow, 'keep-alive': keepAlive }, connections: 3 })),
    ...['kill-server', 'kill-balancer', 'hang-server', 'reset-server', 'drain'].map((blow) => ({ name: `two servers, ${blow}${how}`, params: { architecture: 'two-servers', blow, 'keep-alive': keepAlive }, connections: 6 })),
    { name: `two balancers, kill-balancer${how}`, params: { architecture: 'two-balancers', blow: 'kill-balancer', 'keep-alive': keepAlive }, connections: 9 },
    { name: `overload, until clients give up${how}`, params: { architecture: 'overload', blow: 'none', clients: 10, 'service-time': 60, 'keep-alive': keepAlive }, connections: 10 },
  ]),
  { name: 'three servers, least connections', params: { architecture: 'three-servers', algorithm: 'least-connections', blow: 'kill-server' }, connections: 9 },
  { name: 'swarm, the seeder dies', params: { architecture: 'swarm', blow: 'kill-server', duration: 4000, clients: 3 }, connections: 4 },
];

describe.skipIf(problem !== null)(`the trace of failures against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, params, connections } of CASES) {
    it(`${name}: no difference`, async () => {
      const found = await judged(failure, { ...QUICK, ...params }, allConnected);
      expect(found.differences).toEqual([]);
      expect(lateFacts(found.run)).toEqual([]);
      expect(found.connections).toBeGreaterThanOrEqual(connections);
      expect(found.bytes).toBeGreaterThan(1000);
    });
  }
});
