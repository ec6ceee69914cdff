// The parts of Node's socket handles that taps stand on, typed, and reached with care: whatever a Node version lacks is found missing
// here and makes the tap fall back or stay away, never fail. Nothing else in the product touches Node's internals.

import type * as dgram from 'node:dgram';
import * as net from 'node:net';
import { getSystemErrorMap, getSystemErrorName } from 'node:util';
import type { Endpoint } from '../../shared/trace/event';

/** A pending connect, shutdown, write or send: its `oncomplete` is called with 0 or a negative errno. */
export interface Request {
  oncomplete: (this: Request, ...args: unknown[]) => void;
  /** What must not be collected until then. */
  buffer?: unknown;
}

interface Name {
  address?: string;
  port?: number;
}

/** What net.Socket and net.Server have as `_handle` (TCP of Node's tcp_wrap). */
export interface TcpHandle {
  readonly fd?: number;
  readonly bytesRead: number;
  /** Bytes of writes that the kernel has not taken yet. */
  readonly writeQueueSize: number;
  reading?: boolean;
  onread: (this: TcpHandle, buffer?: ArrayBuffer) => Uint8Array | undefined | void;
  bind(address: string, port: number): number;
  bind6(address: string, port: number, flags: number): number;
  connect(request: Request, address: string, port: number): number;
  connect6(request: Request, address: string, port: number): number;
  listen(backlog: number): number;
  shutdown(request: Request): number;
  close(done?: () => void): void;
  reset(done?: () => void): number;
  readStart(): number;
  readStop(): number;
  useUserBuffer(buffer: Uint8Array): void;
  writeBuffer(request: Request, buffer: Uint8Array): number;
  writev(request: Request, buffers: readonly Uint8Array[], allBuffers: true): number;
  getsockname(out: Name): number;
  getpeername(out: Name): number;
  setNoDelay(on: boolean): number;
  setKeepAlive(on: boolean, delay: number): number;
}

/** What dgram.Socket has in its state (UDP of Node's udp_wrap). */
export interface UdpHandle {
  readonly fd?: number;
  onmessage: (this: UdpHandle, status: number, handle: UdpHandle, bytes: Uint8Array | undefined, source: Name | undefined) => void;
  bind(address: string, port: number, flags: number): number;
  connect(address: string, port: number): number;
  /** (request, list, count, port, address, wants a callback), or without port and address when connected. Sent at once: bytes + 1. */
  send(request: Request, list: readonly Uint8Array[], count: number, x?: unknown, y?: unknown, z?: unknown): number;
  recvStart(): number;
  recvStop(): number;
  close(done?: () => void): void;
  getsockname(out: Name): number;
}

interface WithHandle {
  _handle?: TcpHandle | null;
}

const CALLS = ['bind', 'connect', 'listen', 'shutdown', 'close', 'reset', 'readStart', 'readStop', 'getsockname', 'getpeername'] as const;

/** The handle of a socket or server, or null where there is none, or not one that can be tapped. */
export function tcpHandleOf(owner: net.Socket | net.Server): TcpHandle | null {
  const handle = (owner as WithHandle)._handle;
  return handle !== undefined && handle !== null && CALLS.every((call) => typeof handle[call] === 'function') ? handle : null;
}

/** The handle of a stream that lies above another one (TLS), or null; of a TcpHandle it has what concerns bytes. */
export function upperHandleOf(owner: net.Socket): TcpHandle | null {
  const handle = (owner as WithHandle)._handle;
  return handle !== undefined && handle !== null && typeof handle.readStart === 'function' && typeof handle.readStop === 'function' ? handle : null;
}

/**
 * Keeps node:http from taking a server connection's bytes beneath JavaScript: it believes that somebody did so already, and listens
 * to the socket instead.
 */
export function keepReadsAbove(socket: net.Socket): void {
  const handle = (socket as unknown as { _handle?: { _consumed?: boolean } | null })._handle;
  if (handle !== undefined && handle !== null) handle._consumed = true;
}

/** The socket beneath a TLS socket, where there is one. */
export function beneath(socket: net.Socket): net.Socket | null {
  const parent = (socket as unknown as { _parent?: unknown })._parent;
  return parent instanceof net.Socket ? parent : null;
}

/** The handle of a datagram socket, or null. */
export function udpHandleOf(socket: dgram.Socket): UdpHandle | null {
  const symbol = Object.getOwnPropertySymbols(socket).find((each) => each.description === 'state symbol');
  if (symbol === undefined) return null;
  const state = (socket as unknown as Record<symbol, { handle?: UdpHandle | null } | undefined>)[symbol];
  const handle = state?.handle ?? null;
  return handle !== null && typeof handle.recvStop === 'function' && typeof handle.recvStart === 'function' ? handle : null;
}

/** The descriptor's number, or -1 where the system does not tell (Windows, or not opened yet). */
export const fdOf = (handle: { readonly fd?: number } | null): number => handle?.fd ?? -1;

const endpointOf = (status: number, name: Name): Endpoint | null =>
  status === 0 && name.address !== undefined && name.port !== undefined ? { address: name.address, port: name.port } : null;

export function localOf(handle: { getsockname(out: Name): number }): Endpoint | null {
  const name: Name = {};
  return endpointOf(handle.getsockname(name), name);
}

export function remoteOf(handle: TcpHandle): Endpoint | null {
  const name: Name = {};
  return endpointOf(handle.getpeername(name), name);
}

/** 'ECONNREFUSED' for the negative errno that handles return; '' for 0. */
export function errnoName(status: number): string {
  if (status >= 0) return '';
  try {
    return getSystemErrorName(status);
  } catch {
    return `E${-status}`;
  }
}

/** libuv's numbers differ between systems. */
const STATUS = new Map([...getSystemErrorMap()].map(([status, [name]]) => [name, status]));

/** The negative errno of a name: what errnoName() names. That of EPIPE for one that libuv does not know. */
export const statusOf = (name: string): number => STATUS.get(name) ?? STATUS.get('EPIPE') ?? -1;

/** The errno name of a thrown or emitted error: 'ECONNRESET'. */
export function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code !== '' ? code : 'UNKNOWN';
}

/** What socket() may say: libuv makes the socket within bind() or connect(), so their status may be that of socket(). */
const NO_SOCKET = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAFNOSUPPORT', 'EPROTONOSUPPORT']);

/** The errno name with which socket() failed within a call of that status; '' when there is a socket. */
export function socketError(handle: { readonly fd?: number } | null, status: number): string {
  const err = errnoName(status);
  return fdOf(handle) < 0 && NO_SOCKET.has(err) ? err : '';
}

type HandleFactory = (address: string, port: number, family: 4 | 6) => TcpHandle | number;

/** A new bound handle, or a negative errno; null when Node does not offer it. */
export function createBoundHandle(address: string, port: number): TcpHandle | number | null {
  const create = (net as unknown as { _createServerHandle?: HandleFactory })._createServerHandle;
  return typeof create === 'function' ? create(address, port, address.includes(':') ? 6 : 4) : null;
}

/** Length of the accept queue that Node asks for when the program names none. */
export const DEFAULT_BACKLOG = 511;

/** A failed write or the end of the stream no longer destroys the socket by itself: its owner closes it. */
export function keepUntilClosed(socket: net.Socket): void {
  const inside = socket as unknown as Record<'_readableState' | '_writableState', { autoDestroy?: boolean } | undefined>;
  if (inside._readableState !== undefined) inside._readableState.autoDestroy = false;
  if (inside._writableState !== undefined) inside._writableState.autoDestroy = false;
}
