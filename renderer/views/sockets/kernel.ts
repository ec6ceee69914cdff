// What the kernel's socket table said of a socket by the time of the playhead: its state where it is another than ours, what lies in its
// queues, the timer that runs. Null where it said nothing. Pure; DoorCard.vue draws it.

import { kernelSample, lastSample, type KernelSample } from '../../../shared/trace/foldSamples';
import type { TraceStore } from '../../../shared/trace/store';
import type { SocketModel, SocketSnapshot, SocketState, Story } from '../../../shared/trace/story';

export interface KernelDoor {
  /** Bytes that wait to be confirmed by the peer; that wait for recv(). Of a listening socket `receive` counts connections. Null: not told. */
  readonly send: number | null;
  readonly receive: number | null;
  /** The most that either queue held in the run so far: the buffers' sizes are not told. */
  readonly most: number;
  /** Its state, where it is another than the one that follows from the calls; null: the same, or told before that one began. */
  readonly other: SocketState | null;
  readonly timer: KernelSample['timer'];
  /** µs until the timer fires, from the playhead's time. */
  readonly left: number;
}

/** Samples that are looked at for the scale: the newest. */
const SCALE = 500;

/** The playhead's time in µs; past the last moment the newest sample counts. */
export function timeOf(story: Story, position: number): number {
  if (position <= 0) return Number.NEGATIVE_INFINITY;
  return position >= story.moments.count ? Number.POSITIVE_INFINITY : story.momentTime(Math.floor(position) - 1);
}

export function kernelDoor(story: Story, trace: TraceStore, socket: SocketModel, snapshot: SocketSnapshot, t: number): KernelDoor | null {
  const samples = story.samplesOf(socket.id);
  const sample = lastSample(trace, samples, t);
  if (sample === null || sample.name === 'GONE') return null;
  let most = 1;
  for (let at = Math.max(0, samples.length - SCALE); at < samples.length; at++) {
    const { send, receive, t: then } = kernelSample(trace, samples.at(at));
    if (then <= t) most = Math.max(most, send ?? 0, receive ?? 0);
  }
  const since = socket.states.findLast((change) => change.t <= t)?.t ?? 0;
  const differs = socket.type === 'SOCK_STREAM' && sample.state !== null && sample.state !== snapshot.state && sample.t >= since;
  return { send: sample.send, receive: sample.receive, most, other: differs ? sample.state : null, timer: sample.timer, left: Math.max(0, sample.t + sample.left - (t === Number.POSITIVE_INFINITY ? sample.t : t)) };
}
