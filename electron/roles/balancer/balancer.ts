// A load balancer as a role: a reverse proxy of layer 7 that stands before several servers as if it were one. Puts the parts together:
// pool.ts chooses, forward.ts carries requests, healthCheck.ts asks after the servers. It is itself one more thing that can fail.

import { httpServer } from '../http/httpServer';
import type { RoleContext } from '../lab';
import { MAX_CONNECTIONS } from './bounds';
import { Forwarder, type ForwardOptions } from './forward';
import { checkHealth } from './healthCheck';
import { ServerPool, type Algorithm, type Backend, type Server } from './pool';

export interface BalancerOptions extends ForwardOptions {
  readonly port: number;
  readonly servers: readonly Backend[];
  readonly algorithm: Algorithm;
  /** ms between two health checks of a server; 0: none. An answer may take as long, but not longer than `timeout`. */
  readonly checkInterval: number;
  /** Failures in a row until a server is down. */
  readonly failures: number;
  /** Answered checks in a row until it is up again. Default 1. */
  readonly successes?: number;
}

export class Balancer {
  private readonly pool: ServerPool;
  private readonly forwarder: Forwarder;

  constructor(private readonly role: RoleContext, private readonly options: BalancerOptions) {
    const { servers, algorithm, failures, successes = 1, checkInterval } = options;
    this.pool = new ServerPool(servers, {
      algorithm, failures, successes, checked: checkInterval > 0, now: () => performance.now(),
      note: (note) => {
        role.note(note);
        if (note.topic === 'lb.health' && note.what === 'down') this.forwarder.forget(note.server);
      },
    });
    this.forwarder = new Forwarder(role, this.pool, options);
  }

  /** Serves until the role ends. Rejects with the system's error when it cannot listen (EADDRINUSE). */
  async run(): Promise<void> {
    const { port, keepAlive } = this.options;
    for (const server of this.pool.servers) this.check(server);
    await httpServer(this.role, { port, handler: this.forwarder.handler, maxConnections: MAX_CONNECTIONS, ...(!keepAlive && { keepAlive: 0 }) });
  }

  get servers(): readonly Server[] {
    return this.pool.servers;
  }

  /** One more server from now on. Nothing happens when it is known already. */
  add(server: Backend): void {
    if (this.pool.add(server)) this.check(server);
  }

  /** No new requests for that server; resolves when those that it has are over. Null: no such server. */
  drain(name: string): Promise<void> | null {
    return this.pool.drain(name, this.role.signal)?.then(() => this.forwarder.forget(name)) ?? null;
  }

  /** It gets requests again. */
  undrain(name: string): boolean {
    return this.pool.undrain(name);
  }

  private check(server: Backend): void {
    const { checkInterval: interval, timeout } = this.options;
    if (interval > 0) void checkHealth(this.role, this.pool, server, { interval, timeout: Math.min(interval, timeout), target: '/health' });
  }
}
