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
  private wake: (() => void) | null = null;

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
      this.wake = resolve;
      // Fails only on a socket that can no longer be read: the next read() says why.
      if (this.handle.readStart() !== 0) this.stop();
    });
  }

  stop(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}

/** libuv reads into a buffer of the size asked for, once, and is stopped. A read error closes the descriptor (Node's own way). */
export class HandleReader implements Reader {
  private wake: (() => void) | null = null;
  private buffer: Buffer | null = null;
  private count = 0;
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
      this.stop();
      return undefined;
    };
  }

  read(buffer: Uint8Array): number {
    if (this.count > 0 && this.buffer !== null) {
      // Asked for at least `count` bytes: readable() was told the size of this very read.
      buffer.set(this.buffer.subarray(0, this.count));
      const count = this.count;
      this.count = 0;
      return count;
    }
    if (this.failure !== null) throw this.failure;
    return this.ended ? 0 : -1;
  }

  readable(size: number): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (this.buffer?.length !== size) {
        // Each call leaves a small listener on the handle until it is closed; programs rarely change the size of their reads.
        this.buffer = Buffer.allocUnsafeSlow(size);
        this.handle.useUserBuffer(this.buffer);
      }
      if (this.handle.readStart() !== 0) this.stop();
    });
  }

  stop(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}
