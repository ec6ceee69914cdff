// What is known of a role's network before it has any socket, and the list of the descriptors that are open in it.

import type { RoleIx } from '../../shared/base/brand';
import { callError, type Permit } from './loopback';

export interface NetworkOptions {
  /** The role whose calls these are (Recorder.roleStarted). */
  readonly role: RoleIx;
  /** The lab's name for its host, for messages. */
  readonly host: string;
  /** Address of its host: what its sockets bind. */
  readonly address: string;
  /** Left out: loopback only. HTTP's and TLS's own connections keep to loopback with one too. */
  readonly permit?: Permit;
}

/** The descriptors that are open. */
export interface OpenSockets {
  /** `close` is called by closeAll(), or at once when that was before; the result takes it off the list. */
  add(close: () => void): () => void;
  /** Throws EBADF once closeAll() was called: a program that was killed opens nothing more. */
  check(call: string): void;
}

/** `host`: its name, for messages. closeAll() gives up every descriptor at once, in the order in which they were made. */
export function createOpenSockets(host: string): OpenSockets & { closeAll(): void } {
  const closers = new Set<() => void>();
  let ended = false;
  return {
    add(close) {
      if (ended) setImmediate(close);
      else closers.add(close);
      return () => closers.delete(close);
    },
    check(call) {
      if (ended) throw callError('EBADF', call, `the program on ${host} has ended`);
    },
    closeAll() {
      ended = true;
      const all = [...closers];
      closers.clear();
      for (const close of all) close();
    },
  };
}
