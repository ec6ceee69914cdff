// How many connections a server may hold: well below the process's limit of descriptors, so that accept() never meets EMFILE, where
// libuv would take connections only to close them unseen. Asked once, when the first server is made.

import { descriptorLimit } from '../roles/descriptorLimit';
import { LIMITS } from '../../shared/trace/limits';

/** For files, pipes and listening sockets. */
const RESERVE = 32;

/** Where descriptors are so few that none of this helps. */
const LEAST = 4;

let known: number | null = null;
let ends = 2;

/** Says that the other ends of this process's connections are in other processes. Before the first server is made. */
export function otherEndsElsewhere(): void {
  [known, ends] = [null, 1];
}

/** The bound for `net.Server.maxConnections`. */
export function connectionsPerServer(): number {
  known ??= connectionsWithin(descriptorLimit(), ends);
  return known;
}

/** `here`: ends of a connection that take a descriptor of this process: both, where a lab's clients live in the same one. */
export function connectionsWithin(descriptors: number, here = 2): number {
  return Math.max(LEAST, Math.min(LIMITS.connectionsPerServer, Math.floor((descriptors - RESERVE) / here)));
}
