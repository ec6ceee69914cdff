// Servers of one thread that block (roles/programs/program.ts). libuv accepts a connection, calls back, and accepts the next one only when
// the callback returns: a program that blocks in it leaves the others in the kernel's queue.

import * as net from 'node:net';
import type { Endpoint } from '../../../shared/trace/event';
import type { ListenOptions } from '../../roles/host';
import type { ProgramOptions } from '../../roles/lab';
import type { BlockingNetwork, BlockingSocket } from '../../roles/programs/program';
import { callError } from '../loopback';
import { DEFAULT_BACKLOG, fdOf, localOf, remoteOf, tcpHandleOf, type TcpHandle } from '../nodeHandle';
import type { Recorder } from '../recorder';
import type { SocketLog } from '../socketLog';
import type { TcpSockets } from '../tcpSockets';
import { DescriptorSocket, type Descriptor } from './blockingSocket';
import { computeBlocking, waitBlocking } from './wait';

/** A connection that goes to a thread or process, and how it is reached there. */
export interface HandedOver {
  readonly sock: number;
  /** Bytes that went each way before. */
  readonly sent: number;
  readonly received: number;
  readonly fd: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** Threads and processes of the program, which the engine starts. */
export interface Workers {
  /** Resolves when the program ended; the descriptor is this process's until then. Calls `closed` when the program closes the connection. */
  thread(connection: HandedOver, program: string, options: ProgramOptions, closed: () => void): Promise<void>;
  /** Resolves when it ended, and told so. `started` is called when it has its own copy of the descriptor. Rejects when it could not begin or died. */
  process(connection: HandedOver, program: string, options: ProgramOptions, started: () => void): Promise<void>;
  readonly children: readonly number[];
}

interface Owned {
  readonly socket: DescriptorSocket;
  readonly log: SocketLog;
  readonly fd: number;
  readonly release: () => void;
}

/** `signal` ends serve(). */
export function createBlockingNetwork(recorder: Recorder, sockets: TcpSockets, address: string, signal: AbortSignal, workers: Workers): BlockingNetwork {
  const owned = new WeakMap<BlockingSocket, Owned>();
  const flush = (): void => recorder.flush();

  const take = (socket: net.Socket, listening: SocketLog | null): DescriptorSocket => {
    const handle = tcpHandleOf(socket);
    const log = sockets.logAccepted(socket, listening);
    const local = handle === null ? null : localOf(handle);
    const remote = handle === null ? null : remoteOf(handle);
    if (handle === null || log === null || local === null || remote === null) throw callError('ECONNABORTED', 'accept', 'the connection is gone');
    const release = (): void => void socket.destroy();
    const made = new DescriptorSocket(descriptorOf(handle, release), local, remote, log, flush);
    owned.set(made, { socket: made, log, fd: fdOf(handle), release });
    return made;
  };

  const give = (connection: BlockingSocket): { handed: HandedOver; owner: Owned } => {
    const owner = owned.get(connection);
    if (owner === undefined) throw callError('EBADF', 'dup', 'no connection of this program');
    owner.socket.handOver();
    flush();
    return { owner, handed: { ...owner.socket.facts, fd: owner.fd, local: owner.socket.local, remote: owner.socket.remote } };
  };

  const bind = (server: net.Server, { port, backlog = DEFAULT_BACKLOG, address: wanted = address }: ListenOptions, listening: (endpoint: Endpoint, log: SocketLog | null) => void): Promise<void> => {
    if (process.platform === 'win32') return Promise.reject(callError('ENOTSUP', 'socket', 'descriptors cannot be read from here on this system'));
    const log = sockets.adopt(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.once('close', resolve);
      server.once('listening', () => {
        const bound = server.address();
        listening(typeof bound === 'object' && bound !== null ? { address: bound.address, port: bound.port } : { address: wanted, port }, log);
      });
      signal.addEventListener('abort', () => server.close(), { once: true });
      server.listen({ port, backlog, host: wanted });
    });
  };

  return {
    serve(options, listening, program) {
      const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true });
      return bind(server, options, (endpoint, log) => {
        server.on('connection', (socket) => {
          try {
            program(take(socket, log));
          } catch {
            // It was gone before it could be had, or the program did not handle its errors: the next one is not to suffer for it.
            socket.destroy();
          } finally {
            if (!signal.aborted) log?.acceptStarted();
            flush();
          }
        });
        log?.acceptStarted();
        listening(endpoint);
      });
    },

    async listenOnly(options, listening) {
      const server = net.createServer({ pauseOnConnect: true });
      await bind(server, options, (endpoint) => {
        listening(endpoint);
        waitBlocking();
      });
      throw callError('ECANCELED', 'listen', 'the program was asked to end');
    },

    async thread(connection, program, options) {
      const { handed, owner } = give(connection);
      const closed = (): void => {
        owner.release();
        owner.log.closed(false);
        flush();
      };
      await workers.thread(handed, program, options, closed);
    },

    async process(connection, program, options) {
      const { handed, owner } = give(connection);
      try {
        // Without a fact: the connection lives on in the other process, and no FIN goes out.
        await workers.process(handed, program, options, owner.release);
      } catch (error) {
        // There is no such process, or it died: it is the system that closed the connection.
        owner.release();
        owner.log.closed(false);
        flush();
        throw error;
      }
    },

    get children() {
      return workers.children;
    },

    wait(ms) {
      flush();
      waitBlocking(ms);
    },

    compute(ms) {
      flush();
      computeBlocking(ms);
    },
  };
}

interface CanBlock {
  setBlocking?(on: boolean): number;
}

/** Throws ENOTSUP where Node does not say which descriptor it is, or cannot make it block. */
export function descriptorOf(handle: TcpHandle, close: () => void): Descriptor {
  const fd = fdOf(handle);
  const { setBlocking } = handle as CanBlock;
  if (fd < 0 || typeof setBlocking !== 'function') throw callError('ENOTSUP', 'read', 'this system does not give descriptors');
  return { fd, setBlocking: (on) => void setBlocking.call(handle, on), close };
}
