// What a table of the kernel's sockets is to the sampler, however the system shows it: a file of /proc, or what a program of the system prints.

import type { Recorder } from '../../capture/recorder';
import type { SocketBook } from '../../capture/socketBook';

/** Other programs of this machine use it too: what is there belongs to the run only by its ports. */
export const SHARED_ADDRESS = '127.0.0.1';

/** What the kernel says of a socket, as `socket.sampled` has it. */
export interface Said {
  /** The run's socket; 0: none of it. */
  readonly sock: number;
  readonly state: string;
  readonly send: number;
  readonly receive: number;
  readonly timer: number;
  /** ms until it fires. */
  readonly left: number;
}

/** Takes what is new of the socket with these endpoints; false: not now, tell me again. */
export type Report = (local: number, remote: number, now: Said) => boolean;

export interface FollowedRun {
  readonly recorder: Recorder;
  readonly book: SocketBook;
  readonly folder: string;
  readonly addresses: readonly string[];
}

/** ms that a reading took, and its rows, of whomever. */
export interface ReadingCost {
  readonly cost: number;
  readonly rows: number;
}

export interface KernelTable {
  /** Of sockets that it tells of: 'tcp', 'udp6', 'unix'. */
  readonly kinds: readonly string[];
  /** Sockets with these ports are followed from now on, whosever they are. */
  watch?(ports: readonly number[]): void;
  /** Reads it once. Rejects when there is no such table. */
  read(report: Report, stopped: () => boolean): Promise<ReadingCost>;
}
