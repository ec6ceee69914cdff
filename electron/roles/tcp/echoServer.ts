// The echo service (RFC 862): sends back what it reads, until the client's end of stream. Serves its clients side by side; a
// server that serves one at a time is a lab of its own.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { sayError } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';

export interface EchoServerOptions {
  readonly port: number;
  /** The buffer that recv() is given, in bytes. */
  readonly readSize: number;
  /** Work between a recv() and its answer, in ms. */
  readonly delay: number;
  readonly observer?: EchoObserver;
}

/** Tells a lab's script how far the server is; changes nothing. */
export interface EchoObserver {
  accepted?(client: Endpoint): void;
  /** After each recv() that brought bytes. */
  read?(): void;
  /** After close() of the client's connected socket. */
  served?(client: Endpoint): void;
}

/** Rejects with the system's error when it cannot listen (EADDRINUSE). */
export async function echoServer(role: RoleContext, options: EchoServerOptions): Promise<void> {
  const listening = await role.host.net.listen({ port: options.port });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  for (;;) {
    // A new socket for each client; `listening` itself never carries a byte.
    const connected = await listening.accept();
    void serve(role, connected, options);
  }
}

async function serve(role: RoleContext, connected: StreamSocket, options: EchoServerOptions): Promise<void> {
  const client = formatEndpoint(connected.remote);
  options.observer?.accepted?.(connected.remote);
  try {
    for (;;) {
      const bytes = await connected.recv(options.readSize);
      if (bytes.length === 0) break; // end of stream: the client's FIN has come
      options.observer?.read?.();
      if (options.delay > 0) await role.sleep(options.delay);
      await connected.sendAll(bytes);
    }
    role.print(`${client} has finished`);
  } catch (error) {
    // One client's trouble is not the server's end.
    if (!role.signal.aborted) role.print(`${client} ${sayError(error)}`);
  } finally {
    connected.close();
    options.observer?.served?.(connected.remote);
  }
}
