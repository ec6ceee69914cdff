// Servers of the lab of a connection's life, each small enough to be read in class: one that waits for the end of the stream, one that talks
// on, one that says goodbye first. The echo server (roles/tcp) serves the clients by hand.

import { formatEndpoint } from '../../../shared/trace/endpoint';
import { sayError } from '../errno';
import type { StreamSocket } from '../host';
import type { RoleContext } from '../lab';
import { encode } from '../text';
import { kernelState } from './socketTable';

/** The buffer of its recv(), in bytes. */
const RECV_SIZE = 1024;

/** ms that it listens for an answer to its question; a client that has closed answers at once, with RST. */
const PAUSE = 200;

/** What it does with one client, after accept() and before close(). */
export type Service = (role: RoleContext, socket: StreamSocket, client: string) => Promise<void>;

export interface Told {
  /** After close() of each client's socket. */
  readonly served?: () => void;
  /** Aborts when the program is to end: it closes its listening socket. Left out: never. */
  readonly enough?: AbortSignal;
}

/** Accepts, serves side by side, closes. Rejects with the system's error when it cannot listen. */
export async function server(role: RoleContext, port: number, service: Service, { served, enough }: Told): Promise<void> {
  const listening = await role.host.net.listen({ port });
  role.listening({ protocol: 'tcp', ...listening.endpoint });
  enough?.addEventListener('abort', () => listening.close(), { once: true });
  for (;;) {
    const socket = await listening.accept().catch((error: unknown) => {
      if (enough?.aborted === true) return null;
      throw error;
    });
    if (socket === null) return;
    void serve(role, socket, service).then(served);
  }
}

async function serve(role: RoleContext, socket: StreamSocket, service: Service): Promise<void> {
  const client = formatEndpoint(socket.remote);
  try {
    await service(role, socket, client);
  } catch (error) {
    // One client's trouble is not the server's end.
    if (!role.signal.aborted) role.print(`${client} ${sayError(error)}`);
  } finally {
    socket.close();
  }
}

/** Reads to the end of the stream and only then answers: the answer goes over a connection that is half closed. */
export const answersAtTheEnd: Service = async (role, socket, client) => {
  let total = 0;
  for (;;) {
    const bytes = await socket.recv(RECV_SIZE);
    if (bytes.length === 0) break; // the client's FIN: CLOSE_WAIT
    total += bytes.length;
  }
  await socket.sendAll(encode(`${total} B received\n`));
  role.print(`${client} has sent ${total} B and will send no more; answered all the same`);
};

/** Greets, and talks on after the end of the stream: a client that half-closes still listens, and FIN does not say whether this one does. */
export const talksOn: Service = async (role, socket, client) => {
  await socket.sendAll(encode('Good morning, how are you?\n'));
  const bytes = await socket.recv(RECV_SIZE);
  if (bytes.length > 0) return;
  role.print(`${client} sends no more. Does it still listen?`);
  await socket.sendAll(encode('Are you there?\n'));
  // send() meets EPIPE once the RST has come: a moment later where the kernel is late. Where no table tells, it does not wait.
  for (let ms = 0; ms < PAUSE && (await kernelState(socket.local, socket.remote)) === 'CLOSE_WAIT'; ms++) await role.sleep(1);
  await socket.sendAll(encode('Hello?\n'));
};

/** Says one line and closes first: TIME_WAIT is the server's then. */
export const closesFirst: Service = async (_role, socket) => {
  await socket.sendAll(encode('Closed for today.\n'));
};
