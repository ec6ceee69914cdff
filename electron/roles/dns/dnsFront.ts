// The sockets of a DNS server: one for datagrams and one that listens for connections, on the same port (RFC 7766 5). Gives each
// message's bytes to the server behind it and sends what that gives back.

import type { RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { sayError } from '../errno';
import type { RoleContext } from '../lab';
import { DNS_LIMITS } from './limits';
import type { Answerer } from './reply';
import { serveStream } from './tcpMessages';

export interface DnsFrontOptions {
  readonly port: number;
  /** Ports that it serves too when it may; what stands against it is printed. */
  readonly alsoPorts?: readonly number[];
}

/** Serves until the role ends. Rejects with the system's error when `port` cannot be had (EADDRINUSE). */
export async function serveDns(role: RoleContext, options: DnsFrontOptions, answer: Answerer): Promise<void> {
  await listen(role, options.port, answer);
  for (const port of options.alsoPorts ?? []) {
    try {
      await listen(role, port, answer);
    } catch (error) {
      role.print(`port ${port}: ${sayError(error)}`);
    }
  }
  if (!role.signal.aborted) await once(role.signal, 'abort');
}

/** One address, one port, both transports; tells the lab when both listen. */
async function listen(role: RoleContext, port: number, answer: Answerer): Promise<void> {
  const address = role.host.address;
  const server = role.host.net.createServer({ allowHalfOpen: true }, (socket) => serveStream(socket, answer));
  server.maxConnections = DNS_LIMITS.connections;
  server.on('error', () => undefined); // later than listen(): one connection's trouble, not the server's end
  server.listen({ port, host: address });
  await once(server, 'listening');
  try {
    await bind(role, port, answer);
  } catch (error) {
    server.close();
    throw error;
  }
  role.signal.addEventListener('abort', () => server.close(), { once: true });
  role.listening({ protocol: 'udp', address, port });
  role.listening({ protocol: 'tcp', address, port });
}

async function bind(role: RoleContext, port: number, answer: Answerer): Promise<void> {
  // The answer goes to the address that the system told: there is nothing to look up.
  const lookup = (address: string, _options: unknown, done: (error: null, address: string, family: number) => void): void => done(null, address, address.includes(':') ? 6 : 4);
  const socket = role.host.dgram.createSocket({ lookup: lookup as never });
  // An answer that cannot go (the client's port is gone, the buffer is full) is lost like any datagram.
  const send = (bytes: Uint8Array, { address, port: to }: RemoteInfo): void => socket.send(bytes, to, address, ignored);
  socket.on('message', (bytes, from) => {
    const made = answer(bytes, from, 'udp');
    if (made === null) return;
    if (made instanceof Uint8Array) return send(made, from);
    void made.then((late) => {
      if (late !== null && !role.signal.aborted) send(late, from);
    });
  });
  const listening = once(socket, 'listening'); // with the lookup above it comes before bind() returns
  socket.bind({ port, address: role.host.address, exclusive: true });
  await listening;
  role.signal.addEventListener('abort', () => closeOnce(socket), { once: true });
}

const ignored = (): void => undefined;

/** dgram's close() throws when the role's end has closed it before. */
function closeOnce(socket: { close(): unknown }): void {
  try {
    socket.close();
  } catch {
    return;
  }
}
