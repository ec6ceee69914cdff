// The course's UDPServer.py: one socket for all clients. recvfrom() says who asked; that is where the answer goes.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { decode, encode } from '../text';

/** The course's recvfrom(2048). */
const RECV_SIZE = 2048;

/** Rejects with the system's error when it cannot bind (EADDRINUSE). */
export async function uppercaseServer(role: RoleContext, options: { readonly port: number }): Promise<void> {
  const socket = await role.host.dgram.bind(options.port);
  role.listening({ protocol: 'udp', address: role.host.address, port: options.port });
  role.print('The server is ready to receive');
  for (;;) {
    const { bytes, from } = await socket.recvFrom(RECV_SIZE);
    const modified = encode(decode(bytes).toUpperCase());
    try {
      await socket.sendTo(modified, from);
    } catch (error) {
      if (role.signal.aborted) throw error;
      role.print(`${formatEndpoint(from)} ${sayError(error)}`); // one answer that cannot go is not the server's end
    }
  }
}
