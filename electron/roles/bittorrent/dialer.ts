// Whom a peer may dial: what the tracker told and what its user gave, loopback only, each again after a while when it failed. Does not dial
// by itself (peer.ts does).

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { BT_LIMITS } from './limits';
import { isLoopback, isPort } from './loopback';

interface Candidate {
  readonly endpoint: Endpoint;
  failures: number;
  /** ms: not earlier. */
  notBefore: number;
  dialling: boolean;
}

/** Then it is forgotten, until somebody names it again. */
const MOST_FAILURES = 6;

export class Dialer {
  private readonly candidates = new Map<string, Candidate>();
  /** Nothing more is wanted of these. */
  private readonly settled = new Set<string>();

  /** `self`: where the peer itself listens. `refused`: told once of each address that is not loopback. */
  constructor(private readonly self: Endpoint, private readonly refused: (endpoint: string) => void) {}

  add(endpoints: readonly Endpoint[]): void {
    for (const { address, port } of endpoints) {
      const name = formatEndpoint({ address, port });
      if (name === formatEndpoint(this.self) || this.candidates.has(name) || this.settled.has(name) || !isPort(port)) continue;
      if (!isLoopback(address)) {
        this.settle(name);
        this.refused(name);
      } else if (this.candidates.size < BT_LIMITS.candidates) this.candidates.set(name, { endpoint: { address, port }, failures: 0, notBefore: 0, dialling: false });
    }
  }

  /** The next to dial, marked as being dialled; null when there is none now. `taken`: names that are connected or unwanted. */
  next(now: number, taken: (name: string) => boolean): Endpoint | null {
    for (const [name, candidate] of this.candidates) {
      if (candidate.dialling || candidate.notBefore > now || taken(name)) continue;
      candidate.dialling = true;
      // Whoever was dialled goes to the end of the line.
      this.candidates.delete(name);
      this.candidates.set(name, candidate);
      return candidate.endpoint;
    }
    return null;
  }

  /** The dial, or the connection that came of it, is over. */
  ended(endpoint: Endpoint, now: number, how: 'failed' | 'parted'): void {
    const candidate = this.candidates.get(formatEndpoint(endpoint));
    if (candidate === undefined) return;
    candidate.dialling = false;
    candidate.failures = how === 'failed' ? candidate.failures + 1 : 1;
    candidate.notBefore = now + Math.min(BT_LIMITS.redial.most, BT_LIMITS.redial.least * 2 ** (candidate.failures - 1));
    if (candidate.failures >= MOST_FAILURES) this.candidates.delete(formatEndpoint(endpoint));
  }

  /** It is not dialled any more. */
  settle(name: string): void {
    this.candidates.delete(name);
    if (this.settled.size < BT_LIMITS.candidates) this.settled.add(name);
  }
}
