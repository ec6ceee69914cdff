import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { StreamSocket } from '../roles/host';
import { ownAddress, traced, type Traced } from './traced.fixture';

async function pair(trace: Traced): Promise<{ client: StreamSocket; server: StreamSocket; end: () => void }> {
  const a = trace.role('client');
  const b = trace.role('server');
  const listener = await b.net.listen({ port: 0 });
  const [server, client] = await Promise.all([listener.accept(), a.net.dial(listener.endpoint)]);
  return { client, server, end: () => [a, b].forEach((role) => role.closeAll()) };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytes = (value: string): Uint8Array => Buffer.from(value, 'latin1');

async function drain(socket: StreamSocket, size = 65_536): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = await socket.recv(size);
    if (part.length === 0) return Buffer.concat(parts);
    parts.push(part);
  }
}

it('tells the calls of a short conversation in order', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const listener = await b.net.listen({ port: 0, backlog: 2 });
  const accepting = listener.accept();
  const client = await a.net.dial(listener.endpoint);
  const server = await accepting;
  expect(server.remote).toEqual(client.local);
  expect(client.local.address).toBe(a.address);

  const asked = server.recv(1024);
  await client.sendAll(bytes('hello'));
  expect(text(await asked)).toBe('hello');
  server.close();
  expect((await client.recv(1024)).length).toBe(0);
  client.close();
  listener.close();

  const calls = trace.calls();
  expect(calls.slice(0, 7)).toEqual(['socket.opened', 'socket.bound', 'socket.listened', 'accept.started', 'socket.opened', 'socket.bound', 'connect.started']);
  // The handshake is over for both in the same turn of the kernel: who hears of it first is chance.
  expect(calls.slice(7, 9).sort()).toEqual(['connect.ended', 'connection.accepted']);
  expect(calls.slice(9, 13)).toEqual(['recv.started', 'bytes.sent', 'bytes.received', 'socket.closed']);
  expect(calls.slice(13).filter((call) => call !== 'recv.started')).toEqual(['stream.ended', 'socket.closed', 'socket.closed']);
  const [listened] = trace.facts('socket.listened');
  expect(listened).toMatchObject({ a: 2, local: listener.endpoint, err: '' });
  const [accepted] = trace.facts('connection.accepted');
  expect(accepted).toMatchObject({ local: listener.endpoint, remote: client.local });
  expect(accepted?.b).toBeGreaterThan(2);
});

it('reads no more than it is asked for, and what it leaves makes the kernel reset', async () => {
  const trace = traced();
  const { client, server, end } = await pair(trace);
  await client.sendAll(bytes('abcdefgh'));
  expect(text(await server.recv(3))).toBe('abc');
  expect(text(await server.recv(3))).toBe('def');
  server.close();
  await expect(client.recv(10)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(client.closed).toBe(false);
  expect(trace.calls()).toContain('call.failed ECONNRESET');
  expect(trace.facts('bytes.received').map((fact) => [fact.a, fact.offset, fact.size])).toEqual([[3, 0, 3], [3, 3, 3]]);
  await expect(client.sendAll(bytes('x'))).rejects.toMatchObject({ code: 'EPIPE' });
  expect(trace.facts('bytes.sent').at(-1)).toMatchObject({ a: -1, err: 'EPIPE' });
  end();
});

it('carries megabytes without a difference, and says when send had to wait', async () => {
  const trace = traced();
  const { client, server, end } = await pair(trace);
  const sent = randomBytes(24 * 1024 * 1024);
  const sending = client.sendAll(sent).then(() => client.shutdown());
  const received = await drain(server, 40_000);
  await sending;
  expect(createHash('sha256').update(received).digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));

  const [first] = trace.facts('bytes.sent');
  const [rest] = trace.facts('send.ended');
  expect(first?.size).toBe(sent.length);
  expect(first?.a).toBeLessThan(sent.length);
  expect((first?.a ?? 0) + (rest?.a ?? 0)).toBe(sent.length);
  expect(rest?.offset).toBe(sent.length);
  let offset = 0;
  for (const fact of trace.facts('bytes.received')) {
    expect(fact.offset).toBe(offset);
    expect(Buffer.from(trace.store.payload(fact.seq)).equals(sent.subarray(offset, offset + fact.size))).toBe(true);
    offset += fact.size;
  }
  expect(offset).toBe(sent.length);
  expect(trace.facts('stream.ended')[0]?.offset).toBe(sent.length);
  expect(trace.facts('stream.shutdown')[0]).toMatchObject({ a: 1, offset: sent.length, err: '' });
  end();
});

