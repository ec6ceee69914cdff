// What is known of the doors of a run: who really speaks from which loopback end, and where the LAN reaches what listens on loopback. The
// PROXY protocol's task, without a byte on the wire: doors and roles are of one process.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { Doors } from '../../roles/lab';
import { SHARE_LIMITS } from './limits';

type Protocol = 'tcp' | 'udp';
const keyOf = (protocol: Protocol, end: Endpoint): string => `${protocol} ${formatEndpoint(end)}`;

export class DoorBook implements Doors {
  /** By loopback end; as many as doors let in. None may be forgotten: whoever it is would pass for a program of this machine. */
  private readonly speaking = new Map<string, { readonly remote: Endpoint }>();
  /** Those that are over, the oldest first: what they said last may still be on its way to a role. */
  private readonly past = new Map<string, { readonly remote: Endpoint; readonly ended: number }>();
  private readonly doors = new Map<string, Endpoint>();

  /** `now`: for tests, another clock, in ms. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  comesFrom(protocol: Protocol, local: Endpoint): Endpoint | null {
    const key = keyOf(protocol, local);
    const over = this.past.get(key);
    return this.speaking.get(key)?.remote ?? (over !== undefined && this.now() - over.ended < SHARE_LIMITS.remembered.ms ? over.remote : null);
  }

  outside(protocol: Protocol, inside: Endpoint): Endpoint | null {
    return this.doors.get(keyOf(protocol, inside)) ?? null;
  }

  /** A door speaks from `local` for `remote`, until the result is called. */
  speaks(protocol: Protocol, local: Endpoint, remote: Endpoint): () => void {
    const key = keyOf(protocol, local);
    this.past.delete(key);
    const entry = { remote };
    this.speaking.set(key, entry);
    return () => {
      // The system may have given the port to another connection of the door meanwhile.
      if (this.speaking.get(key) !== entry) return;
      this.speaking.delete(key);
      this.past.set(key, { remote, ended: this.now() });
      const [oldest] = this.past.keys();
      if (this.past.size > SHARE_LIMITS.remembered.most && oldest !== undefined) this.past.delete(oldest);
    };
  }

  opened(protocol: Protocol, inside: Endpoint, outside: Endpoint): void {
    this.doors.set(keyOf(protocol, inside), outside);
  }

  closed(protocol: Protocol, inside: Endpoint): void {
    this.doors.delete(keyOf(protocol, inside));
  }
}
