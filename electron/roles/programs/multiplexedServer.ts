// All clients in one thread: select() tells which sockets are ready, and no other call waits. What a request costs is waited for beside the
// others (a time that select() is given), unless it is computing: that holds up everybody.

import type { ListeningSocket, StreamSocket } from '../host';
import type { ProgramOptions } from '../lab';
import { joined } from './echoLines';
import { eventServer } from './eventServer';
import { DEFAULT_BACKLOG, numberOf } from './options';
import type { Program, ProgramRole } from './program';
import { Sampler } from './sampler';

/** Bytes that recv() asks for. */
const RECV = 4096;
/** A line that is longer is no line: the server hangs up. */
const LONGEST = 64 * 1024;
const NEWLINE = 0x0a;

interface Client {
  readonly socket: StreamSocket;
  /** Of a line that is not whole yet. */
  unread: Uint8Array;
  /** Answers that the kernel had no room for yet. */
  unsent: Uint8Array;
  /** It has said all, and still reads: what it asked for is answered before it is let go. */
  ended: boolean;
}

/** An answer that is ready at that time (ms). */
interface Due {
  readonly at: number;
  readonly client: Client;
  readonly line: Uint8Array;
}

/**
 * Options: port, backlog; work and busy as echoLines.ts has them; events: without select(), which must be told of every socket each time, by
 * callbacks of the event loop (eventServer.ts), for thousands of clients.
 */
export const multiplexedServer: Program = async (role, options) => {
  if (options['events'] === true) return eventServer(role, options);
  const listener = await role.host.net.listen({ port: numberOf(options, 'port', 0), backlog: numberOf(options, 'backlog', DEFAULT_BACKLOG) });
  role.listening({ protocol: 'tcp', ...listener.endpoint });
  const sampler = new Sampler(role);
  sampler.keep();
  const clients = new Map<StreamSocket, Client>();
  const due: Due[] = [];
  const leave = (client: Client): void => {
    client.socket.close();
    if (clients.delete(client.socket)) sampler.closed();
  };

  while (!role.signal.aborted) {
    const first = due[0];
    const unsent = [...clients.values()].filter((client) => client.unsent.length > 0).map((client) => client.socket);
    const asking = [...clients.values()].filter((client) => !client.ended).map((client) => client.socket);
    const timeout = first === undefined ? undefined : Math.max(0, first.at - performance.now());
    const { readable, writable } = await role.host.net.select<StreamSocket | ListeningSocket>([listener, ...asking], unsent, timeout);
    for (const ready of readable) {
      if (ready === listener) {
        const socket = await listener.accept();
        clients.set(socket, { socket, unread: new Uint8Array(0), unsent: new Uint8Array(0), ended: false });
        sampler.opened();
        continue;
      }
      const client = clients.get(ready as StreamSocket);
      if (client === undefined) continue;
      const lines = take(client);
      if (lines === null) client.ended = true;
      else for (const line of lines) due.push(answer(role, client, line, options));
    }
    due.sort((one, other) => one.at - other.at);
    for (let ready = due[0]; ready !== undefined && ready.at <= performance.now(); ready = due[0]) {
      due.shift();
      const { client, line } = ready;
      client.unsent = joined(client.unsent, line);
      if (clients.has(client.socket) && !send(client)) leave(client);
    }
    for (const socket of writable) {
      const client = clients.get(socket);
      if (client !== undefined && !send(client)) leave(client);
    }
    for (const client of clients.values()) if (client.ended && client.unsent.length === 0 && !due.some((one) => one.client === client)) leave(client);
  }
};

/** The lines that have come; null when no more will. */
function take(client: Client): readonly Uint8Array[] | null {
  try {
    const got = client.socket.tryRecv(RECV);
    if (got.length === 0) return null;
    client.unread = joined(client.unread, got);
  } catch (error) {
    return isNotYet(error) ? [] : null;
  }
  const lines: Uint8Array[] = [];
  for (let end = client.unread.indexOf(NEWLINE); end >= 0; end = client.unread.indexOf(NEWLINE)) {
    lines.push(client.unread.slice(0, end + 1));
    client.unread = client.unread.slice(end + 1);
  }
  return client.unread.length > LONGEST ? null : lines;
}

/** When it is ready. Computing takes its time here and now. */
function answer(role: ProgramRole, client: Client, line: Uint8Array, options: ProgramOptions): Due {
  const work = numberOf(options, 'work', 0);
  if (options['busy'] === true) role.blocking.compute(work);
  return { at: performance.now() + (options['busy'] === true ? 0 : work), client, line };
}

/** What the kernel has room for; false when the connection is broken. */
function send(client: Client): boolean {
  if (client.unsent.length === 0) return true;
  try {
    client.unsent = client.unsent.slice(client.socket.trySend(client.unsent));
    return true;
  } catch (error) {
    return isNotYet(error);
  }
}

const isNotYet = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';
