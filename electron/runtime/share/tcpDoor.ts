// The program of a TCP door: listens on one side, dials the other for each client, passes the bytes on both ways. As a relay (runtime/
// relay) without faults, but its two sides are two networks, and it lets in only whom it may, and not too many.

import { createRandom } from '../../../shared/base/random';
import { NO_TCP_FAULTS } from '../../../shared/lab/faults';
import type { Endpoint } from '../../../shared/trace/event';
import type { TcpNetwork } from '../../roles/host';
import type { RoleContext } from '../../roles/lab';
import { Link } from '../relay/link';
import { RelayedConnection } from '../relay/tcpConnection';
import { Gate } from '../relay/timing';
import type { Guests } from './guests';

export interface TcpDoorOptions {
  readonly front: Pick<TcpNetwork, 'listen'>;
  readonly back: Pick<TcpNetwork, 'dial'>;
  readonly port: number;
  readonly target: Endpoint;
  readonly guests: Guests;
  /** The door speaks from `local` for `remote`, until the result is called: told before the target can have accepted. */
  readonly speaks: (local: Endpoint, remote: Endpoint) => () => void;
}

/** Ends when its role does. Rejects with the system's error when it cannot listen. */
export async function tcpDoor(role: RoleContext, { front, back, port, target, guests, speaks }: TcpDoorOptions): Promise<void> {
  const listening = await front.listen({ port });
  const connections = new Set<RelayedConnection>();
  role.signal.addEventListener('abort', () => {
    listening.close();
    for (const connection of [...connections]) connection.close();
  });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  const way = { link: new Link(() => 0, role.signal), random: createRandom(1) };
  const gate = new Gate();
  for (;;) {
    const client = await listening.accept();
    const { remote } = client;
    if (!guests.enter(remote)) {
      client.abort();
      continue;
    }
    let silent: () => void = () => undefined;
    const connection = new RelayedConnection({
      client, target, gate, up: way, down: way, faults: () => NO_TCP_FAULTS, report: () => undefined,
      net: { dial: (to) => back.dial(to, (local) => void (silent = speaks(local, remote))) },
    });
    connections.add(connection);
    void connection.run().then(() => {
      connections.delete(connection);
      silent();
      guests.leave(remote);
    });
  }
}
