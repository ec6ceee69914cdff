// Which datagram sockets exchanged something, and to which ports datagrams went where no socket of ours is. UDP has no connection:
// a tie is only "a datagram went from here to there". Found once per version of the story.

import type { HostIx } from '../../../shared/base/brand';
import type { Endpoint } from '../../../shared/trace/event';
import type { Segment, Story } from '../../../shared/trace/story';

export interface DatagramTies {
  /** From the first datagram between the two on. */
  readonly pairs: readonly { readonly key: string; readonly a: string; readonly b: string; readonly firstMoment: number }[];
  readonly ports: readonly LoosePort[];
  /** Hosts that exchanged datagrams with each socket of ours. */
  readonly peers: ReadonlyMap<number, readonly HostIx[]>;
  /** The datagrams to each socket of ours: the moments before which they had not been sent and not been read (infinite: never). */
  readonly to: ReadonlyMap<number, readonly { readonly sent: number; readonly read: number; readonly size: number }[]>;
  /** Bytes of the largest datagram: the scale of the bars. */
  readonly largest: number;
}

/** A port at which no socket of ours is. */
interface LoosePort {
  readonly key: string;
  readonly host: HostIx;
  readonly at: Endpoint;
  readonly foreign: boolean;
  readonly firstMoment: number;
  readonly lastMoment: number;
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
  const ports = new Map<string, LoosePort>();
  const peers = new Map<number, Set<HostIx>>();
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
      if (!door.startsWith('p')) continue;
      const known = ports.get(door);
      ports.set(door, known === undefined ? { key: door, host, at, foreign: story.host(host)?.foreign ?? false, firstMoment, lastMoment: firstMoment } : { ...known, lastMoment: firstMoment });
    }
    meet(peers, segment.fromSock, segment.toHost);
    meet(peers, segment.toSock, segment.fromHost);
  }
  return { pairs: [...pairs.values()], ports: [...ports.values()], peers: new Map([...peers].map(([sock, hosts]) => [sock, [...hosts]])), to, largest };
}

function meet(peers: Map<number, Set<HostIx>>, sock: number | null, host: HostIx): void {
  if (sock !== null) peers.set(sock, (peers.get(sock) ?? new Set<HostIx>()).add(host));
}

/**
 * The ports that have a place at `position`. Ports of programs that are not ours share one as long as they follow each other, for nobody
 * tells when they are closed; whom another has replaced is written into `standIns`.
 */
export function currentPorts(ports: readonly LoosePort[], position: number, standIns: Map<string, string>): (LoosePort & { readonly place: string })[] {
  const shared: { readonly place: string; readonly host: HostIx; readonly ports: LoosePort[] }[] = [];
  for (const port of ports) {
    const free = port.foreign ? shared.find((one) => one.host === port.host && (one.ports.at(-1)?.foreign ?? false) && (one.ports.at(-1)?.lastMoment ?? 0) < port.firstMoment) : undefined;
    if (free === undefined) shared.push({ place: port.key, host: port.host, ports: [port] });
    else free.ports.push(port);
  }
  return shared.flatMap(({ place, ports: those }) => {
    const current = those.findLast((port) => port.firstMoment < position) ?? those[0];
    if (current === undefined) return [];
    for (const port of those) if (port !== current && port.firstMoment < position) standIns.set(port.key, current.key);
    return [{ ...current, place }];
  });
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
