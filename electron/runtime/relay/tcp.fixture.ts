// For the TCP relay's tests: servers and clients of plain node:net, closed after each test.

import { once } from 'node:events';
import * as net from 'node:net';
import type { Endpoint } from '../../../shared/trace/event';
import { ADDRESS, stopRelays } from './relay.fixture';

export const servers: net.Server[] = [];
const sockets: net.Socket[] = [];

export async function closeAll(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await stopRelays();
}

export async function serve(onClient: (socket: net.Socket) => void, options: net.ServerOpts = {}): Promise<Endpoint> {
  const server = net.createServer(options, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onClient(socket);
  });
  servers.push(server);
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  return { address: ADDRESS, port: (server.address() as net.AddressInfo).port };
}

export const echo = (): Promise<Endpoint> => serve((socket) => socket.pipe(socket));

export function connect(to: Endpoint): net.Socket {
  const socket = net.connect({ host: to.address, port: to.port, allowHalfOpen: true });
  sockets.push(socket);
  return socket;
}

/** Everything that comes until the end of the stream, and how it ended. */
export async function read(socket: net.Socket): Promise<{ readonly bytes: Buffer; readonly end: string }> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const end = await new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  return { bytes: Buffer.concat(chunks), end };
}

export const noise = (size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 2654435761) >>> 13;
  return bytes;
};