it('half-closes: one side ends, the other still answers', async () => {
  const trace = traced();
  const { client, server, end } = await pair(trace);
  await client.sendAll(bytes('question'));
  await client.shutdown();
  expect(text(await drain(server))).toBe('question');
  await server.sendAll(bytes('answer'));
  server.close();
  expect(text(await drain(client))).toBe('answer');
  await expect(client.sendAll(bytes('more'))).rejects.toMatchObject({ code: 'EPIPE' });
  end();
});

it('aborts with a reset', async () => {
  const trace = traced();
  const { client, server, end } = await pair(trace);
  const waiting = server.recv(10);
  client.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(trace.facts('socket.closed')[0]).toMatchObject({ a: 1 });
  await expect(client.recv(1)).rejects.toMatchObject({ code: 'EBADF' });
  end();
});

it('tells refused connections and taken ports by the calls that failed', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const first = await b.net.listen({ port: 0 });
  await expect(b.net.listen({ port: first.endpoint.port })).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'bind' });
  expect(trace.calls().slice(3)).toEqual(['socket.opened', 'socket.bound EADDRINUSE', 'socket.closed']);
  first.close();
  await expect(a.net.dial(first.endpoint)).rejects.toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
  expect(trace.calls().slice(-5)).toEqual(['socket.opened', 'socket.bound', 'connect.started', 'connect.ended ECONNREFUSED', 'socket.closed']);
});

it('resets what the program never accepted when it stops listening', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const listener = await b.net.listen({ port: 0 });
  const [first, , second] = await Promise.all([a.net.dial(listener.endpoint), listener.accept(), a.net.dial(listener.endpoint)]);
  const late = second.recv(1);
  const orderly = first.recv(1);
  listener.close();
  await expect(late).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(listener.accept()).rejects.toMatchObject({ code: 'EBADF' });
  b.closeAll();
  expect((await orderly).length).toBe(0);
  a.closeAll();
});

it('is killed: every descriptor at once, and whoever waited hears of it', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const listener = await b.net.listen({ port: 0 });
  const pending = listener.accept();
  const client = await a.net.dial(listener.endpoint);
  const server = await pending;
  const next = listener.accept();
  const asked = server.recv(1);
  b.closeAll();
  await expect(next).rejects.toMatchObject({ code: 'EBADF' });
  await expect(asked).rejects.toMatchObject({ code: 'EBADF' });
  expect((await client.recv(1)).length).toBe(0);
  await expect(a.net.dial(listener.endpoint)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(b.net.listen({ port: 0 })).rejects.toMatchObject({ code: 'EBADF' });
  a.closeAll();
});

it('stays on loopback', async () => {
  const trace = traced();
  const a = trace.role('client');
  await expect(a.net.dial({ address: '192.0.2.1', port: 9 })).rejects.toMatchObject({ code: 'EACCES', message: expect.stringContaining('loopback') as string });
  await expect(trace.role('outside', '0.0.0.0').net.listen({ port: 0 })).rejects.toMatchObject({ code: 'EACCES' });
  expect(trace.calls()).toEqual([]);
});

it('does the same with recording off', async () => {
  const { createNetwork } = await import('./network');
  const { roleIx } = await import('../../shared/base/brand');
  const a = createNetwork(null, { host: 'a', role: roleIx(0), address: ownAddress() });
  const listener = await a.net.listen({ port: 0 });
  const [server, client] = await Promise.all([listener.accept(), a.net.dial(listener.endpoint)]);
  await client.sendAll(bytes('same'));
  expect(text(await server.recv(10))).toBe('same');
  a.closeAll();
});
