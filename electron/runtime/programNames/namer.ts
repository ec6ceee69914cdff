// Says in a run's trace which programs of the user have the sockets that its relays and its capture meet (`process.named`): each end once.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Note } from '../../../shared/trace/notes';
import { programAt } from './programAt';

/** Ends that are asked about in one run: a flood of connections must not become one of searches. */
const MOST_ENDS = 2000;

export class Namer {
  private readonly asked = new Set<string>();

  constructor(private readonly tell: (note: Note) => void, private readonly find: typeof programAt = programAt) {}

  meet(protocol: 'tcp' | 'udp', end: Endpoint): void {
    const key = `${protocol} ${formatEndpoint(end)}`;
    if (this.asked.has(key) || this.asked.size >= MOST_ENDS) return;
    this.asked.add(key);
    const found = this.find(protocol, end);
    if (found !== null) this.tell({ topic: 'process.named', protocol, address: end.address, port: end.port, pid: found.pid, name: found.name });
  }
}
