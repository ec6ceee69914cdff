// The program of a TCP relay: listens, dials the target for each client, passes the bytes on both ways with the faults of shared/lab/
// faults.ts. Real tapped sockets on both sides; every fault goes into the trace. On the way of the data: between a client and a server.

import { createRandom } from '../../../shared/base/random';
import { NO_TCP_FAULTS, type TcpFaults } from '../../../shared/lab/faults';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../../roles/lab';
import { RELAY_LIMITS } from './limits';
import { Link } from './link';
import type { ReportFault } from './report';
import { RelayedConnection } from './tcpConnection';
import { Gate } from './timing';

export interface TcpRelayOptions {
  /** Port of the relay's own host. */
  readonly port: number;
  readonly target: Endpoint;
  readonly faults: TcpFaults;
  readonly seed: number;
  readonly report: ReportFault;
  /** Told of each client's end and of the target's, before it is dialled. */
  readonly meet?: (end: Endpoint) => void;
}

/** What distinguishes the random numbers of the two directions. */
const DOWN = 0x5f3759df;

export class TcpRelayProgram {
  private current: TcpFaults;
  private readonly gate = new Gate();
  private readonly connections = new Set<RelayedConnection>();

  constructor(private readonly options: TcpRelayOptions) {
    this.current = { ...NO_TCP_FAULTS, ...options.faults };
    this.gate.set(!this.current.stalled);
  }

  get faults(): TcpFaults {
    return this.current;
  }

  set(faults: Partial<TcpFaults>): void {
    this.current = { ...this.current, ...faults };
    this.gate.set(!this.current.stalled);
  }

  cut(how: 'cut' | 'reset'): void {
    for (const connection of [...this.connections]) connection.cut(how);
  }

  /** Ends when its role does. Rejects with the system's error when it cannot listen. */
  async run(role: RoleContext): Promise<void> {
    const { port, target, seed, report } = this.options;
    const faults = (): TcpFaults => this.current;
    const rate = (): number => this.current.bandwidth;
    const up = { link: new Link(rate, role.signal), random: createRandom(seed) };
    const down = { link: new Link(rate, role.signal), random: createRandom(seed ^ DOWN) };
    const listening = await role.host.net.listen({ port });
    role.signal.addEventListener('abort', () => {
      listening.close();
      for (const connection of [...this.connections]) connection.close();
    });
    role.listening({ protocol: 'tcp', ...listening.endpoint });
    while (!role.signal.aborted) {
      const client = await listening.accept();
      if (this.connections.size >= RELAY_LIMITS.connections) {
        client.abort();
        continue;
      }
      this.options.meet?.(client.remote);
      this.options.meet?.(target);
      const connection = new RelayedConnection({ net: role.host.net, target, client, faults, gate: this.gate, report, up, down });
      this.connections.add(connection);
      void connection.run().then(() => this.connections.delete(connection));
    }
  }
}
