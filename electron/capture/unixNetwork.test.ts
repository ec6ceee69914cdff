import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { StoryBuilder } from '../../shared/trace/fold';
import { reconstruct } from '../../shared/trace/headers';
import { traced } from './traced.fixture';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytes = (value: string): Uint8Array => Buffer.from(value, 'latin1');

it('tells the calls of a conversation between two paths of this machine', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const path = b.unix.path('talk');
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  const listener = await b.unix.listen(path, 3);
  expect(listener.endpoint).toEqual({ address: path, port: 0 });
  const client = await a.unix.dial(path);
  const server = await listener.accept();
  expect([client.local, client.remote, server.local, server.remote]).toEqual([{ address: '', port: 0 }, { address: path, port: 0 }, { address: path, port: 0 }, { address: '', port: 0 }]);

  await client.sendAll(bytes('hello'));
  expect(text(await server.recv(100))).toBe('hello');
  await server.sendAll(bytes('HELLO'));
  await server.shutdown();
  expect(text(await client.recv(3))).toBe('HEL');
  expect(text(await client.recv(100))).toBe('LO');
  expect((await client.recv(100)).length).toBe(0);
  client.setNoDelay(true);
  client.close();
  expect((await server.recv(10)).length).toBe(0);
  server.close();
  listener.close();

  expect(trace.calls()).toEqual([
    'socket.opened', 'socket.bound', 'socket.listened', 'socket.opened', 'connect.started', 'connect.ended', 'connection.accepted',
    'bytes.sent', 'bytes.received', 'bytes.sent', 'stream.shutdown', 'bytes.received', 'bytes.received', 'stream.ended', 'socket.closed', 'stream.ended', 'socket.closed', 'socket.closed',
  ]);
  expect(trace.facts('socket.opened').map((fact) => [fact.text, fact.b])).toEqual([['AF_UNIX', 1], ['AF_UNIX', 1]]);
  expect(trace.facts('socket.opened').every((fact) => fact.a > 2)).toBe(true);
  expect(trace.facts('socket.listened')[0]).toMatchObject({ a: 3, local: { address: path, port: 0 } });
  expect(trace.facts('connection.accepted')[0]).toMatchObject({ local: { address: path, port: 0 }, remote: { address: '', port: 0 } });
  expect(trace.facts('connect.ended')[0]).toMatchObject({ local: { address: '', port: 0 }, remote: { address: path, port: 0 }, err: '' });
  a.closeAll();
  b.closeAll();
  expect(existsSync(dirname(path))).toBe(false);
});

it.runIf(process.platform !== 'win32')('finds a place whose paths are short enough, where the user\'s own has long ones', async () => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = join(tmpdir(), 'long'.repeat(25));
  try {
    const trace = traced();
    const role = trace.role('server');
    const path = role.unix.path('door');
    expect(path).toMatch(/^\/tmp\/looplab-\w{6}\/door$/);
    const listener = await role.unix.listen(path);
    expect(listener.endpoint.address).toBe(path);
    role.closeAll();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});

it('keeps the kernel\'s words for what fails', async () => {
  const trace = traced();
  const role = trace.role('client');
  const path = role.unix.path('door');
  await expect(role.unix.dial(path)).rejects.toMatchObject({ code: 'ENOENT' });
  const listener = await role.unix.listen(path);
  await expect(role.unix.listen(path)).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'bind' });
  listener.close();
  await expect(role.unix.dial(`/tmp/${'x'.repeat(120)}`)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  await expect(role.unix.dial('/var/run/somebody-elses.sock')).rejects.toMatchObject({ code: 'EACCES' });
  role.closeAll();
  await expect(role.unix.dial(path)).rejects.toMatchObject({ code: 'EBADF' });
  expect(trace.calls().filter((call) => call.includes(' '))).toEqual(['connect.ended ENOENT', 'socket.bound EADDRINUSE']);
});

it('resets nobody: what is left unread at close() reaches the peer as ECONNRESET all the same', async () => {
  const trace = traced();
  const role = trace.role('both');
  const path = role.unix.path('door');
  const listener = await role.unix.listen(path);
  const client = await role.unix.dial(path);
  const server = await listener.accept();
  await client.sendAll(bytes('unread'));
  server.abort();
  await expect(client.recv(10)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(trace.facts('socket.closed').at(-1)?.a).toBe(0);
  role.closeAll();
});

it('takes a client that is no program of ours', async () => {
  const trace = traced();
  const role = trace.role('server');
  const path = role.unix.path('door');
  const listener = await role.unix.listen(path);
  const foreign = connect(path);
  const server = await listener.accept();
  foreign.end('from outside');
  expect(text(await server.recv(100))).toBe('from outside');
  expect((await server.recv(100)).length).toBe(0);
  role.closeAll();
});

it('makes a story without a segment of TCP: bytes, and states that the calls show', async () => {
  const trace = traced();
  const a = trace.role('client');
  const b = trace.role('server');
  const path = b.unix.path('door');
  const listener = await b.unix.listen(path);
  const accepting = [listener.accept(), listener.accept()];
  const [one, two] = await Promise.all([a.unix.dial(path), a.unix.dial(path)]);
  const [first, second] = await Promise.all(accepting);
  await one.sendAll(bytes('first'));
  await two.sendAll(bytes('second'));
  expect(text(await must(first).recv(100))).toBe('first');
  expect(text(await must(second).recv(100))).toBe('second');
  one.close();
  expect((await must(first).recv(100)).length).toBe(0);
  must(first).close();
  const foreign = connect(path);
  const third = await listener.accept();
  foreign.end('nc');
  expect(text(await third.recv(100))).toBe('nc');
  expect((await third.recv(100)).length).toBe(0);
  trace.recorder.flush();
  const builder = new StoryBuilder(trace.store);
  builder.advance();
  const { story } = builder;
  const conns = Array.from({ length: story.connections.count }, (_, i) => story.connections.at(i));
  expect(conns.map(({ up, outcome }) => [up.sent, up.received, outcome])).toEqual([[5, 5, 'closed'], [6, 6, 'open'], [0, 2, 'open']]);
  expect(conns.slice(0, 2).every(({ client, server }) => client.sock !== null && server.sock !== null && client.endpoint.address === '' && server.endpoint.address === path)).toBe(true);
  expect(conns[2]?.client.sock).toBe(null);
  expect(story.host(must(conns[2]).client.host)).toMatchObject({ id: 'AF_UNIX', foreign: true });
  const segments = Array.from({ length: story.segments.count }, (_, i) => story.segments.at(i));
  expect(segments.map(({ kind, transport, size }) => `${transport} ${kind} ${size}`)).toEqual(['unix data 5', 'unix data 6', 'unix data 2']);
  expect(reconstruct(story, trace.store, 0)).toBe(null);
  const client = must(story.socket(must(must(conns[0]).client.sock)));
  expect(client.family).toBe('AF_UNIX');
  expect(client.states.map(({ state }) => state)).toEqual(['CLOSED', 'ESTABLISHED', 'CLOSED']);
  expect(story.calls.count).toBe(0);
  foreign.destroy();
  a.closeAll();
  b.closeAll();
});

function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('nothing there');
  return value;
}
