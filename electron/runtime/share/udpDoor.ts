// The program of a UDP door: each client's datagrams go on by a socket of its own, answers back to the client. Nothing is held: what
// cannot go is lost, as datagrams are.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { DatagramSocket, UdpNetwork } from '../../roles/host';
import type { RoleContext } from '../../roles/lab';
import type { Guests } from './guests';
import { SHARE_LIMITS } from './limits';

export interface UdpDoorOptions {
  readonly front: Pick<UdpNetwork, 'bind'>;
  readonly back: Pick<UdpNetwork, 'bind'>;
  readonly port: number;
  readonly target: Endpoint;
  readonly guests: Guests;
  readonly speaks: (local: Endpoint, remote: Endpoint) => () => void;
}

/** More than any datagram holds. */
const BUFFER = 65_535;

/** Ends when its role does. Rejects with the system's error when it cannot bind. */
export async function udpDoor(role: RoleContext, { front, back, port, target, guests, speaks }: UdpDoorOptions): Promise<void> {
  const socket = await front.bind(port);
  const clients = new Map<string, { readonly own: DatagramSocket; readonly client: Endpoint; readonly silent: () => void }>();
  const forget = (key: string): void => {
    const known = clients.get(key);
    if (known === undefined || !clients.delete(key)) return;
    known.own.close();
    known.silent();
    guests.leave(known.client);
  };
  role.signal.addEventListener('abort', () => {
    socket.close();
    for (const key of [...clients.keys()]) forget(key);
  });

  const answer = async (own: DatagramSocket, client: Endpoint): Promise<void> => {
    for (;;) {
      const { bytes, from } = await own.recvFrom(BUFFER);
      // Whoever else may have found this port is not the target.
      if (from.port === target.port && from.address === target.address) send(socket, bytes, client);
    }
  };
  /** A client that says no goodbye stays until somebody needs its place: of the same address, or of all, who was silent longest. */
  const makeRoom = ({ address }: Endpoint): void => {
    const mine = [...clients].filter(([, known]) => known.client.address === address);
    const [first] = mine.length >= SHARE_LIMITS.perAddress ? mine : clients.size >= SHARE_LIMITS.connections ? clients : [];
    if (first !== undefined) forget(first[0]);
  };
  const socketFor = async (client: Endpoint): Promise<DatagramSocket | null> => {
    const key = formatEndpoint(client);
    const known = clients.get(key);
    if (known !== undefined) {
      clients.delete(key);
      clients.set(key, known);
      return known.own;
    }
    makeRoom(client);
    if (!guests.enter(client)) return null;
    const own = await back.bind(0).catch((error: unknown) => {
      guests.leave(client);
      throw error;
    });
    clients.set(key, { own, client, silent: own.local === null ? () => undefined : speaks(own.local, client) });
    // Another socket may stand for the same client by then.
    void answer(own, client).catch(() => {
      if (clients.get(key)?.own === own) forget(key);
    });
    return own;
  };

  role.listening({ protocol: 'udp', address: socket.local?.address ?? '', port: socket.local?.port ?? port });
  for (;;) {
    const { bytes, from } = await socket.recvFrom(BUFFER);
    const own = await socketFor(from);
    if (own !== null) send(own, bytes, target);
  }
}

function send(socket: DatagramSocket, bytes: Uint8Array, to: Endpoint): void {
  socket.sendTo(bytes, to).catch(() => undefined);
}
