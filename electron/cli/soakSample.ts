// What a soak measures of this process at one instant: memory, descriptors, timers and handles. Heap is read after a garbage collection,
// where the runtime gives one: what is left then is really held.

import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface SoakSample {
  /** Seconds since the soak began. */
  readonly at: number;
  /** Runs that are over. */
  readonly runs: number;
  /** Facts that were recorded, all runs together. */
  readonly facts: number;
  /** Whether a run was going on. */
  readonly running: boolean;
  /** Bytes. Heap: of objects, and of buffers outside of it. */
  readonly heap: number;
  readonly rss: number;
  /** Open descriptors; null where the system does not list them. */
  readonly descriptors: number | null;
  /** Timers, sockets and whatever else keeps the event loop alive. */
  readonly handles: number;
}

export type Measured = Pick<SoakSample, 'heap' | 'rss' | 'descriptors' | 'handles'>;

let collect: (() => void) | null | undefined;

/** V8's own garbage collection; null where it cannot be had. */
function collector(): (() => void) | null {
  if (collect !== undefined) return collect;
  try {
    setFlagsFromString('--expose-gc');
    const found: unknown = globalThis.gc ?? runInNewContext('gc');
    collect = typeof found === 'function' ? () => void found() : null;
  } catch {
    collect = null;
  }
  return collect;
}

export function measure(): Measured {
  collector()?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, rss, descriptors: descriptors(), handles: process.getActiveResourcesInfo().length };
}

/** Linux lists a process's descriptors, the one of the listing too; macOS and the BSDs in another place. */
function descriptors(): number | null {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      return readdirSync(folder).length - 1;
    } catch {
      // another system
    }
  }
  return null;
}
