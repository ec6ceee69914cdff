// What is known of the doors of a run: who really speaks from which loopback end, and where the LAN reaches what listens on loopback. The
// PROXY protocol's task, without a byte on the wire: doors and roles are of one process.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Doors } from '../../roles/lab';
import { SHARE_LIMITS } from './limits';

type Protocol = 'tcp' | 'udp';
const keyOf = (protocol: Protocol, end: Endpoint): string => `${protocol} ${formatEndpoint(end)}`;

export class DoorBook implements Doors {
  /** By loopback end, the one that was told longest ago first. Those that are over stay: what they said may still be on its way. */
  private readonly remotes = new Map<string, Endpoint>();
  private readonly doors = new Map<string, Endpoint>();

  comesFrom(protocol: Protocol, local: Endpoint): Endpoint | null {
    return this.remotes.get(keyOf(protocol, local)) ?? null;
  }

  outside(protocol: Protocol, inside: Endpoint): Endpoint | null {
    return this.doors.get(keyOf(protocol, inside)) ?? null;
  }

  /** A door speaks from `local` for `remote` from now on. */
  speaks(protocol: Protocol, local: Endpoint, remote: Endpoint): void {
    const key = keyOf(protocol, local);
    this.remotes.delete(key);
    this.remotes.set(key, remote);
    const [oldest] = this.remotes.keys();
    if (this.remotes.size > SHARE_LIMITS.remembered && oldest !== undefined) this.remotes.delete(oldest);
  }

  opened(protocol: Protocol, inside: Endpoint, outside: Endpoint): void {
    this.doors.set(keyOf(protocol, inside), outside);
  }

  closed(protocol: Protocol, inside: Endpoint): void {
    this.doors.delete(keyOf(protocol, inside));
  }
}
