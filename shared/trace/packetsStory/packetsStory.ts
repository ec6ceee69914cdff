// The story of packets alone, with no socket call: connections, datagrams and what they say, of a capture that somebody else made, on hosts made
// from its addresses. The packets become facts `packet.captured` of a trace like any other, so every view of a run shows them.

import { AppBuilder } from '../app/appBuilder';
import type { AppStory } from '../app/appStory';
import { EVIDENCE_CODE, KIND_CODE } from '../event';
import { StoryBuilder } from '../fold';
import { LIMITS, type TraceLimits } from '../limits';
import { TraceStore } from '../store';
import type { Story } from '../story';
import { TraceWriter } from '../writer';

export interface PacketTaken {
  /** Microseconds since any instant, the same for all: the story begins with the earliest. */
  readonly t: number;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** The frame, as far as it was kept; it is copied. */
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly size: number;
}

export interface PacketsStory {
  readonly trace: TraceStore;
  readonly story: Story;
  readonly app: AppStory;
  /** Packets that are in it: all, or as many as MOST_PACKETS allows. */
  readonly packets: number;
}

/** A stage or a ladder of more would not be read; the packet list is for them. */
export const MOST_PACKETS = 200_000;

/** These packets as facts of a trace, from the earliest on. `keys`: lines of the capture's key log, which open its TLS; they come first. */
export function traceOfPackets(packets: Iterable<PacketTaken>, limits: TraceLimits = LIMITS, keys: readonly string[] = []): TraceStore {
  const taken: PacketTaken[] = [];
  for (const packet of packets) if (taken.push(packet) >= MOST_PACKETS) break;
  // A file may have them out of order; those of one time stay as they are.
  taken.sort((one, other) => one.t - other.t);
  const trace = new TraceStore();
  const writer = new TraceWriter((batch) => trace.append(batch), limits);
  const origin = taken[0]?.t ?? 0;
  for (const line of keys) writer.write(0, KIND_CODE['key.logged'], 0, 0, 0, 0, 0, 0, 0, 0, 0, null, writer.once(line));
  for (const { t, linkType, bytes, size } of taken) {
    writer.write(t - origin, KIND_CODE['packet.captured'], 0, 0, linkType, 0, 0, 0, 0, 0, Math.max(size, bytes.length), bytes, 0, EVIDENCE_CODE.captured);
  }
  if (writer.pending) trace.append(writer.take());
  return trace;
}

/** Tells the story of these packets. Never throws for what they say: what is no TCP, UDP or port unreachable has no place in it. */
export function storyOfPackets(packets: Iterable<PacketTaken>, limits: TraceLimits = LIMITS): PacketsStory {
  const trace = traceOfPackets(packets, limits);
  const builder = new StoryBuilder(trace);
  const app = new AppBuilder(trace, builder.story);
  builder.advance();
  app.advance();
  return { trace, story: builder.story, app: app.app, packets: trace.count };
}
