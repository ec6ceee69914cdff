// For tests of the service and its balancer: programs on loopback hosts of their own, and servers that misbehave just so.

import type * as net from 'node:net';
import { runs, testRole, type TestRole } from '../bittorrent/swarm.fixture';
import type { RoleContext } from '../lab';
import type { Endpoint } from '../../../shared/trace/event';
import { HandConnection, type RequestText } from '../http/handClient';
import type { HttpResponse } from '../http/responseReader';
import { ServiceServer, type ServiceOptions } from './serviceServer';

export interface Program<T> extends TestRole {
  readonly program: T;
  readonly at: Endpoint;
}

/** Runs it on a host of its own; resolves when it listens. */
export async function program<T extends { run(): Promise<void> }>(id: string, make: (role: RoleContext) => T): Promise<Program<T>> {
  const made = testRole(id);
  const one = make(made.role);
  runs(one.run());
  return { ...made, program: one, at: await made.listening };
}

export const service = (id: string, options: Partial<ServiceOptions> = {}): Promise<Program<ServiceServer>> =>
  program(id, (role) => new ServiceServer(role, { port: 0, serviceTime: 0, workers: 4, keepAlive: true, ...options }));

/** A server that does what `behave` says with each connection, once a request has come. */
export async function rude(behave: (socket: net.Socket, request: string, count: number) => void): Promise<Program<{ readonly requests: string[] }>> {
  const made = testRole('rude');
  const requests: string[] = [];
  const server = made.role.host.net.createServer({}, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      requests.push(bytes.toString('latin1'));
      behave(socket, bytes.toString('latin1'), requests.length);
    });
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen({ port: 0, host: made.address }, resolve));
  const { port } = server.address() as net.AddressInfo;
  return { ...made, program: { requests }, at: { address: made.address, port } };
}

/** One request and its answer, from `client`'s host; the connection ends. */
export async function get(client: TestRole, at: Endpoint, request: Partial<RequestText> = {}): Promise<HttpResponse & { readonly text: string }> {
  const connection = await HandConnection.open(client.role, at, 5000);
  const response = await connection.exchange({ method: 'GET', target: '/time', ...request });
  connection.close();
  return { ...response, text: new TextDecoder().decode(response.body) };
}
