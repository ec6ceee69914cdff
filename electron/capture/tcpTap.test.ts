import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type * as net from 'node:net';
import { expect, it } from 'vitest';
import { roleIx } from '../../shared/base/brand';
import type { Fact } from '../../shared/trace/event';
import { createClock } from './clock';
import { createNetwork, type Network } from './network';
import { Recorder } from './recorder';
import { ownAddress, traced } from './traced.fixture';

async function serve(network: Network, onConnection: (socket: net.Socket) => void, options: net.ServerOpts = {}): Promise<{ address: string; port: number }> {
  const server = network.net.createServer(options, onConnection);
  server.listen(0);
  await once(server, 'listening');
  return server.address() as net.AddressInfo;
}

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function all(socket: net.Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

it('records every byte of an echo, at its offset, on both ends and both ways', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const remote = await serve(b, (socket) => void socket.pipe(socket), { allowHalfOpen: true });
  const sent = randomBytes(8 * 1024 * 1024);
  const client = a.net.connect(remote);
  const back = all(client);
  for (let at = 0; at < sent.length; ) {
    const size = 1 + ((at * 7919) % 150_000);
    client.write(sent.subarray(at, at + size));
    at += size;
  }
  client.end();
  expect(sha(await back)).toBe(sha(sent));

  const bySocket = new Map<string, Fact[]>();
  for (const fact of trace.facts('bytes.sent', 'bytes.received')) {
    const key = `${fact.sock} ${fact.kind}`;
    bySocket.set(key, [...(bySocket.get(key) ?? []), fact]);
  }
  expect(bySocket.size).toBe(4);
  for (const facts of bySocket.values()) {
    let offset = 0;
    for (const fact of facts) {
      expect(fact.offset).toBe(offset);
      expect(fact.kept).toBe(Math.min(fact.size, 65_536));
      expect(Buffer.from(trace.store.payload(fact.seq)).equals(sent.subarray(offset, offset + fact.kept))).toBe(true);
      offset += fact.size;
    }
    expect(offset).toBe(sent.length);
  }
  const waited = trace.facts('bytes.sent').reduce((sum, fact) => sum + fact.size - fact.a, 0);
  expect(trace.facts('send.ended').reduce((sum, fact) => sum + fact.a, 0)).toBe(waited);
  a.closeAll();
  b.closeAll();
});

it('records strings, gathered writes and the order of calls', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const got = new Promise<Buffer>((resolve) => {
    void serve(b, (socket) => void all(socket).then(resolve)).then((remote) => {
      const client = a.net.connect(remote);
      client.write('до связи');
      client.write('');
      client.once('connect', () => {
        client.cork();
        client.write('한국어', 'utf8');
        client.write('cafe', 'hex');
        client.uncork();
        client.end();
      });
    });
  });
  const expected = Buffer.concat([Buffer.from('до связи한국어'), Buffer.from('cafe', 'hex')]);
  expect((await got).equals(expected)).toBe(true);
  const sent = trace.facts('bytes.sent');
  expect(Buffer.concat(sent.map((fact) => trace.store.payload(fact.seq))).equals(expected)).toBe(true);
  expect(sent.every((fact) => fact.size > 0 && fact.a === fact.size)).toBe(true);
  const calls = trace.calls();
  expect(calls.slice(0, 6)).toEqual(['socket.opened', 'socket.bound', 'socket.listened', 'socket.opened', 'socket.bound', 'connect.started']);
  expect(calls).toContain('connect.ended');
  expect(trace.facts('connection.accepted')[0]).toMatchObject({ remote: trace.facts('connect.ended')[0]?.local });
  expect(trace.facts('stream.shutdown').length).toBeGreaterThan(0);
  expect(trace.facts('stream.ended').map((fact) => fact.offset)).toContain(expected.length);
  a.closeAll();
  b.closeAll();
});

it('tells a reset and a refusal by the call that met it', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  let peer: net.Socket | undefined;
  const remote = await serve(b, (socket) => (peer = socket));
  const client = a.net.connect(remote);
  await once(client, 'connect');
  client.write('x');
  while (peer === undefined) await new Promise((resolve) => setImmediate(resolve));
  await once(peer, 'data');
  peer.resetAndDestroy();
  const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(trace.facts('call.failed')[0]).toMatchObject({ text: 'recv', err: 'ECONNRESET' });
  expect(trace.facts('socket.closed')[0]?.a).toBe(1);

  b.closeAll();
  const late = a.net.connect(remote);
  const [refused] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  expect(refused.code).toBe('ECONNREFUSED');
  expect(trace.calls().slice(-2)).toEqual(['connect.ended ECONNREFUSED', 'socket.closed']);
});

