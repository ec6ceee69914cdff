// The swarm lab against the kernel: what truth.test.ts holds the first labs to, with many connections at once, capped links, peers that are
// killed in the middle of a block, and troublemakers that do not read.

import { describe, expect, it } from 'vitest';
import swarm from '../../../electron/labs/p2p-swarm/lab';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { captureProblem } from './capture';
import { allConnected, judged, lateFacts } from './judged';

const problem = await captureProblem();

interface Case {
  readonly name: string;
  readonly params: ParameterValues;
  /** At least so many. */
  readonly connections: number;
  readonly datagrams: number;
}

const QUICK: ParameterValues = { up: 400, 'choke-interval': 300, interval: 30 };

const CASES: readonly Case[] = [
  { name: 'A, B and C', params: { scenario: 'abc', up: 64 }, connections: 6, datagrams: 0 },
  { name: 'A, B and C, a tracker over UDP', params: { scenario: 'abc', up: 64, tracker: 'udp' }, connections: 3, datagrams: 12 },
  { name: 'a swarm', params: QUICK, connections: 15, datagrams: 0 },
  { name: 'a swarm, a tracker over UDP', params: { ...QUICK, tracker: 'udp' }, connections: 10, datagrams: 20 },
  { name: 'a swarm of twelve, without caps', params: { ...QUICK, peers: 12, up: 0, pieces: 20, 'piece-size': 40 }, connections: 60, datagrams: 0 },
  { name: 'a swarm, down-links capped too', params: { ...QUICK, down: 200 }, connections: 15, datagrams: 0 },
  { name: 'the seeder leaves early', params: { ...QUICK, scenario: 'seeder-leaves', leaves: 'early' }, connections: 15, datagrams: 0 },
  { name: 'one crashes', params: { ...QUICK, scenario: 'crash', up: 100, interval: 1 }, connections: 15, datagrams: 0 },
  { name: 'coming and going', params: { ...QUICK, scenario: 'churn', churn: 4, peers: 8 }, connections: 15, datagrams: 0 },
  ...['bad-hash', 'bad-block', 'long-message', 'flood-blocks', 'flood-requests', 'flood-messages', 'garbage', 'silent'].map((hostility) => ({ name: `a troublemaker: ${hostility}`, params: { ...QUICK, scenario: 'hostile', hostility }, connections: 15, datagrams: 0 })),
];

describe.skipIf(problem !== null)(`the trace of the swarm against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  it.each(CASES)('$name: no difference', async ({ params, connections, datagrams }) => {
    const found = await judged(swarm, params, allConnected);
    expect(found.differences).toEqual([]);
    expect(lateFacts(found.run)).toEqual([]);
    expect(found.connections).toBeGreaterThanOrEqual(connections);
    expect(found.datagrams).toBeGreaterThanOrEqual(datagrams);
    expect(found.facts).toBeGreaterThan(200);
  }, 120_000);
});
