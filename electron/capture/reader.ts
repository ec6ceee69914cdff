// How a StreamSocket reads: really only when asked, so that what the program has not read stays in the kernel's receive buffer.
// Two ways with one shape: by the descriptor where a socket has one, by libuv's own read where it has none (Windows).

import * as fs from 'node:fs';
import type * as net from 'node:net';
import { errnoOf, fdOf, type TcpHandle } from './nodeHandle';

export interface Reader {
  /** One read into `buffer`: its bytes; 0 at the end of the stream; -1 when it would have to wait. Throws the system's error. */
  read(buffer: Uint8Array): number;
  /** Resolves when a read of `size` bytes is worth a try, or the reader was stopped. */
  readable(size: number): Promise<void>;
  /** Calls `wake` when a read is worth a try; the result ends the watch. Any number at a time, beside readable(). */
  watch(wake: () => void): () => void;
  /** Ends the waiting. */
  stop(): void;
}

export function createReader(socket: net.Socket, handle: TcpHandle): Reader {
  return fdOf(handle) >= 0 ? new DescriptorReader(handle) : new HandleReader(socket, handle);
}

/**
 * read(2) on the descriptor. To wait, it lets libuv watch the descriptor with a buffer of no bytes: libuv then tells that there is
 * something (UV_ENOBUFS), and reads nothing.
 */
class DescriptorReader implements Reader {
  private readonly waiting = new Waiting();

  constructor(private readonly handle: TcpHandle) {
    handle.useUserBuffer(Buffer.alloc(1).subarray(0, 0));
    handle.onread = () => {
      handle.readStop();
      this.stop();
    };
  }

  read(buffer: Uint8Array): number {
    for (;;) {
      try {
        return fs.readSync(fdOf(this.handle), buffer, 0, buffer.length, null);
      } catch (error) {
        const code = errnoOf(error);
        if (code === 'EAGAIN') return -1;
        if (code !== 'EINTR') throw error;
      }
    }
  }

  readable(): Promise<void> {
    return new Promise((resolve) => {
      this.watch(resolve);
    });
  }

  watch(wake: () => void): () => void {
    this.waiting.add(wake);
    // Fails only on a socket that can no longer be read: the next read() says why.
    if (this.handle.readStart() !== 0) this.stop();
    return () => {
      if (this.waiting.remove(wake)) this.handle.readStop();
    };
  }

  stop(): void {
    this.waiting.wake();
  }
}

/** Who waits for the same descriptor. */
class Waiting {
  private readonly all = new Set<() => void>();

  add(wake: () => void): void {
    this.all.add(wake);
  }

  /** True when it was the last one. */
  remove(wake: () => void): boolean {
    return this.all.delete(wake) && this.all.size === 0;
  }

  wake(): void {
    const all = [...this.all];
    this.all.clear();
    for (const wake of all) wake();
  }
}

/** Bytes that a watch without a size takes out of the kernel: there libuv tells of bytes only by reading them. */
const WATCHED = 4096;

/** libuv reads into a buffer of the size asked for, once, and is stopped. A read error closes the descriptor (Node's own way). */
export class HandleReader implements Reader {
  private readonly waiting = new Waiting();
  private buffer: Buffer | null = null;
  /** Bytes of `buffer` that are read, and that the program has got. */
  private count = 0;
  private given = 0;
  private before: number;
  private ended = false;
  private failure: Error | null = null;

  constructor(socket: net.Socket, private readonly handle: TcpHandle) {
    this.before = handle.bytesRead;
    const original = handle.onread;
    socket.once('error', (error) => {
      this.failure = error;
      this.stop();
    });
    const push = socket.push;
    socket.push = (chunk: Uint8Array | null) => {
      if (chunk !== null) return push.call(socket, chunk);
      this.ended = true;
      this.stop();
      return false;
    };
    handle.onread = (buffer) => {
      const count = handle.bytesRead - this.before;
      if (count <= 0) return original.call(handle, buffer);
      handle.readStop();
      this.before += count;
      this.count = count;
      this.given = 0;
      this.stop();
      return undefined;
    };
  }

  read(buffer: Uint8Array): number {
    if (this.count > this.given && this.buffer !== null) {
      // readable() was told the size of this very read; a watch was not, and may have read more.
      const count = Math.min(this.count - this.given, buffer.length);
      buffer.set(this.buffer.subarray(this.given, this.given + count));
      this.given += count;
      return count;
    }
    if (this.failure !== null) throw this.failure;
    return this.ended ? 0 : -1;
  }

  readable(size: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      this.start(size);
    });
  }

  watch(wake: () => void): () => void {
    this.waiting.add(wake);
    if (this.count > this.given || this.ended || this.failure !== null) setImmediate(() => this.stop());
    else this.start(WATCHED);
    return () => {
      if (this.waiting.remove(wake)) this.handle.readStop();
    };
  }

  stop(): void {
    this.waiting.wake();
  }

  private start(size: number): void {
    if (this.buffer?.length !== size) {
      // Each call leaves a small listener on the handle until it is closed; programs rarely change the size of their reads.
      this.buffer = Buffer.allocUnsafeSlow(size);
      this.handle.useUserBuffer(this.buffer);
    }
    if (this.handle.readStart() !== 0) this.stop();
  }
}
