// The program of a UDP relay: datagrams of its clients go on to the target, each client's by a socket of its own, answers back to
// whoever asked, with the faults of shared/lab/faults.ts. Errors that ICMP would tell are not passed on: a dead target is silence.

import { createRandom } from '../../../shared/base/random';
import { NO_UDP_FAULTS, type UdpFaults } from '../../../shared/lab/faults';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { DatagramSocket } from '../../roles/host';
import type { RoleContext } from '../../roles/lab';
import { RELAY_LIMITS } from './limits';
import type { ReportFault } from './report';
import { UdpLine } from './udpLine';

export interface UdpRelayOptions {
  readonly port: number;
  readonly target: Endpoint;
  readonly faults: UdpFaults;
  readonly seed: number;
  readonly report: ReportFault;
  /** Told of each client's end and of the target's. */
  readonly meet?: (end: Endpoint) => void;
}

const DOWN = 0x5f3759df;
/** More than any datagram holds. */
const BUFFER = 65_535;

export class UdpRelayProgram {
  private current: UdpFaults;

  constructor(private readonly options: UdpRelayOptions) {
    this.current = { ...NO_UDP_FAULTS, ...options.faults };
  }

  get faults(): UdpFaults {
    return this.current;
  }

  set(faults: Partial<UdpFaults>): void {
    this.current = { ...this.current, ...faults };
  }

  /** Ends when its role does. Rejects with the system's error when it cannot bind. */
  async run(role: RoleContext): Promise<void> {
    const { port, target, seed, report } = this.options;
    const shared = { faults: () => this.current, report, room: { held: 0 }, signal: role.signal };
    const up = new UdpLine({ ...shared, direction: 'up', random: createRandom(seed) });
    const down = new UdpLine({ ...shared, direction: 'down', random: createRandom(seed ^ DOWN) });
    const socket = await role.host.dgram.bind(port);
    /** By their addresses, the one that was silent longest first. */
    const clients = new Map<string, DatagramSocket>();
    role.signal.addEventListener('abort', () => {
      socket.close();
      for (const each of clients.values()) each.close();
    });

    const answer = async (own: DatagramSocket, client: Endpoint): Promise<void> => {
      for (;;) {
        const { bytes, from } = await own.recvFrom(BUFFER);
        // Whoever else may have found this port is not the target.
        if (from.port === target.port && from.address === target.address) down.enter(own, bytes, (each) => send(socket, each, client));
      }
    };
    const socketFor = async (client: Endpoint): Promise<DatagramSocket> => {
      const key = formatEndpoint(client);
      const own = clients.get(key) ?? (await role.host.dgram.bind(0));
      const isNew = !clients.delete(key);
      clients.set(key, own);
      if (isNew) this.options.meet?.(client);
      if (isNew) this.options.meet?.(target);
      if (isNew) void answer(own, client).catch(() => undefined);
      const [oldest] = clients;
      if (clients.size > RELAY_LIMITS.clients && oldest !== undefined) {
        clients.delete(oldest[0]);
        oldest[1].close();
      }
      return own;
    };

    role.listening({ protocol: 'udp', address: role.host.address, port: socket.local?.port ?? port });
    while (!role.signal.aborted) {
      const { bytes, from } = await socket.recvFrom(BUFFER);
      const own = await socketFor(from);
      up.enter(socket, bytes, (each) => send(own, each, target));
    }
  }
}

/** A datagram that cannot go is lost, as one is. */
function send(socket: DatagramSocket, bytes: Uint8Array, to: Endpoint): void {
  socket.sendTo(bytes, to).catch(() => undefined);
}