it('keeps servers and sockets on loopback', async () => {
  const trace = traced();
  const a = trace.role('client');
  const outside = a.net.createServer();
  outside.listen(0, '0.0.0.0');
  expect(await once(outside, 'error')).toMatchObject([{ code: 'EACCES' }]);
  expect(await once(a.net.connect({ address: '192.0.2.1', port: 9 }), 'error')).toMatchObject([{ code: 'EACCES' }]);
  const inside = a.net.createServer();
  inside.listen(0);
  await once(inside, 'listening');
  expect((inside.address() as net.AddressInfo).address).toBe(a.address);
  const busy = a.net.createServer();
  busy.listen((inside.address() as net.AddressInfo).port);
  expect(await once(busy, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);
  expect(trace.facts('socket.bound').at(-1)?.err).toBe('EADDRINUSE');
  a.closeAll();
});

it('lets the conversation go on when recording itself fails', async () => {
  const recorder = new Recorder({ clock: createClock(), onBatch: () => undefined });
  let allowed = 12;
  for (const name of ['bytesSent', 'bytesReceived', 'streamEnded', 'socketClosed', 'connectionAccepted'] as const) {
    const original = recorder[name].bind(recorder) as (...args: readonly unknown[]) => void;
    Object.assign(recorder, {
      [name]: (...args: readonly unknown[]) => {
        if (allowed-- <= 0) throw new Error('recording is broken');
        original(...args);
      },
    });
  }
  const network = createNetwork(recorder, { host: 'a', role: roleIx(1), address: ownAddress() });
  const remote = await serve(network, (socket) => void socket.pipe(socket), { allowHalfOpen: true });
  const sent = randomBytes(3 * 1024 * 1024);
  const client = network.net.connect(remote);
  const back = all(client);
  client.end(sent);
  expect(sha(await back)).toBe(sha(sent));
  expect(allowed).toBeLessThan(0);

  const listener = await network.net.listen({ port: 0 });
  const [server, stream] = await Promise.all([listener.accept(), network.net.dial(listener.endpoint)]);
  await stream.sendAll(sent.subarray(0, 1000));
  expect((await server.recv(2000)).length).toBe(1000);
  network.closeAll();
});

it('hands a listener that throws its error, and loses no byte of what follows', async () => {
  const trace = traced();
  const a = trace.role('both');
  const seen: Buffer[] = [];
  const caught: unknown[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error));
  try {
    const done = new Promise<void>((resolve) => {
      void serve(a, (socket) => {
        socket.on('data', (part: Buffer) => {
          seen.push(part);
          if (seen.length === 1) throw new Error('a bug of the program');
        });
        socket.on('end', resolve);
      }).then((remote) => {
        const client = a.net.connect(remote);
        client.write('first');
        const timer = setInterval(() => {
          if (seen.length === 0) return;
          clearInterval(timer);
          client.end('second');
        }, 1);
      });
    });
    await done;
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  }
  expect(caught).toHaveLength(1);
  expect(Buffer.concat(seen).toString()).toBe('firstsecond');
  a.closeAll();
});

it.runIf(process.platform === 'linux')('leaves no descriptor behind after a thousand connections', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const before = descriptors();
  const remote = await serve(b, (socket) => socket.end('bye'));
  const listener = await b.net.listen({ port: 0 });
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 50 }, async () => {
      const client = a.net.connect(remote);
      client.resume();
      await once(client, 'close');
      const [server, stream] = await Promise.all([listener.accept(), a.net.dial(listener.endpoint)]);
      await server.sendAll(Buffer.from('bye'));
      server.close();
      await stream.recv(10);
      stream.close();
    }));
  }
  a.closeAll();
  b.closeAll();
  await new Promise((resolve) => setImmediate(resolve));
  expect(descriptors()).toBeLessThanOrEqual(before);
  expect(trace.facts('socket.closed')).toHaveLength(2 + 4 * 500);
  const opened = trace.facts('socket.opened').length + trace.facts('connection.accepted').length;
  expect(opened).toBe(2 + 4 * 500);
});
