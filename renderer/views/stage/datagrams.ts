// Which datagram sockets exchanged something, and to which ports datagrams went where no socket of ours is. UDP has no connection:
// a tie is only "a datagram went from here to there". Found once per version of the story.

import type { Endpoint } from '../../../shared/trace/event';
import type { Segment, Story } from '../../../shared/trace/story';

export interface DatagramTies {
  /** From the first datagram between the two on. */
  readonly pairs: readonly { readonly key: string; readonly a: string; readonly b: string; readonly firstMoment: number }[];
  readonly ports: readonly { readonly key: string; readonly host: number; readonly at: Endpoint; readonly foreign: boolean; readonly firstMoment: number }[];
  /** The datagrams to each socket of ours: the moments before which they had not been sent and not been read (infinite: never). */
  readonly to: ReadonlyMap<number, readonly { readonly sent: number; readonly read: number; readonly size: number }[]>;
  /** Bytes of the largest datagram: the scale of the bars. */
  readonly largest: number;
}

/** Segments looked at; a longer trace has shown its pairs by then. */
const LIMIT = 4000;

let last: { readonly story: Story; readonly version: number; readonly ties: DatagramTies } | null = null;

export function datagramTies(story: Story): DatagramTies {
  if (last !== null && last.story === story && last.version === story.version) return last.ties;
  const ties = find(story);
  last = { story, version: story.version, ties };
  return ties;
}

function find(story: Story): DatagramTies {
  const pairs = new Map<string, DatagramTies['pairs'][number]>();
  const ports = new Map<string, DatagramTies['ports'][number]>();
  const to = new Map<number, { readonly sent: number; readonly read: number; readonly size: number }[]>();
  let largest = 1;
  for (let id = 0; id < Math.min(LIMIT, story.segments.count); id++) {
    const segment = story.segments.at(id);
    if (segment.kind !== 'datagram') continue;
    largest = Math.max(largest, segment.size);
    const firstMoment = story.momentOfSegment(id);
    if (segment.toSock !== null && segment.fate !== 'lost') {
      const read = segment.receivedSeq === null ? Number.POSITIVE_INFINITY : story.momentOfFact(segment.receivedSeq);
      const known = to.get(segment.toSock) ?? [];
      known.push({ sent: firstMoment, read, size: segment.size });
      to.set(segment.toSock, known);
    }
    const a = endOf(segment, 'from');
    const b = endOf(segment, 'to');
    const key = a < b ? `u${a}-${b}` : `u${b}-${a}`;
    if (!pairs.has(key)) pairs.set(key, { key, a, b, firstMoment });
    for (const end of ['from', 'to'] as const) {
      const [door, host, at] = end === 'from' ? [a, segment.fromHost, segment.from] : [b, segment.toHost, segment.to];
      if (!door.startsWith('p') || ports.has(door)) continue;
      ports.set(door, { key: door, host, at, foreign: story.host(host)?.foreign ?? false, firstMoment });
    }
  }
  return { pairs: [...pairs.values()], ports: [...ports.values()], to, largest };
}

const endOf = (segment: Segment, end: 'from' | 'to'): string => {
  const sock = end === 'from' ? segment.fromSock : segment.toSock;
  if (sock !== null) return `s${sock}`;
  return end === 'from' ? `p${segment.fromHost}:${segment.from.port}` : `p${segment.toHost}:${segment.to.port}`;
};

/** Bytes of datagrams that wait in a socket when `position` moments have happened. */
export function waitingDatagrams(ties: DatagramTies, sock: number, position: number): number {
  let bytes = 0;
  for (const one of ties.to.get(sock) ?? []) if (one.sent < position && one.read >= position) bytes += one.size;
  return bytes;
}
