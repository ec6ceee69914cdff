// The picture is the kernel's truth: each lab runs while tcpdump records lo; payload bytes, order and stream offsets of our trace must
// equal the kernel's, and each inferred SYN, FIN and RST must be one that the kernel sent. Only the right to capture may be missing.

import { describe, expect, it } from 'vitest';
import { StoryBuilder } from '../../../shared/trace/fold';
import { TraceStore } from '../../../shared/trace/store';
import type { ParameterValues } from '../../../shared/lab/manifest';
import daytime from '../../../electron/labs/daytime/lab';
import echo from '../../../electron/labs/tcp-echo/lab';
import uppercase from '../../../electron/labs/udp-uppercase/lab';
import type { Lab } from '../../../electron/roles/lab';
import { Engine, type LabState } from '../../../electron/runtime/engine';
import { captureProblem, withCapture } from './capture';
import { compareWithKernel, type Comparison } from './compare';

const problem = await captureProblem();

/** Runs the lab to its end and stops it, with the kernel watching its hosts. */
async function judged(lab: Lab, params: ParameterValues): Promise<Comparison & { readonly facts: number }> {
  const trace = new TraceStore();
  const filter = lab.manifest.hosts.map((host) => `host ${host.address}`).join(' or ');
  const { packets } = await withCapture(`(${filter}) or net 127.0.10.0/24`, async () => {
    let changed: () => void = () => undefined;
    let state: LabState['state'] = 'starting';
    const engine = new Engine([{ lab, lessons: new Map() }], {
      onBatch: (_run, batch) => trace.append(batch),
      onState: (now) => {
        state = now.state;
        changed();
      },
    });
    const { run } = await engine.start(lab.manifest.id, params);
    await new Promise<void>((resolve) => {
      changed = () => (state === 'open' || state === 'failed' ? resolve() : undefined);
      changed();
    });
    await engine.stop(run);
    await engine.dispose();
  });
  const builder = new StoryBuilder(trace);
  builder.advance();
  return { ...compareWithKernel(trace, builder.story, packets), facts: trace.count };
}

const CASES: readonly { readonly name: string; readonly lab: Lab; readonly params: ParameterValues; readonly connections: number; readonly datagrams: number }[] = [
  { name: 'daytime', lab: daytime, params: {}, connections: 1, datagrams: 0 },
  { name: 'daytime, five clients', lab: daytime, params: { clients: 5 }, connections: 5, datagrams: 0 },
  { name: 'daytime, nobody listening', lab: daytime, params: { server: 'none' }, connections: 1, datagrams: 0 },
  { name: 'udp-uppercase', lab: uppercase, params: {}, connections: 0, datagrams: 2 },
  ...(['closes-early', 'half-closes', 'line-by-line', 'two-threads', 'multiplexed'] as const).map((client) => ({ name: `tcp-echo, ${client}`, lab: echo, params: { client }, connections: 1, datagrams: 0 })),
  { name: 'tcp-echo, twelve clients that half-close', lab: echo, params: { client: 'half-closes', clients: 12, lines: 20, delay: 0 }, connections: 12, datagrams: 0 },
  { name: 'tcp-echo, eight clients that close early', lab: echo, params: { client: 'closes-early', clients: 8, delay: 2 }, connections: 8, datagrams: 0 },
  { name: 'tcp-echo, server killed', lab: echo, params: { client: 'line-by-line', server: 'killed' }, connections: 1, datagrams: 0 },
];

describe.skipIf(problem !== null)(`the trace against the kernel${problem === null ? '' : ` (not run: ${problem})`}`, () => {
  for (const { name, lab, params, connections, datagrams } of CASES) {
    it(`${name}: no difference`, async () => {
      const found = await judged(lab, params);
      expect(found.differences).toEqual([]);
      expect(found.connections).toBe(connections);
      expect(found.datagrams).toBeGreaterThanOrEqual(datagrams);
      expect(found.facts).toBeGreaterThan(5);
    });
  }
});
