// The socket API's connected stream socket (roles/host.ts), over a net.Socket whose readable side is never used: recv() reads the
// kernel only when it is called, with just the buffer that it names, and send() tells what the kernel took at once.
// On the way of the data: between a role and the kernel, writing to its SocketLog. Where a socket is no file descriptor
// (Windows), reader.ts has another way.

import * as fs from 'node:fs';
import type * as net from 'node:net';
import type { StreamSocket } from '../roles/host';
import type { Endpoint } from '../../shared/trace/event';
import { callError } from './loopback';
import { errnoOf, fdOf, localOf, remoteOf, type TcpHandle } from './nodeHandle';
import { createReader, type Reader } from './reader';
import { resetSocket } from './resetSocket';
import { rememberSocket } from './socketIds';
import type { WatchedWriter } from './select';
import type { SocketLog } from './socketLog';
import { createProber, type Prober } from './writable';

const NOWHERE: Endpoint = { address: '', port: 0 };
/** Calls that may be answered at once before other sockets get their turn of the event loop. */
const BURST = 16;

export class TappedStream implements StreamSocket, WatchedWriter {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  private readonly reader: Reader;
  private isClosed = false;
  private isShut = false;
  private receiving = false;
  /** The send that waits, and how many of its bytes the kernel has not taken. */
  private sending: Promise<void> | null = null;
  private waiting = 0;
  private broken = false;
  private burst = 0;
  private prober: Promise<Prober> | null = null;

  /** `socket` is connected, has never read, and does not read by itself. */
  constructor(private readonly socket: net.Socket, private readonly handle: TcpHandle, private readonly log: SocketLog | null) {
    this.local = localOf(handle) ?? NOWHERE;
    this.remote = remoteOf(handle) ?? NOWHERE;
    this.reader = createReader(socket, handle);
    if (log !== null) rememberSocket(this, log.sock);
  }

  get closed(): boolean {
    return this.isClosed;
  }

  async recv(size: number): Promise<Uint8Array> {
    this.check('recv');
    if (!Number.isInteger(size) || size < 1) throw callError('EINVAL', 'recv', `a buffer of ${size} bytes`);
    if (this.receiving) throw callError('EALREADY', 'recv', 'another recv() of this socket waits');
    this.receiving = true;
    try {
      if (this.isLong()) await nextTurn();
      return await this.receive(new Uint8Array(size));
    } finally {
      this.receiving = false;
    }
  }

  private async receive(buffer: Uint8Array): Promise<Uint8Array> {
    let waited = false;
    for (;;) {
      this.check('recv');
      const count = this.attempt('recv', () => this.reader.read(buffer));
      if (count === 0) {
        this.log?.ended(buffer.length);
        return new Uint8Array(0);
      }
      if (count > 0) {
        const bytes = count === buffer.length ? buffer : buffer.slice(0, count);
        this.log?.recv(buffer.length, bytes);
        return bytes;
      }
      if (!waited) this.log?.recvStarted(buffer.length);
      waited = true;
      await this.reader.readable(buffer.length);
    }
  }

  async sendAll(bytes: Uint8Array): Promise<void> {
    this.check('send');
    while (this.sending !== null) await this.sending.catch(() => undefined);
    this.check('send');
    if (bytes.length === 0) return;
    const t = this.log?.now() ?? 0;
    let taken = 0;
    try {
      taken = this.sendNow(bytes);
    } catch (error) {
      this.log?.send(t, -1, bytes.length, bytes, errnoOf(error));
      throw error;
    }
    if (taken === bytes.length) {
      this.log?.send(t, taken, bytes.length, bytes);
      if (this.isLong()) await nextTurn();
      return;
    }
    if (this.broken) throw callError('EPIPE', 'send', 'an earlier send failed');
    const finished = this.sendRest(bytes, taken);
    this.log?.send(t, bytes.length - this.waiting, bytes.length, bytes);
    this.sending = finished;
    try {
      await finished;
    } finally {
      this.sending = null;
    }
  }

