// What the kernel's socket table says of an end of a connection at a time of the trace, beside what follows from its calls: observed, but
// only as it was when the table was read. Between two readings a timer is counted on. Pure.

import type { SockId } from '../../../shared/base/brand';
import { kernelSample, lastSample, type KernelSample } from '../../../shared/trace/foldSamples';
import type { TraceStore } from '../../../shared/trace/store';
import type { ConnectionModel, KernelSocket, NumberList, Story } from '../../../shared/trace/story';
import { nodeOf, type NodeId } from './diagram';
import type { History, Side } from './history';

export interface KernelWord {
  readonly sample: KernelSample;
  /** The node that shows it; END once the table has it no more. */
  readonly node: NodeId;
  /** µs since the table was read. */
  readonly age: number;
  /** µs until its timer fires, counted on from the sample; null: none runs. */
  readonly left: number | null;
  /** Something has changed its inferred state since: it says how the socket was. */
  readonly stale: boolean;
  /** It says another state than the calls let one think. */
  readonly differs: boolean;
}

/** Rows of the kernel's table that are looked through, from the end, for an end whose socket no program of ours has. */
const LOOK_BACK = 4096;

/** Samples of the end of that side. */
export function samplesAt(story: Story, conn: ConnectionModel, { side, sock }: Pick<History, 'side' | 'sock'>): NumberList | null {
  const own = sock === null ? null : samplesOf(story, sock);
  if (own !== null || side === 'listener') return own;
  const [local, remote] = side === 'client' ? [conn.client.endpoint, conn.server.endpoint] : [conn.server.endpoint, conn.client.endpoint];
  const { kernel } = story;
  for (let n = kernel.count - 1; n >= Math.max(kernel.count - LOOK_BACK, 0); n--) {
    const row = kernel.at(n);
    if (same(row.local, local) && same(row.remote, remote)) return row.samples;
  }
  return null;
}

function samplesOf(story: Story, sock: SockId): NumberList | null {
  const samples = story.samplesOf(sock);
  return samples.length === 0 ? null : samples;
}

const same = (one: KernelSocket['local'], other: { readonly address: string; readonly port: number }): boolean => one?.address === other.address && one.port === other.port;

/** `at`: the node where its token stands at `now`, in µs. Null: the table has not been read, or has never had it. */
export function kernelWord(trace: TraceStore, samples: NumberList | null, history: History, at: NodeId, now: number): KernelWord | null {
  const sample = samples === null ? null : lastSample(trace, samples, now);
  if (sample === null) return null;
  const node = sample.state === null ? 'END' : nodeOf(sample.state, history.steps.some((step) => step.t <= sample.t && step.to !== 'SYN_SENT'));
  const stale = history.steps.some((step) => step.t > sample.t && step.t <= now);
  const age = now - sample.t;
  // Other timers have run out in between and begun anew: how long those still take was not read.
  const runs = sample.timer !== null && (sample.timer === 'timeWait' || sample.left > age);
  return { sample, node, age, left: runs ? Math.max(sample.left - age, 0) : null, stale, differs: !stale && node !== at && history.side !== 'listener' };
}

/** The time of the last sample of these; -Infinity without. When nothing happens any more, the table still tells: TIME_WAIT runs out. */
export function lastTime(trace: TraceStore, all: readonly (NumberList | null)[]): number {
  return all.reduce((last, samples) => Math.max(last, samples === null || samples.length === 0 ? Number.NEGATIVE_INFINITY : kernelSample(trace, samples.at(samples.length - 1)).t), Number.NEGATIVE_INFINITY);
}

/** Connections in a listening socket's queue, as the kernel counts them; null when it has not been asked. */
export const queueOf = (word: KernelWord | null): number | null => (word?.sample.state === 'LISTEN' ? word.sample.receive : null);

export type Words = ReadonlyMap<Side, KernelWord>;
