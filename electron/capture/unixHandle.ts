// AF_UNIX handles (Node's Pipe) in the shape that the taps of TCP stand on (nodeHandle.ts): names are paths, there are no ports, no
// setsockopt() of TCP, and no reset. Local to the machine: no address that a network knows is ever involved.

import * as net from 'node:net';
import type { TcpHandle } from './nodeHandle';
import type { SocketLog } from './socketLog';
import { tapTcpHandle } from './tcpHandleTap';

/** The two ends' paths; '' for an end that has no name (a client that did not bind(): unix(7)). */
export interface UnixNames {
  readonly local: string;
  readonly remote: string;
}

type PipeHandle = Pick<TcpHandle, 'bind' | 'connect' | 'listen' | 'shutdown' | 'close' | 'readStart' | 'readStop'>;

const NEEDED = ['bind', 'connect', 'listen', 'shutdown', 'close', 'readStart', 'readStop'] as const;

const isPipe = (handle: unknown): handle is PipeHandle =>
  typeof handle === 'object' && handle !== null && NEEDED.every((call) => typeof (handle as Record<string, unknown>)[call] === 'function');

/** The handle of an accepted AF_UNIX socket; null where Node hides it. */
export function unixHandleOf(socket: net.Socket, names: UnixNames): TcpHandle | null {
  const handle: unknown = (socket as { _handle?: unknown })._handle;
  return isPipe(handle) ? complete(handle, names) : null;
}

/** A handle that is to connect to `path`; null where Node does not offer it. It is no socket yet: libuv makes that within connect(). */
export function createUnixHandle(path: string): TcpHandle | null {
  const binding = (process as unknown as { binding?: (name: string) => Record<string, unknown> }).binding;
  if (typeof binding !== 'function') return null;
  const { Pipe, constants } = binding('pipe_wrap') as { Pipe?: new (type: number) => unknown; constants?: { SOCKET?: number } };
  if (typeof Pipe !== 'function' || constants?.SOCKET === undefined) return null;
  const made = new Pipe(constants.SOCKET);
  return isPipe(made) ? complete(made, { local: '', remote: path }) : null;
}

/** socket(AF_UNIX), bind(path). A negative errno when it fails; null where Node does not offer it. */
export function createBoundUnixHandle(path: string): TcpHandle | number | null {
  const create = (net as unknown as { _createServerHandle?: (path: string, port: -1, family: -1) => unknown })._createServerHandle;
  if (typeof create !== 'function') return null;
  const made = create(path, -1, -1);
  if (typeof made === 'number') return made;
  return isPipe(made) ? complete(made, { local: path, remote: '' }) : null;
}

/** What an AF_UNIX handle lacks of a TcpHandle, added to this one object. */
function complete(handle: PipeHandle, { local, remote }: UnixNames): TcpHandle {
  const nothing = (): number => 0;
  const named = (address: string) => (out: { address?: string; port?: number }): number => {
    out.address = address;
    out.port = 0;
    return 0;
  };
  return Object.assign(handle, {
    getsockname: named(local), getpeername: named(remote), bind6: nothing, connect6: nothing, setNoDelay: nothing, setKeepAlive: nothing, reset: nothing,
  }) as unknown as TcpHandle;
}

/** Records the handle's calls, but none that only TCP has: nothing of that kind is asked of the system here. */
export function tapUnixHandle(handle: TcpHandle, log: SocketLog, opened: boolean): void {
  tapTcpHandle(handle, log, { opened });
  const connect = handle.connect;
  handle.connect = (request, path) => connect.call(handle, request, path, 0);
}

/** The last thing done to a handle of a socket: without TCP's options, and with a reset() that is a close(), for there is no RST to send. */
export function withoutTcp(handle: TcpHandle): TcpHandle {
  for (const call of ['setNoDelay', 'setKeepAlive', 'bind6', 'connect6'] as const) Reflect.deleteProperty(handle, call);
  handle.reset = (done) => {
    handle.close(done);
    return 0;
  };
  return handle;
}
