// What is known of each descriptor of a role at the playhead: addresses, options, state, buffers, and at a listening socket who waits in
// its queue. Null stands for what nobody but the kernel knows. Pure; DoorCard.vue draws it.

import type { Endpoint } from '../../../shared/trace/event';
import type { TraceStore } from '../../../shared/trace/store';
import type { RoleCalls } from '../../../shared/trace/spell/roleCalls';
import type { RoleModel, Snapshot, SocketModel, SocketSnapshot, Story } from '../../../shared/trace/story';

import { kernelDoor, type KernelDoor } from './kernel';

/** A bar is never scaled to more than this, in bytes. */
const BAR_LIMIT = 256 * 1024;
/** Segments that are looked at for waiting datagrams: the newest. */
const SEGMENTS = 4000;

export interface Buffer {
  /** Bytes; null: not known without the kernel. */
  readonly bytes: number | null;
  /** Bytes that fill the bar. */
  readonly full: number;
  /** The kernel's own figure. */
  readonly told?: true;
}

export interface DoorFacts {
  readonly socket: SocketModel;
  readonly snapshot: SocketSnapshot;
  /** Its variable in the code. */
  readonly name: string;
  readonly local: Endpoint | null;
  readonly remote: Endpoint | null;
  readonly options: readonly { readonly text: string; readonly inferred: boolean }[];
  /** The listening socket that accept() made it from. */
  readonly acceptedBy: { readonly name: string; readonly fd: number } | null;
  /** Bytes that it can read; bytes that it sent and its peer has not read. Null for a socket that has no such buffer. */
  readonly toRead: Buffer | null;
  readonly unreadByPeer: Buffer | null;
  /** Datagrams that wait to be read; null for stream sockets. */
  readonly datagrams: number | null;
  /** Connections that the kernel has opened and accept() has not returned, by their clients; null for other sockets. */
  readonly queue: readonly Endpoint[] | null;
  readonly backlog: number | null;
  /** What the kernel's table said; null: nothing. */
  readonly kernel: KernelDoor | null;
}

/** Sockets of a role that exist at the playhead, in order of creation. */
export function doorsOf(story: Story, snapshot: Snapshot, role: RoleModel, calls: RoleCalls, seq: number, queues: Queues, kernel: KernelSource | null = null): DoorFacts[] {
  const at = new Map(snapshot.sockets.map((socket) => [socket.sock, socket]));
  return role.sockets.flatMap((id) => {
    const socket = story.socket(id);
    const now = at.get(id);
    return socket === null || now === undefined ? [] : [door(story, socket, now, calls, seq, queues, kernel)];
  });
}

/** Whence to know what the kernel's table said, and by what time (µs). */
export interface KernelSource {
  readonly trace: TraceStore;
  readonly t: number;
}

function door(story: Story, socket: SocketModel, snapshot: SocketSnapshot, calls: RoleCalls, seq: number, queues: Queues, source: KernelSource | null): DoorFacts {
  const told = calls.toldOf(socket.id);
  const acceptor = socket.acceptedBy === null ? null : story.socket(socket.acceptedBy);
  const kernel = source === null ? null : kernelDoor(story, source.trace, socket, snapshot, source.t);
  const waiting = socket.type === 'SOCK_DGRAM' && snapshot.open ? waitingDatagrams(story, socket.id, snapshot, seq) : null;
  return {
    socket, snapshot, name: calls.names.of(socket.id),
    local: told.localSince <= seq ? socket.local : null,
    remote: told.remoteSince <= seq ? socket.remote : null,
    options: told.options.filter((option) => option.seq <= seq).map(({ text, inferred }) => ({ text, inferred: inferred !== null })),
    acceptedBy: acceptor === null ? null : { name: calls.names.of(acceptor.id), fd: acceptor.fd },
    ...buffers(story, socket, snapshot, kernel),
    kernel,
    ...(waiting === null ? {} : { toRead: { bytes: waiting.bytes, full: Math.max(1, waiting.largest) } }),
    datagrams: socket.type === 'SOCK_DGRAM' ? waiting?.count ?? 0 : null,
    queue: socket.purpose === 'listening' && snapshot.state === 'LISTEN' ? queues.of(socket) : null,
    backlog: told.backlog,
  };
}

