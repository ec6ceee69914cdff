// The socket API's listening socket (roles/host.ts), over a net.Server. The runtime takes connections off the kernel's accept queue as
// soon as they are there (libuv cannot be told to wait), so they queue here; `connection.accepted` is recorded when the program's
// accept() gets one. What the program never accepts is reset when it closes, as the kernel does with its queue.

import type * as net from 'node:net';
import type { ListeningSocket, StreamSocket } from '../roles/host';
import type { Endpoint } from '../../shared/trace/event';
import { callError } from './loopback';
import type { Watched } from './select';
import { rememberSocket } from './socketIds';
import type { SocketLog } from './socketLog';

interface Waiting {
  readonly resolve: (socket: StreamSocket) => void;
  readonly reject: (error: Error) => void;
}

export class TappedListener implements ListeningSocket, Watched {
  private readonly queue: net.Socket[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly watches = new Set<() => void>();
  private isClosed = false;

  /** `accept` makes the stream socket of a connection and records it. */
  constructor(
    readonly endpoint: Endpoint,
    private readonly server: net.Server,
    private readonly log: SocketLog | null,
    private readonly take: (socket: net.Socket) => StreamSocket | null,
  ) {
    if (log !== null) rememberSocket(this, log.sock);
    server.on('connection', (socket: net.Socket) => {
      this.queue.push(socket);
      this.serve();
      if (this.queue.length > 0) this.wake();
    });
    server.on('error', (error) => {
      const first = this.waiting.shift();
      this.log?.failed('accept', 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN');
      first?.reject(error);
    });
  }

  accept(): Promise<StreamSocket> {
    if (this.isClosed) return Promise.reject(callError('EBADF', 'accept', 'the socket is closed'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.serve();
      if (this.waiting.length > 0 && this.waiting.at(-1)?.resolve === resolve) this.log?.acceptStarted();
    });
  }

  get closed(): boolean {
    return this.isClosed;
  }

  watchRead(wake: () => void): () => void {
    this.watches.add(wake);
    if (this.queue.length > 0) setImmediate(() => this.wake());
    return () => void this.watches.delete(wake);
  }

  private wake(): void {
    const all = [...this.watches];
    this.watches.clear();
    for (const wake of all) wake();
  }

  private serve(): void {
    while (this.waiting.length > 0) {
      const socket = this.queue.shift();
      if (socket === undefined) return;
      const stream = this.take(socket);
      if (stream !== null) this.waiting.shift()?.resolve(stream);
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.server.close();
    for (const socket of this.queue.splice(0)) socket.resetAndDestroy();
    for (const each of this.waiting.splice(0)) each.reject(callError('EBADF', 'accept', 'the socket was closed'));
    this.wake();
  }
}
