// The course's UDPClient.py: sendto(), recvfrom(), print. It does not wait for ever: a datagram or its answer may be lost.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { RoleContext } from '../lab';
import { decode } from '../text';

export interface UppercaseClientOptions {
  readonly server: Endpoint;
  readonly messages: readonly Uint8Array[];
  /** The buffer that recvfrom() is given, in bytes. */
  readonly recvSize: number;
  /** How long one recvfrom() waits, in ms. */
  readonly timeout: number;
  /** connect() first: then the system tells this socket about unreachable ports. */
  readonly connected: boolean;
}

/** Rejects with the system's error: EMSGSIZE, ECONNREFUSED (connected only), ETIMEDOUT. */
export async function uppercaseClient(role: RoleContext, options: UppercaseClientOptions): Promise<void> {
  const { server, messages, recvSize, timeout, connected } = options;
  const socket = await role.host.dgram.open();
  try {
    if (connected) await socket.connect(server);
    for (const message of messages) {
      if (connected) await socket.send(message);
      else await socket.sendTo(message, server); // each datagram carries its destination
    }
    for (const _ of messages) {
      const { bytes, from } = await socket.recvFrom(recvSize, timeout);
      role.print(`${formatEndpoint(from)} answers ${decode(bytes)}`);
    }
  } finally {
    socket.close();
  }
}
