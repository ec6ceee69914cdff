// A connected socket whose calls block their thread (roles/programs/program.ts): read(2) and write(2) on its descriptor, which is in blocking
// mode. Facts go on before a call that may wait, so that it is seen to wait.

import { readSync, writeSync } from 'node:fs';
import type { Endpoint } from '../../../shared/trace/event';
import type { BlockingSocket } from '../../roles/programs/program';
import { callError } from '../loopback';
import { errnoOf } from '../nodeHandle';
import type { SocketLog } from '../socketLog';

/** What is done with the descriptor beside reading and writing. */
export interface Descriptor {
  readonly fd: number;
  /** Null where it belongs to another thread: then send() is recorded when it is done, and not when it begins to wait. */
  readonly setBlocking: ((on: boolean) => void) | null;
  close(): void;
}

export class DescriptorSocket implements BlockingSocket {
  private isClosed = false;

  /** `flush` hands on the facts so far. `toldElsewhere`: whoever closes the descriptor in the end records that. */
  constructor(
    private readonly descriptor: Descriptor, readonly local: Endpoint, readonly remote: Endpoint, private readonly log: SocketLog, private readonly flush: () => void,
    private readonly toldElsewhere = false,
  ) {
    descriptor.setBlocking?.(true);
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** The id of its facts, and the bytes that went each way so far. */
  get facts(): { readonly sock: number; readonly sent: number; readonly received: number } {
    return { sock: this.log.sock, sent: this.log.sent, received: this.log.received };
  }

  recv(size: number): Uint8Array {
    this.check('recv');
    this.log.recvStarted(size);
    this.flush();
    const buffer = new Uint8Array(size);
    try {
      const count = readSync(this.descriptor.fd, buffer);
      if (count === 0) this.log.ended(size);
      else this.log.recv(size, buffer.subarray(0, count));
      this.flush();
      return buffer.subarray(0, count);
    } catch (error) {
      this.log.failed('recv', errnoOf(error));
      throw error;
    }
  }

  sendAll(bytes: Uint8Array): void {
    this.check('send');
    const t = this.log.now();
    try {
      const taken = this.atOnce(bytes);
      this.log.send(t, taken, bytes.length, bytes);
      this.flush();
      if (taken < bytes.length) this.wait(bytes.subarray(taken));
    } catch (error) {
      // Before anything was taken; what comes later wait() records.
      if (!(error instanceof Later)) {
        this.log.send(t, -1, bytes.length, bytes, errnoOf(error));
        this.flush();
        throw error;
      }
      throw error.cause;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.descriptor.close();
    if (!this.toldElsewhere) this.log.closed(false);
    this.flush();
  }

  /** It belongs to another thread or process from now on: what that one does is told there. */
  handOver(): void {
    this.check('close');
    this.isClosed = true;
  }

  /** What the kernel has room for. */
  private atOnce(bytes: Uint8Array): number {
    const { fd, setBlocking } = this.descriptor;
    if (setBlocking === null) return whole(fd, bytes);
    setBlocking(false);
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') return 0;
      throw error;
    } finally {
      setBlocking(true);
    }
  }

  private wait(rest: Uint8Array): void {
    try {
      whole(this.descriptor.fd, rest);
      this.log.sendEnded(this.log.now(), rest.length);
    } catch (error) {
      this.log.sendEnded(this.log.now(), 0, errnoOf(error));
      throw new Later('send', { cause: error });
    } finally {
      this.flush();
    }
  }

  private check(call: string): void {
    if (this.isClosed) throw callError('EBADF', call, 'the socket was closed');
  }
}

class Later extends Error {}

/** write(2) until everything is with the kernel. */
function whole(fd: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done);
  return done;
}
