// What a program in a process of its own (LabContext.process) has beside what every role has: calls that really block, threads and
// processes for single connections. The engine (electron/capture/blocking) makes them; types only.

import type { Endpoint } from '../../../shared/trace/event';
import type { ListenOptions } from '../host';
import type { ProgramOptions, RoleContext } from '../lab';

export type Program = (role: ProgramRole, options: ProgramOptions) => Promise<void>;

export interface ProgramRole extends RoleContext {
  readonly blocking: BlockingNetwork;
}

/** The socket API as a program of one thread knows it: while a call waits, the thread does nothing else. ENOTSUP where it cannot be had (Windows). */
export interface BlockingNetwork extends ConnectionTools {
  /**
   * socket(), bind(), listen(), then accept() again and again: `program` has one connection after the other, and none is taken off the
   * kernel's queue before it returns. Resolves when the role is asked to end; rejects with the system's error when it cannot listen.
   */
  serve(options: ListenOptions, listening: (endpoint: Endpoint) => void, program: (connection: BlockingSocket) => void): Promise<void>;
  /** socket(), bind(), listen(), and never accept(): the process then waits for ever. */
  listenOnly(options: ListenOptions, listening: (endpoint: Endpoint) => void): Promise<never>;
  /** A thread of its own has the connection from now on: it runs the named program (programs.ts). Resolves when that ended; rejects when it could not begin. */
  thread(connection: BlockingSocket, program: string, options: ProgramOptions): Promise<void>;
  /** A child process of its own has the connection from now on, and this one gives up its copy of the descriptor. As thread(). */
  process(connection: BlockingSocket, program: string, options: ProgramOptions): Promise<void>;
  /** Process ids of the children that run now. */
  readonly children: readonly number[];
}

/** A connected socket whose calls block the thread. */
export interface BlockingSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Waits for up to `size` bytes; empty at the end of the stream. Throws ECONNRESET and the like. */
  recv(size: number): Uint8Array;
  /** Waits until the kernel has taken all bytes. Throws EPIPE, ECONNRESET. */
  sendAll(bytes: Uint8Array): void;
  close(): void;
  readonly closed: boolean;
}

/** What a thread or a process for one connection runs. The connection is closed when it returns. */
export type ConnectionProgram = (connection: BlockingSocket, tools: ConnectionTools, options: ProgramOptions) => void;

export interface ConnectionTools {
  /** Does nothing for `ms`, and nothing else either. */
  wait(ms: number): void;
  /** Computes for `ms`: nothing else happens in this thread. */
  compute(ms: number): void;
}
