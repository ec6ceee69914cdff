// What the system says of a server's processes, all together, as `process.sampled` notes. Where there is no /proc: the memory of this
// process alone, and as many threads as it made itself.

import { readFileSync } from 'node:fs';
import type { ProgramRole } from './program';

/** ms between two samples, at least. */
const EVERY = 100;
const PAGE_KIB = 1024;

interface Measured {
  readonly memory: number;
  readonly threads: number;
}

export class Sampler {
  private open = 0;
  private last = -Infinity;

  constructor(private readonly role: ProgramRole) {}

  /** A connection more. */
  opened(): void {
    this.open++;
    this.sample();
  }

  /** One less. */
  closed(): void {
    this.open--;
    this.sample();
  }

  /** From now on it says so by itself too, as long as there are connections. For programs whose thread is free. */
  keep(): void {
    setInterval(() => {
      if (this.open > 0) this.sample();
    }, EVERY).unref();
  }

  /** Says how it is now, unless it did so a moment ago. */
  sample(): void {
    const now = performance.now();
    if (now - this.last < EVERY) return;
    this.last = now;
    const { children } = this.role.blocking;
    const all = [measure(null), ...children.map(measure)].filter((one) => one !== null);
    const sum = (of: (one: Measured) => number): number => all.reduce((total, one) => total + of(one), 0);
    this.role.note({ topic: 'process.sampled', memory: sum((one) => one.memory), threads: sum((one) => one.threads), processes: all.length, open: this.open });
  }
}

/** Of the process with that id, null: of this one; null when there is none any more. */
function measure(pid: number | null): Measured | null {
  try {
    const status = readFileSync(`/proc/${pid ?? 'self'}/status`, 'latin1');
    const field = (name: RegExp): number => Number(name.exec(status)?.[1] ?? 0);
    return { memory: field(/^VmRSS:\s+(\d+)/m) * PAGE_KIB, threads: field(/^Threads:\s+(\d+)/m) };
  } catch {
    return pid === null ? { memory: process.memoryUsage.rss(), threads: 0 } : null;
  }
}
