// The table of sockets that a host's kernel has at some instant, as far as our programs tell: what listens, what is connected, what is
// bound for datagrams, and connections that wait for accept(). Derived from the story; lookup.ts finds a segment's place in it.

import type { HostIx, RoleIx, SockId } from '../../base/brand';
import type { Endpoint } from '../event';
import type { SocketModel, SocketState, Story } from '../story';

export interface Door {
  readonly key: string;
  readonly transport: 'tcp' | 'udp';
  /** 'queued': connected by the kernel, and no accept() has taken it yet; `sock` is then that of the listening socket. */
  readonly kind: 'listening' | 'connected' | 'queued' | 'datagram';
  readonly sock: SockId;
  readonly role: RoleIx;
  readonly local: Endpoint;
  /** Null: from anywhere. */
  readonly remote: Endpoint | null;
  readonly state: SocketState;
  /** False: its program has closed it, the kernel still keeps it. */
  readonly open: boolean;
}

const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);
export const isAny = (address: string): boolean => ANY.has(address);

/** What the kernel of `host` has in its table at time `t`, ordered as people read it: by transport, local port, and what listens first. */
export function doorsAt(story: Story, host: HostIx, t: number): readonly Door[] {
  const doors: Door[] = [];
  for (let index = 0; index < story.sockets.count; index++) {
    const socket = story.sockets.at(index);
    if (socket.host !== host || socket.family === 'AF_UNIX' || socket.openedAt > t) continue;
    const door = doorOf(socket, t);
    if (door !== null) doors.push(door);
  }
  doors.push(...queued(story, host, t, doors));
  return doors.sort((a, b) => rank(a) - rank(b) || (a.remote?.address ?? '').localeCompare(b.remote?.address ?? '') || (a.remote?.port ?? 0) - (b.remote?.port ?? 0));
}

const ORDER = { listening: 0, datagram: 0, queued: 1, connected: 2 } as const;
const rank = (door: Door): number => (door.transport === 'tcp' ? 0 : 1_000_000) + door.local.port * 4 + ORDER[door.kind];

function doorOf(socket: SocketModel, t: number): Door | null {
  const { local, type } = socket;
  const state = socket.states.findLast((change) => change.t <= t)?.state ?? 'CLOSED';
  if (local === null || local.port === 0 || state === 'CLOSED' || state === 'OPEN') return null;
  const datagram = type === 'SOCK_DGRAM';
  const open = socket.closedAt === null || socket.closedAt > t;
  const listening = socket.purpose === 'listening';
  return {
    key: `s${socket.id}`, transport: datagram ? 'udp' : 'tcp', kind: datagram ? 'datagram' : listening ? 'listening' : 'connected',
    sock: socket.id, role: socket.role, local, remote: listening ? null : socket.remote, state, open,
  };
}

/** Connections whose client knows that they are open, while nobody has accepted them. */
function queued(story: Story, host: HostIx, t: number, doors: readonly Door[]): Door[] {
  const found: Door[] = [];
  for (let index = 0; index < story.connections.count; index++) {
    const conn = story.connections.at(index);
    if (conn.server.host !== host || conn.client.sock === null || (conn.endedAt !== null && conn.endedAt <= t)) continue;
    const accepted = conn.server.sock === null ? null : story.socket(conn.server.sock);
    const client = story.socket(conn.client.sock);
    if ((accepted !== null && accepted.openedAt <= t) || client?.states.findLast((change) => change.t <= t)?.state !== 'ESTABLISHED') continue;
    const listener = doors.find((door) => door.kind === 'listening' && door.local.port === conn.server.endpoint.port && (isAny(door.local.address) || door.local.address === conn.server.endpoint.address));
    if (listener === undefined) continue;
    found.push({ key: `q${conn.id}`, transport: 'tcp', kind: 'queued', sock: listener.sock, role: listener.role, local: conn.server.endpoint, remote: conn.client.endpoint, state: 'ESTABLISHED', open: true });
  }
  return found;
}
