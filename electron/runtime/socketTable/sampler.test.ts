// The kernel's socket table as facts, from real sockets: what Linux says of queues, of who waits to be accepted, of TIME_WAIT, and whose it is.

import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { must } from '../../../shared/base/assert';
import type { Fact } from '../../../shared/trace/event';
import { start } from '../../../tests/interop/support';
import { traced, type Traced } from '../../capture/traced.fixture';
import { SocketSampler } from './sampler';

const samplers = new Set<SocketSampler>();
const networks = new Set<{ closeAll(): void }>();
const others = new Set<net.Socket | net.Server>();

afterEach(() => {
  for (const sampler of samplers) sampler.stop();
  for (const network of networks) network.closeAll();
  for (const other of others) if (other instanceof net.Socket) other.destroy(); else other.close();
  for (const set of [samplers, networks, others]) set.clear();
});

/** A recorded run on two hosts, whose table is read. */
function run(): { readonly trace: Traced; readonly client: ReturnType<Traced['role']>; readonly server: ReturnType<Traced['role']>; until(holds: (fact: Fact) => boolean): Promise<Fact> } {
  const trace = traced();
  const client = trace.role('client');
  const server = trace.role('server');
  networks.add(client).add(server);
  const sampler = new SocketSampler({ recorder: trace.recorder, addresses: [client.address, server.address] });
  samplers.add(sampler);
  sampler.start();
  return {
    trace, client, server,
    until: async (holds) => {
      for (;;) {
        const found = trace.facts('socket.sampled').find(holds);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

describe.runIf(process.platform === 'linux')('the kernel’s socket table', () => {
  it('tells whose socket it is, its state, and what nobody has read', async () => {
    const { trace, client, server, until } = run();
    const listener = await server.net.listen({ port: 0 });
    const dialled = await client.net.dial(listener.endpoint);
    const accepted = await listener.accept();
    await dialled.sendAll(Buffer.from('twelve bytes'));
    const unread = await until((fact) => fact.b === 12);
    expect(unread).toMatchObject({ text: 'ESTABLISHED', a: 0, local: accepted.local, remote: accepted.remote });
    expect(unread.sock).toBe(trace.facts('connection.accepted')[0]?.a);
    await accepted.recv(100);
    const read = await until((fact) => fact.seq > unread.seq && fact.sock === unread.sock && fact.b === 0);
    expect(read.text).toBe('ESTABLISHED');
    expect(await until((fact) => fact.text === 'LISTEN')).toMatchObject({ local: listener.endpoint, remote: null, sock: must(trace.facts('socket.listened')[0], 'listened').sock });
  });

  it('tells how full the sender’s queue is, and that the peer’s zero window is probed', async () => {
    const { client, server, until } = run();
    const listener = await server.net.listen({ port: 0 });
    const dialled = await client.net.dial(listener.endpoint);
    await listener.accept();
    const sent = dialled.sendAll(Buffer.alloc(16 * 1024 * 1024)).catch(() => undefined);
    // The table says 0 where the probe is just due.
    const probed = await until((fact) => fact.size === 4 && fact.offset > 0);
    expect(probed).toMatchObject({ text: 'ESTABLISHED', local: dialled.local });
    expect(probed.a).toBeGreaterThan(10_000);
    expect((await until((fact) => fact.local?.port === listener.endpoint.port && fact.b > 10_000)).a).toBe(0);
    dialled.close();
    await sent;
  });

  it('goes on telling of TIME_WAIT, which no program has, and when it will be over', async () => {
    const { client, server, until } = run();
    const listener = await server.net.listen({ port: 0 });
    const dialled = await client.net.dial(listener.endpoint);
    const accepted = await listener.accept();
    await until((fact) => fact.local?.port === dialled.local.port && fact.text === 'ESTABLISHED');
    await until((fact) => fact.remote?.port === dialled.local.port && fact.text === 'ESTABLISHED');
    dialled.close();
    await accepted.recv(1);
    accepted.close();
    const waits = await until((fact) => fact.text === 'TIME_WAIT');
    expect(waits).toMatchObject({ sock: 0, local: dialled.local, remote: dialled.remote, size: 3 });
    // Linux: TCP_TIMEWAIT_LEN, 60 s.
    expect(waits.offset).toBeGreaterThan(30_000);
    expect(waits.offset).toBeLessThanOrEqual(60_000);
    await until((fact) => fact.text === 'GONE' && fact.local?.port === listener.endpoint.port && fact.remote !== null);
  });

  it('tells of a program that is not ours when it comes to a host of the run', async () => {
    const { server, until } = run();
    const listener = await server.net.listen({ port: 0 });
    const stranger = net.connect(listener.endpoint.port, listener.endpoint.address);
    others.add(stranger);
    await once(stranger, 'connect');
    const accepted = await listener.accept();
    const seen = await until((fact) => fact.local?.port === stranger.localPort && fact.text === 'ESTABLISHED');
    expect(seen).toMatchObject({ sock: 0, local: accepted.remote, remote: listener.endpoint });
  });

  it('counts who waits in a queue that no accept() empties', async () => {
    const trace = traced();
    const role = trace.role('server');
    networks.add(role);
    // A program that listens and never accepts: the runtime of this one would empty the queue at once.
    const program = start('python3', '-c', `import socket,sys
s=socket.socket(); s.bind(('${role.address}',0)); s.listen(5); print(s.getsockname()[1]); sys.stdin.read()`);
    const port = Number(await program.printed(/(\d+)\n/));
    const client = trace.role('client');
    networks.add(client);
    const sampler = new SocketSampler({ recorder: trace.recorder, addresses: [client.address, role.address] });
    samplers.add(sampler);
    sampler.start();
    for (let i = 0; i < 3; i++) await client.net.dial({ address: role.address, port });
    for (let found = false; !found;) {
      found = trace.facts('socket.sampled').some((fact) => fact.text === 'LISTEN' && fact.local?.port === port && fact.b === 3 && fact.sock === 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('sees datagrams that nobody has read', async () => {
    const { client, server, until } = run();
    const bound = await server.dgram.bind(0);
    const sender = await client.dgram.open();
    await sender.sendTo(Buffer.from('one'), must(bound.local, 'bound'));
    expect(await until((fact) => fact.local?.port === bound.local?.port && fact.b > 0)).toMatchObject({ text: 'CLOSE', remote: null });
  });

  it('says nothing where nothing changes, and nothing of other addresses', async () => {
    const { trace, server, until } = run();
    const elsewhere = net.createServer();
    others.add(elsewhere);
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    await server.net.listen({ port: 0 });
    await until((fact) => fact.text === 'LISTEN');
    const count = trace.facts().length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(trace.facts().length).toBe(count);
    expect(count).toBeGreaterThan(0);
  });
});

it('is silent on systems that have no table and no netstat', async () => {
  const trace = traced();
  const role = trace.role('server');
  networks.add(role);
  const sampler = new SocketSampler({ recorder: trace.recorder, addresses: [role.address], platform: 'aix' });
  sampler.start();
  await role.net.listen({ port: 0 });
  expect(trace.recorder.book).toBeNull();
});

it.each([{ platform: 'linux', folder: '/nowhere' }, { platform: 'darwin', netstat: '/nowhere/netstat' }])('is silent where the table may not be read: $platform', async (system) => {
  const trace = traced();
  const role = trace.role('server');
  networks.add(role);
  const sampler = new SocketSampler({ recorder: trace.recorder, addresses: [role.address], ...system });
  samplers.add(sampler);
  sampler.start();
  await role.net.listen({ port: 0 });
  while (trace.recorder.book !== null) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(trace.facts('socket.sampled')).toEqual([]);
});
