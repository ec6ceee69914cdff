// AF_UNIX of one role: stream sockets of this machine alone, named by paths, tapped like those of TCP (roles/host.ts). Paths lie in
// folders that only this user can enter; a role reaches those of Looplab and no others. Left out: datagrams (Node has none), Windows.

import { mkdtempSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { ListeningSocket, StreamSocket, UnixNetwork } from '../roles/host';
import { connectionsPerServer } from './descriptors';
import { TappedListener } from './listeningSocket';
import { callError } from './loopback';
import { DEFAULT_BACKLOG, errnoName, fdOf, keepUntilClosed, localOf, remoteOf, socketError, type TcpHandle } from './nodeHandle';
import type { SocketLog } from './socketLog';
import { TappedStream } from './streamSocket';
import type { TcpSockets } from './tcpSockets';
import { createBoundUnixHandle, createUnixHandle, tapUnixHandle, unixHandleOf, withoutTcp } from './unixHandle';

/** Most bytes of a path: sun_path has 104 on macOS and 108 on Linux, with the zero at its end (unix(7)). */
const LONGEST = 103;

/** Every folder made here and not removed yet. */
const folders = new Set<string>();

/** The user's folder for what does not stay; /tmp where a path in that would be too long, as under a deep TMPDIR. */
function placeFor(name: string): string {
  const own = tmpdir();
  return Buffer.byteLength(path.join(own, 'looplab-XXXXXX', path.basename(name))) <= LONGEST ? own : '/tmp';
}

export function createUnixNetwork(sockets: TcpSockets): UnixNetwork {
  const { open } = sockets;
  let folder: string | null = null;

  const check = (call: string, at: string): void => {
    open.check(call);
    if (process.platform === 'win32') throw callError('ENOTSUP', call, 'Node has no AF_UNIX sockets on this system');
    if (Buffer.byteLength(at) > LONGEST) throw callError('ENAMETOOLONG', call, `a path of at most ${LONGEST} bytes, not ${at}`);
    if (!folders.has(path.dirname(at))) throw callError('EACCES', call, `Looplab uses sockets in folders of its own only, not ${at}`);
  };

  const stream = (socket: net.Socket, handle: TcpHandle, log: SocketLog | null): StreamSocket => {
    withoutTcp(handle);
    const made = new TappedStream(socket, handle, log);
    socket.once('close', open.add(() => made.close()));
    return made;
  };

  const own = (socket: net.Socket): void => {
    // Node resets sockets of TCP alone; here the system has no reset, and close() is all there is.
    socket.resetAndDestroy = () => socket.destroy();
    keepUntilClosed(socket);
    sockets.own(socket);
  };

  return {
    path(name) {
      open.check('mkdtemp');
      if (folder === null) {
        // mkdtemp(3) makes it with mode 0700.
        const made = mkdtempSync(path.join(placeFor(name), 'looplab-'));
        folders.add(made);
        open.add(() => {
          folders.delete(made);
          rmSync(made, { recursive: true, force: true });
        });
        folder = made;
      }
      return path.join(folder, path.basename(name));
    },

    async listen(at, backlog = DEFAULT_BACKLOG): Promise<ListeningSocket> {
      check('listen', at);
      const log = sockets.newLog();
      const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
      server.maxConnections = connectionsPerServer();
      server.on('drop', () => log?.failed('accept', 'CONNECTION_LIMIT'));
      server.on('connection', own);
      useHandle(server, bindTapped(at, log));
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.once('listening', () => {
          const listener = new TappedListener({ address: at, port: 0 }, server, log, (socket) => {
            // accept() of AF_UNIX tells of a client only what it bound itself to: for nearly all of them, nothing.
            const handle = unixHandleOf(socket, { local: at, remote: '' });
            if (handle === null) return null;
            const accepted = log === null ? null : sockets.newLog();
            if (accepted !== null) {
              log?.accepted(log.now(), accepted, fdOf(handle), localOf(handle), remoteOf(handle));
              tapUnixHandle(handle, accepted, true);
            }
            return stream(socket, handle, accepted);
          });
          server.once('close', open.add(() => listener.close()));
          resolve(listener);
        });
        server.listen({ path: at, backlog });
      });
    },

    async dial(at): Promise<StreamSocket> {
      check('connect', at);
      const handle = createUnixHandle(at);
      if (handle === null) throw callError('ENOSYS', 'connect', 'this Node version hides its handles');
      const log = sockets.newLog();
      if (log !== null) tapUnixHandle(handle, log, false);
      // `handle` and `manualStart` are Node's own way to make a socket of a handle, without reading from it.
      const socket = new net.Socket({ allowHalfOpen: true, handle, manualStart: true } as net.SocketConstructorOpts);
      socket.pause();
      own(socket);
      return new Promise((resolve, reject) => {
        socket.once('error', reject);
        socket.once('close', () => reject(callError('EBADF', 'connect', 'the socket was closed')));
        socket.once('connect', () => resolve(stream(socket, handle, log)));
        socket.connect({ path: at });
      });
    },
  };
}

/** socket() and bind(), recorded. Throws the system's error. */
function bindTapped(at: string, log: SocketLog | null): TcpHandle {
  const t = log?.now() ?? 0;
  const handle = createBoundUnixHandle(at);
  if (handle === null) throw callError('ENOSYS', 'listen', 'this Node version hides how a server listens');
  const failed = typeof handle === 'number';
  const noSocket = failed ? socketError(null, handle) : '';
  log?.opened(t, failed ? -1 : fdOf(handle), 'stream', at, noSocket);
  if (noSocket !== '') throw callError(noSocket, 'socket', `no socket for ${at}`);
  log?.bound(t, { address: at, port: 0 }, failed ? errnoName(handle) : '');
  if (failed) {
    log?.closed(false);
    throw callError(errnoName(handle), 'bind', at);
  }
  if (log !== null) tapUnixHandle(handle, log, true);
  return handle;
}

/** The server's listen() finds its socket bound already, and only listens. */
function useHandle(server: net.Server, handle: TcpHandle): void {
  const inside = server as unknown as { _listen2?: (...args: unknown[]) => void; _handle?: unknown };
  const listen2 = inside._listen2;
  if (typeof listen2 !== 'function') {
    handle.close();
    throw callError('ENOSYS', 'listen', 'this Node version hides how a server listens');
  }
  inside._listen2 = (...args) => {
    inside._handle = handle;
    listen2.apply(server, args);
  };
}
