import { once } from 'node:events';
import * as net from 'node:net';
import { expect, it } from 'vitest';
import { connectionsPerServer, connectionsWithin } from './descriptors';
import { traced } from './traced.fixture';

it('stays below the limit of descriptors, and keeps some for the rest of the process', () => {
  expect([1_048_576, 1024, 256, 40, 8].map((descriptors) => connectionsWithin(descriptors))).toEqual([20_000, 496, 112, 4, 4]);
  expect(connectionsWithin(Number.POSITIVE_INFINITY)).toBe(20_000);
  // A server in a process of its own has one end of each connection.
  expect(connectionsWithin(20_000, 1)).toBe(19_968);
});

it('turns away who comes on top, and says so', async () => {
  const trace = traced();
  const { net: tcp, address, closeAll } = trace.role('server');
  const server = tcp.createServer();
  expect(server.maxConnections).toBe(connectionsPerServer());
  server.maxConnections = 2;
  server.listen(0);
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const clients = [1, 2, 3].map(() => net.connect({ host: address, port }).on('error', () => undefined));
  await Promise.race(clients.map((client) => once(client, 'close')));
  expect(trace.facts('call.failed').map((fact) => [fact.text, fact.err])).toEqual([['accept', 'CONNECTION_LIMIT']]);
  expect(trace.facts('connection.accepted')).toHaveLength(2);
  for (const client of clients) client.destroy();
  closeAll();
});
