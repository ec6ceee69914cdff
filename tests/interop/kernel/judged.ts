// A lab's run before its judge: the lab plays to its end and is stopped, while tcpdump records what the kernel carries between its hosts.

import { LabTest, local } from '../../../electron/labs/run.fixture';
import type { Lab } from '../../../electron/roles/lab';
import type { ParameterValues } from '../../../shared/lab/manifest';
import { captureProblem, withCapture, type KernelPacket, type Reads } from './capture';
import { compareWithKernel, type Comparison } from './compare';
import { connectionsOver } from './connectionsOver';

export interface Judged extends Comparison {
  readonly run: LabTest;
  readonly packets: readonly KernelPacket[];
  readonly facts: number;
}

/** `act`: what is done by hand once the script is over, before the run is stopped. `options.capture`: the run records packets itself as well. */
export async function judged(lab: Lab, params: ParameterValues, act: (run: LabTest) => Promise<void> = () => Promise.resolve(), reads: Reads = 'whole', options: { readonly capture?: boolean } = {}): Promise<Judged> {
  const { result: run, packets } = await withCapture(hostsOf(lab), async () => {
    const played = await LabTest.play(lab, params, options);
    await act(played);
    await played.stop();
    await connectionsOver();
    return played;
  }, reads);
  return { ...compareWithKernel(run.store, run.story, packets), run, packets, facts: run.store.count };
}

/**
 * The lab's servers only, for programs from outside: `use` has them talk. The kernel watches where
 * this user may capture; elsewhere the differences are empty.
 */
export async function served(lab: Lab, params: ParameterValues, use: (run: LabTest) => Promise<void>, reads: Reads = 'whole'): Promise<Judged> {
  const talk = async (): Promise<LabTest> => {
    const run = await LabTest.serve(lab, params);
    await use(run);
    await run.stop();
    await connectionsOver();
    return run;
  };
  if ((await captureProblem()) !== null) return { differences: [], connections: 0, datagrams: 0, bytes: 0, packets: [], run: await talk(), facts: 0 };
  const { result: run, packets } = await withCapture(hostsOf(lab), talk, reads);
  return { ...compareWithKernel(run.store, run.story, packets), run, packets, facts: run.store.count };
}

/** What the trace has of programs that had ended, but for the closing of what they left open: a dead program does nothing. */
export function lateFacts(run: LabTest): readonly string[] {
  const gone = new Set<number>();
  const late: string[] = [];
  for (let seq = 0; seq < run.store.count; seq++) {
    const fact = run.store.at(seq);
    if (gone.has(fact.role) && fact.kind !== 'socket.closed') late.push(`${fact.seq} ${fact.kind} ${fact.err}`);
    if (fact.kind === 'role.ended') gone.add(fact.role);
  }
  return late;
}

/** Until no program of ours holds a connection any more. */
export const allClosed = (run: LabTest): Promise<void> => run.until(() => run.facts('connection.accepted').length + run.facts('connect.ended').length <= run.facts('socket.closed').length);

/** Until no connect() is under way: what becomes of it when the run is stopped, nobody is told. One whose program was killed is over. */
export const allConnected = (run: LabTest): Promise<void> =>
  run.until(() => {
    const over = new Set([...run.facts('connect.ended'), ...run.facts('socket.closed')].map(({ sock }) => sock));
    return run.facts('connect.started').every(({ sock }) => over.has(sock));
  });

/** A filter of tcpdump: whatever goes from or to a host of the lab; for a family its network, since hundreds of addresses would make it slow. */
export const hostsOf = (lab: Lab): string =>
  [...new Set(lab.manifest.hosts.map(({ address, count }) => (count === undefined ? `host ${local(address)}` : `net ${local(address).replace(/\.\d+$/, '.0/24')}`)))].join(' or ');
