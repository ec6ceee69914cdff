import { once } from 'node:events';
import { expect, it } from 'vitest';
import { traced } from './traced.fixture';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

it('carries datagrams whole, each with the address of its sender', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const server = await b.dgram.bind(0);
  const client = await a.dgram.open();
  expect(client.local).toBeNull();
  const to = server.local ?? { address: '', port: 0 };
  await client.sendTo(Buffer.from('one'), to);
  await client.sendTo(Buffer.from('second'), to);
  await client.sendTo(new Uint8Array(0), to);
  expect(client.local?.address).toBe(a.address);
  expect(await server.recvFrom(2048).then(({ bytes, from }) => [text(bytes), from])).toEqual(['one', client.local]);
  // Too long for the buffer: the rest of that datagram is gone, the next is another.
  expect(text((await server.recvFrom(3)).bytes)).toBe('sec');
  expect((await server.recvFrom(3)).bytes.length).toBe(0);

  expect(trace.calls()).toEqual([
    'socket.opened', 'socket.bound', 'socket.opened', 'socket.bound', 'datagram.sent', 'datagram.sent', 'datagram.sent',
    'recvfrom.started', 'datagram.received', 'recvfrom.started', 'datagram.received', 'recvfrom.started', 'datagram.received',
  ]);
  expect(trace.facts('datagram.sent')[1]).toMatchObject({ a: 6, b: 0, size: 6, local: client.local, remote: to });
  expect(trace.facts('datagram.received').map((fact) => [fact.a, fact.size, fact.local, fact.remote])).toEqual([
    [2048, 3, to, client.local], [3, 3, to, client.local], [3, 0, to, client.local],
  ]);
  a.closeAll();
  b.closeAll();
  expect(trace.calls().slice(-2)).toEqual(['socket.closed', 'socket.closed']);
});

it('leaves datagrams in the kernel until they are asked for', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const server = await b.dgram.bind(0);
  const client = await a.dgram.bind(0);
  for (let i = 0; i < 5; i++) await client.sendTo(Buffer.from([i]), server.local ?? { address: '', port: 0 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(trace.facts('datagram.received')).toHaveLength(0);
  for (let i = 0; i < 5; i++) expect((await server.recvFrom(10)).bytes).toEqual(Buffer.from([i]));
  await expect(server.recvFrom(10, 5)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(trace.facts('call.failed')[0]).toMatchObject({ err: 'ETIMEDOUT', text: 'recvfrom' });
  const waiting = server.recvFrom(1);
  server.close();
  await expect(waiting).rejects.toMatchObject({ code: 'EBADF' });
  a.closeAll();
});

it('tells what the system refuses: too long, taken, nobody there', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const server = await b.dgram.bind(0);
  const to = server.local ?? { address: '', port: 0 };
  const client = await a.dgram.open();
  await expect(client.sendTo(new Uint8Array(65_508), to)).rejects.toMatchObject({ code: 'EMSGSIZE' });
  expect(trace.facts('datagram.sent')[0]).toMatchObject({ a: -1, size: 65_508, err: 'EMSGSIZE' });
  await client.sendTo(new Uint8Array(65_507), to);
  expect((await server.recvFrom(65_536)).bytes.length).toBe(65_507);
  await expect(b.dgram.bind(to.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(trace.facts('socket.bound').at(-1)).toMatchObject({ err: 'EADDRINUSE', local: to });
  await expect(client.sendTo(Buffer.from('x'), { address: '192.0.2.1', port: 9 })).rejects.toMatchObject({ code: 'EACCES' });

  server.close();
  // Nobody there, and the socket is not connected: silence.
  await client.sendTo(Buffer.from('anyone?'), to);
  await expect(client.recvFrom(100, 20)).rejects.toMatchObject({ code: 'ETIMEDOUT' });

  const connected = await a.dgram.open();
  await connected.connect(to);
  await connected.send(Buffer.from('anyone?'));
  await expect(connected.recvFrom(100)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(trace.facts('datagram.sent').at(-1)).toMatchObject({ b: 1, remote: to, local: connected.local });
  expect(trace.facts('call.failed').at(-1)).toMatchObject({ err: 'ECONNREFUSED', text: 'recvfrom', sock: trace.facts('datagram.sent').at(-1)?.sock });
  a.closeAll();
});

it('taps a plain dgram socket', async () => {
  const trace = traced();
  const a = trace.role('client');
  const server = a.dgram.createSocket();
  const client = a.dgram.createSocket();
  server.on('message', (bytes, { port, address }) => server.send(bytes.toString().toUpperCase(), port, address));
  server.bind(0);
  await once(server, 'listening');
  expect(server.address().address).toBe(a.address);
  client.send(['he', 'llo'], server.address().port, a.address);
  expect(await once(client, 'message').then(([bytes]) => text(bytes as Buffer))).toBe('HELLO');
  expect(trace.calls()).toEqual(['socket.opened', 'socket.bound', 'socket.opened', 'socket.bound', 'datagram.sent', 'datagram.received', 'datagram.sent', 'datagram.received']);
  expect(trace.facts('datagram.sent', 'datagram.received').map((fact) => text(trace.store.payload(fact.seq)))).toEqual(['hello', 'hello', 'HELLO', 'HELLO']);
  const failing = new Promise((resolve) => client.send('x', 9, '192.0.2.1', resolve));
  expect(await failing).toMatchObject({ code: 'EACCES' });
  client.close();
  a.closeAll();
  expect(trace.facts('socket.closed')).toHaveLength(2);
});
