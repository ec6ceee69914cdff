// The tap of a net.Server: bind and listen on a loopback address, each recorded with its own result. With recording off it only
// keeps the server on loopback. What it accepts is tapped by tcpNetwork.ts.

import type * as net from 'node:net';
import { callError, refusal, type Permit } from './loopback';
import { createBoundHandle, errnoName, fdOf, socketError } from './nodeHandle';
import type { SocketLog } from './socketLog';
import { bindResult, tapTcpHandle } from './tcpHandleTap';

/** Where every listen() of a net.Server ends, with its host name resolved (null: none was given). */
type Listen2 = (address: string | null, port: number, family: 4 | 6, backlog: number, fd: number | undefined, flags: number | undefined) => void;
interface Inside {
  _listen2?: Listen2;
  _handle?: unknown;
}

/**
 * `address` is what the server binds when the program names none. `log` is its own (null: not recorded). A listen() that is not
 * loopback, and that no permit names, ends in the server's 'error' with EACCES.
 */
export function tapServer(server: net.Server, address: string, log: SocketLog | null, permit?: Permit): void {
  const inside = server as unknown as Inside;
  const listen2 = inside._listen2;
  if (typeof listen2 !== 'function') throw callError('ENOSYS', 'listen', 'this Node version hides how a server listens; loopback cannot be kept to');
  const fail = (error: Error): void => {
    process.nextTick(() => server.emit('error', error));
  };
  inside._listen2 = function (wanted, port, family, backlog, fd, flags) {
    const target = wanted ?? address;
    const refused = fd !== undefined && fd !== null && fd >= 0 ? callError('EACCES', 'listen', 'a descriptor from outside is not taken') : refusal(target, 'listen', permit?.listens('tcp', { address: target, port }));
    if (refused !== null) return fail(refused);
    if (log !== null) {
      const bound = bindTapped(target, port, log);
      if (bound instanceof Error) return fail(bound);
      inside._handle = bound;
    }
    // With a handle that is bound already Node only listens; without one it binds too.
    listen2.call(server, target, port, target.includes(':') ? 6 : 4, backlog, fd, flags);
    return undefined;
  };
}

/** socket() and bind(), recorded. The error as Node would make it; null when Node is to do it by itself, unrecorded. */
function bindTapped(address: string, port: number, log: SocketLog): unknown {
  const t = log.now();
  const handle = createBoundHandle(address, port);
  if (handle === null) return null;
  const noSocket = typeof handle === 'number' ? socketError(null, handle) : '';
  log.opened(t, typeof handle === 'number' ? -1 : fdOf(handle), 'stream', address, noSocket);
  if (noSocket !== '') return callError(noSocket, 'socket', `no socket for ${address}:${port}`);
  const { local, err } = typeof handle === 'number' ? { local: { address, port }, err: errnoName(handle) } : bindResult(handle, 0, address, port);
  log.bound(t, local, err);
  if (typeof handle === 'number' || err !== '') {
    if (typeof handle !== 'number') handle.close();
    log.closed(false);
    return Object.assign(callError(err, 'bind', `${address}:${port}`), { address, port });
  }
  tapTcpHandle(handle, log, { opened: true });
  return handle;
}
