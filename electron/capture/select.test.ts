// select(), trySend(), tryRecv() on real sockets: what is ready is what the kernel says, and asking takes nothing.
import { expect, it } from 'vitest';
import type { StreamSocket } from '../roles/host';
import type { SelectSets } from '../../shared/trace/event';
import type { Network } from './network';
import { socketIdOf } from './socketIds';
import { traced } from './traced.fixture';

interface Pair {
  readonly trace: ReturnType<typeof traced>;
  readonly a: Network;
  readonly b: Network;
  readonly client: StreamSocket;
  readonly server: StreamSocket;
  end(): void;
}

async function pair(): Promise<Pair> {
  const trace = traced();
  const [a, b] = [trace.role('client'), trace.role('server')];
  const listener = await b.net.listen({ port: 0 });
  const [server, client] = await Promise.all([listener.accept(), a.net.dial(listener.endpoint)]);
  return { trace, a, b, client, server, end: () => [a, b].forEach((role) => role.closeAll()) };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Gives the kernel bytes until it takes no more; how many it took. */
function fill(socket: StreamSocket): number {
  const bytes = new Uint8Array(65_536);
  for (let taken = 0; ; ) {
    try {
      taken += socket.trySend(bytes);
    } catch (error) {
      expect(error).toMatchObject({ code: 'EAGAIN', syscall: 'send' });
      return taken;
    }
  }
}

async function drain(socket: StreamSocket, size: number): Promise<void> {
  for (let left = size; left > 0; ) left -= (await socket.recv(1 << 20)).length;
}

it('names what is readable and writable, and takes no byte to know it', async () => {
  const { trace, a, client, server, end } = await pair();
  expect(await a.net.select([client], [client])).toEqual({ readable: [], writable: [client] });
  await server.sendAll(Buffer.from('hello'));
  expect(await a.net.select([client], [])).toEqual({ readable: [client], writable: [] });
  expect(await a.net.select([client], [client])).toEqual({ readable: [client], writable: [client] });
  expect(text(client.tryRecv(3))).toBe('hel');
  expect((await a.net.select([client], [], 0)).readable).toEqual([client]);
  expect(text(await client.recv(10))).toBe('lo');
  expect(() => client.tryRecv(10)).toThrow(expect.objectContaining({ code: 'EAGAIN' }) as Error);
  const sets = trace.facts('select.returned').map((fact) => JSON.parse(fact.text) as SelectSets);
  const id = socketIdOf(client);
  expect(sets).toEqual([{ read: [], write: [id] }, { read: [id], write: [] }, { read: [id], write: [id] }, { read: [id], write: [] }]);
  expect(trace.facts('select.started').map((fact) => fact.a)).toEqual([-1, -1, -1, 0]);
  end();
});

it('wakes when bytes come, and at the end of the time when none do', async () => {
  const { a, client, server, end } = await pair();
  expect(await a.net.select([client], [], 20)).toEqual({ readable: [], writable: [] });
  expect(await a.net.select([client], [], 0)).toEqual({ readable: [], writable: [] });
  const woken = a.net.select([client], []);
  await server.sendAll(Buffer.from('x'));
  expect((await woken).readable).toEqual([client]);
  end();
});

it('a full send buffer is not writable until its reader reads', async () => {
  const { trace, a, client, server, end } = await pair();
  let taken = fill(client);
  expect(taken).toBeGreaterThan(65_536);
  // What is on its way makes room again while it arrives.
  while ((await a.net.select([], [client], 50)).writable.length > 0) taken += fill(client);
  const room = a.net.select([], [client]);
  await drain(server, taken);
  expect((await room).writable).toEqual([client]);
  expect(client.trySend(Buffer.from('again'))).toBe(5);

  const sends = trace.facts('bytes.sent');
  const full = sends.find((fact) => fact.err !== '');
  expect(full).toMatchObject({ a: -1, b: 1, err: 'EAGAIN', size: 65_536 });
  expect(sends.filter((fact) => fact.a > 0 && fact.a < fact.size).every((fact) => fact.kept === fact.a)).toBe(true);
  expect(sends.at(-1)).toMatchObject({ a: 5, b: 1, offset: taken });
  end();
});

it('readable are also an end of the stream, a reset, and a listener with a client', async () => {
  const { a, b, client, server, end } = await pair();
  server.close();
  expect((await a.net.select([client], [])).readable).toEqual([client]);
  expect(client.tryRecv(1).length).toBe(0);
  expect((await a.net.select([client], [])).readable).toEqual([client]);

  const listener = await b.net.listen({ port: 0 });
  expect((await b.net.select([listener], [], 10)).readable).toEqual([]);
  const other = await a.net.dial(listener.endpoint);
  expect((await b.net.select([listener], [])).readable).toEqual([listener]);
  const second = await listener.accept();
  other.abort();
  expect((await b.net.select([listener, second], [])).readable).toEqual([second]);
  expect(() => second.tryRecv(1)).toThrow(expect.objectContaining({ code: 'ECONNRESET' }) as Error);
  end();
});

it('ends with EBADF when a socket is closed or the program killed, and refuses what it cannot ask about', async () => {
  const { trace, a, b, client, server, end } = await pair();
  const waiting = a.net.select([client], []);
  client.close();
  await expect(waiting).rejects.toMatchObject({ code: 'EBADF' });
  expect(trace.facts('select.returned').at(-1)).toMatchObject({ err: 'EBADF', a: 0 });
  await expect(a.net.select([client], [])).rejects.toMatchObject({ code: 'EBADF' });
  await expect(b.net.select([server], [], -1)).rejects.toMatchObject({ code: 'EINVAL' });
  const killed = b.net.select([], []);
  b.closeAll();
  await expect(killed).rejects.toMatchObject({ code: 'EBADF' });
  end();
});

it('finds room whenever there is some, however often it is asked', async () => {
  const { a, client, end } = await pair();
  // One question in a hundred falls on the end of a millisecond of libuv's clock.
  for (let n = 0; n < 1000; n++) expect((await a.net.select([], [client], 0)).writable, `time ${n}`).toEqual([client]);
  end();
});