  trySend(bytes: Uint8Array): number {
    this.check('send');
    if (bytes.length === 0) return 0;
    const t = this.log?.now() ?? 0;
    try {
      const taken = this.sending !== null ? 0 : fdOf(this.handle) >= 0 ? this.sendNow(bytes) : this.giveToLibuv(bytes);
      if (taken === 0) throw callError('EAGAIN', 'send', 'the send buffer is full');
      // The rest stays with the program: it is no part of the stream.
      this.log?.send(t, taken, bytes.length, bytes.subarray(0, taken), '', true);
      return taken;
    } catch (error) {
      this.log?.send(t, -1, bytes.length, bytes, errnoOf(error), true);
      throw error;
    }
  }

  tryRecv(size: number): Uint8Array {
    this.check('recv');
    if (!Number.isInteger(size) || size < 1) throw callError('EINVAL', 'recv', `a buffer of ${size} bytes`);
    const buffer = new Uint8Array(size);
    const count = this.attempt('recv', () => {
      const read = this.receiving ? -1 : this.reader.read(buffer);
      if (read < 0) throw callError('EAGAIN', 'recv', 'nothing is there');
      return read;
    });
    if (count === 0) this.log?.ended(size);
    else this.log?.recv(size, buffer.subarray(0, count));
    return buffer.slice(0, count);
  }

  watchRead(wake: () => void): () => void {
    return this.reader.watch(wake);
  }

  async takesBytes(): Promise<boolean> {
    if (this.handle.writeQueueSize > 0) return false;
    const fd = fdOf(this.handle);
    if (fd < 0) return true;
    this.prober ??= createProber(fd);
    return (await this.prober)();
  }

  /** Where there is no descriptor libuv keeps what the kernel does not take, all of it, and takes nothing while it does. */
  private giveToLibuv(bytes: Uint8Array): number {
    if (this.isShut) throw callError('EPIPE', 'send', 'this side was shut down');
    if (this.handle.writeQueueSize > 0) return 0;
    this.socket.write(bytes);
    return bytes.length;
  }

  /** Bytes that the kernel took at once; 0 when it had no room. */
  private sendNow(bytes: Uint8Array): number {
    const fd = fdOf(this.handle);
    if (fd < 0) {
      if (this.isShut) throw callError('EPIPE', 'send', 'this side was shut down');
      return 0;
    }
    for (;;) {
      try {
        return fs.writeSync(fd, bytes);
      } catch (error) {
        const code = errnoOf(error);
        if (code === 'EAGAIN') return 0;
        if (code !== 'EINTR') throw error;
      }
    }
  }

  /** Hands the rest to libuv, which writes it as room comes. */
  private sendRest(bytes: Uint8Array, from: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.socket.write(bytes.subarray(from), (error) => {
        if (this.isClosed) return reject(callError('EBADF', 'send', 'the socket was closed'));
        const failure = error ?? null;
        if (failure !== null) this.broken = true;
        if (this.waiting > 0) this.log?.sendEnded(this.log.now(), failure === null ? this.waiting : 0, failure === null ? '' : errnoOf(failure));
        this.waiting = 0;
        if (failure === null) resolve();
        else reject(failure);
      });
      this.waiting = this.handle.writeQueueSize;
    });
  }

  setNoDelay(on: boolean): void {
    if (!this.isClosed) this.socket.setNoDelay(on);
  }

  async shutdown(): Promise<void> {
    this.check('shutdown');
    if (this.isShut) return;
    this.isShut = true;
    await new Promise<void>((resolve, reject) => {
      this.socket.end((error?: Error | null) => (error === undefined || error === null ? resolve() : reject(error)));
    });
  }

  close(): void {
    this.giveUp(() => this.socket.destroy());
  }

  abort(): void {
    this.giveUp(() => resetSocket(this.socket));
  }

  private giveUp(close: () => void): void {
    if (this.isClosed) return;
    if (this.waiting > 0) this.log?.sendEnded(this.log.now(), Math.max(0, this.waiting - this.handle.writeQueueSize), 'ECANCELED');
    this.waiting = 0;
    this.isClosed = true;
    close();
    this.reader.stop();
  }

  private check(call: string): void {
    if (this.isClosed) throw callError('EBADF', call, 'the socket is closed');
  }

  private attempt(call: 'recv', read: () => number): number {
    try {
      return read();
    } catch (error) {
      this.log?.failed(call, errnoOf(error));
      throw error;
    }
  }

  /** A program that never has to wait would keep the event loop, and so every other program, from going on. */
  private isLong(): boolean {
    this.burst = (this.burst + 1) % BURST;
    return this.burst === 0;
  }
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