function buffers(story: Story, socket: SocketModel, snapshot: SocketSnapshot, kernel: KernelDoor | null): Pick<DoorFacts, 'toRead' | 'unreadByPeer'> {
  const conn = socket.conn === null ? null : story.connection(socket.conn);
  if (conn === null || !snapshot.open) return { toRead: null, unreadByPeer: null };
  const isClient = conn.client.sock === socket.id;
  const far = isClient ? conn.server : conn.client;
  // Of a program that is not ours nobody but the kernel knows what it sent and what it has read.
  const seen = far.sock !== null || story.host(far.host)?.foreign !== true;
  const [incoming, outgoing] = isClient ? [conn.down, conn.up] : [conn.up, conn.down];
  const buffer = (bytes: number, of: number): Buffer => ({ bytes: seen ? bytes : null, full: Math.max(1, Math.min(BAR_LIMIT, of)) });
  if (kernel === null || kernel.send === null || kernel.receive === null) return { toRead: buffer(snapshot.unread, incoming.sent), unreadByPeer: buffer(snapshot.unreadByPeer, outgoing.sent) };
  // The table may be a little older than the last call: more than is on its way cannot lie in a queue.
  const told = (queue: number, most: number): Buffer => ({ bytes: seen ? Math.min(queue, most) : queue, full: kernel.most, told: true });
  return { toRead: told(kernel.receive, snapshot.unread), unreadByPeer: told(kernel.send, snapshot.unreadByPeer) };
}

/** Datagrams of programs of ours that came to a socket and that recvfrom() has not taken. */
function waitingDatagrams(story: Story, sock: number, snapshot: SocketSnapshot, seq: number): { readonly count: number; readonly bytes: number; readonly largest: number } {
  const sum = { count: 0, bytes: 0, largest: 1 };
  for (let id = Math.max(0, story.segments.count - SEGMENTS); id < story.segments.count; id++) {
    if (story.segmentKind(id) !== 'datagram') continue;
    const segment = story.segments.at(id);
    if (segment.toSock !== sock || snapshot.sock !== sock || segment.fate === 'lost') continue;
    sum.largest = Math.max(sum.largest, segment.size);
    if (segment.sentSeq === null || segment.sentSeq > seq || (segment.receivedSeq !== null && segment.receivedSeq <= seq)) continue;
    sum.count++;
    sum.bytes += segment.size;
  }
  return sum;
}

/** Who waits in which accept queue: connections of clients of ours that are open while no accept() has returned them. */
export class Queues {
  private readonly waiting: { readonly host: number; readonly at: Endpoint; readonly client: Endpoint }[] = [];

  constructor(story: Story, snapshot: Snapshot) {
    const there = new Set<number>(snapshot.sockets.map((socket) => socket.sock));
    for (const now of snapshot.sockets) {
      const socket = story.socket(now.sock);
      if (socket === null || socket.conn === null || now.state === 'SYN_SENT' || now.state === 'CLOSED') continue;
      const conn = story.connection(socket.conn);
      if (conn === null || conn.client.sock !== socket.id) continue;
      if (conn.server.sock === null || !there.has(conn.server.sock)) this.waiting.push({ host: conn.server.host, at: conn.server.endpoint, client: conn.client.endpoint });
    }
  }

  of(listener: SocketModel): Endpoint[] {
    const { local } = listener;
    if (local === null) return [];
    const any = local.address === '0.0.0.0' || local.address === '::';
    return this.waiting.filter(({ host, at }) => host === listener.host && at.port === local.port && (any || at.address === local.address)).map(({ client }) => client);
  }
}
