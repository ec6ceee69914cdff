// Says in a run's trace which programs of the user have the sockets that its relays and its capture meet (`process.named`): each end once.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note } from '../../../shared/trace/notes';
import { programAt, type ProgramName } from './programAt';
import { programBySystem } from './programBySystem';

/** Ends that are asked about in one run: a flood of connections must not become one of searches. And those that may wait for an answer of the system's programs. */
const MOST_ENDS = 2000;
const MOST_WAITING = 64;

type Find = (protocol: 'tcp' | 'udp', end: Endpoint) => ProgramName | null | Promise<ProgramName | null>;
const bySystem: Find = process.platform === 'linux' ? programAt : programBySystem;

export class Namer {
  private readonly asked = new Set<string>();
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly tell: (note: Note) => void, private readonly find: Find = bySystem) {}

  meet(protocol: 'tcp' | 'udp', end: Endpoint): void {
    const key = `${protocol} ${formatEndpoint(end)}`;
    if (this.asked.has(key) || this.asked.size >= MOST_ENDS || this.waiting >= MOST_WAITING) return;
    this.asked.add(key);
    // In /proc it is looked up at once, while the program is there; programs of the system are asked one after the other.
    if (this.waiting > 0) return this.later(protocol, end, () => this.find(protocol, end));
    const found = this.find(protocol, end);
    if (found instanceof Promise) this.later(protocol, end, () => found);
    else this.name(protocol, end, found);
  }

  private later(protocol: 'tcp' | 'udp', end: Endpoint, find: () => ReturnType<Find>): void {
    this.waiting++;
    this.last = this.last.then(find).then((found) => {
      this.waiting--;
      this.name(protocol, end, found);
    });
  }

  private name(protocol: 'tcp' | 'udp', { address, port }: Endpoint, found: ProgramName | null): void {
    if (found !== null) this.tell({ topic: 'process.named', protocol, address, port, pid: found.pid, name: found.name });
  }
}
