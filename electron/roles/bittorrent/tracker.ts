// A tracker as a role: HTTP and UDP on ports of its host, with one book for both. It sends no byte of a file: it only tells peers of each
// other, so a swarm that has met goes on without it.

import { createRandom } from '../../../shared/base/random';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { httpServer } from '../http/httpServer';
import { TrackerBook } from './trackerBook';
import { withFiles, type ServedFile } from './servedFiles';
import { toOtherMachines } from './trackerDoor';
import { trackerHandler } from './trackerHttp';
import { LONGEST, UdpTracker } from './trackerUdp';

export interface TrackerOptions {
  /** Null: it does not speak that. */
  readonly httpPort: number | null;
  readonly udpPort: number | null;
  /** Seconds between two announces of a peer. */
  readonly interval: number;
  /** Seconds after its last announce, then a peer is forgotten. Default: two intervals and a half. */
  readonly expiry?: number;
  /** Info hashes that it serves; left out: all that are announced. */
  readonly torrents?: readonly Uint8Array[];
  /** What it gives over HTTP beside its answers, by path: the .torrent. */
  readonly files?: ReadonlyMap<string, ServedFile>;
  /** Of the choice of peers that it tells. */
  readonly seed: number;
}

/** Serves until the role ends. Rejects with the system's error when it cannot listen (EADDRINUSE). */
export async function tracker(role: RoleContext, options: TrackerOptions): Promise<void> {
  const expiry = (options.expiry ?? options.interval * 2.5) * 1000;
  const book = new TrackerBook({
    torrents: options.torrents ?? null, expiry, random: createRandom(options.seed), reached: (peer) => role.doors?.outside('tcp', peer) ?? null,
    forgotten: (peer) => role.print(`${formatEndpoint(peer)} has not announced for ${expiry / 1000} s: forgotten`),
  });
  const now = (): number => performance.now();
  // A peer that crashed says nothing any more: the tracker notices by the clock only.
  const sweep = setInterval(() => book.expire(now()), Math.max(50, Math.min(1000, expiry / 4)));
  try {
    const { httpPort, udpPort, interval } = options;
    const both = httpPort !== null && udpPort !== null ? together(role) : role;
    const servers: Promise<void>[] = [];
    if (udpPort !== null) servers.push(serveUdp(both, udpPort, new UdpTracker(book, interval, role.doors), now));
    // Clients come seldom: each announce is a connection of its own.
    if (httpPort !== null) {
      const handler = withFiles(options.files ?? new Map(), trackerHandler(book, interval, now, role.doors));
      servers.push(httpServer(both, { port: httpPort, handler: toOtherMachines(role.doors, { address: role.host.address, port: httpPort }, handler), keepAlive: 0 }));
    }
    await Promise.all(servers);
  } finally {
    clearInterval(sweep);
  }
}

/** Says that it listens when both ports do. */
function together(role: RoleContext): RoleContext {
  const first: Parameters<RoleContext['listening']>[0][] = [];
  return {
    ...role,
    listening(endpoint) {
      first.push(endpoint);
      if (first.length === 2) for (const each of first) role.listening(each);
    },
  };
}

async function serveUdp(role: RoleContext, port: number, udp: UdpTracker, now: () => number): Promise<void> {
  const socket = await role.host.dgram.bind(port);
  role.listening({ protocol: 'udp', address: role.host.address, port: socket.local?.port ?? port });
  role.signal.addEventListener('abort', () => socket.close(), { once: true });
  while (!role.signal.aborted) {
    // Rejects when the role ends and its socket is closed.
    const datagram = await socket.recvFrom(LONGEST).catch((error: unknown) => {
      if (!role.signal.aborted) throw error;
      return null;
    });
    const answer = datagram === null ? null : udp.answer(datagram.bytes, datagram.from, now());
    if (datagram === null || answer === null) continue;
    // An answer that cannot go is lost like any datagram.
    await socket.sendTo(answer, datagram.from).catch((error: unknown) => {
      if (!role.signal.aborted) role.print(`${formatEndpoint(datagram.from)} ${sayError(error)}`);
    });
  }
}
