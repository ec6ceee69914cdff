// What a TCP relay holds, and what is left of it when it ends.
import { once } from 'node:events';
import type * as net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RELAY_LIMITS } from './limits';
import { tcpRelay } from './relay.fixture';
import { closeAll, connect, echo, read, serve } from './tcp.fixture';

afterEach(closeAll);

describe('bounds', () => {
  it('holds no more than it may when nobody reads: the sender has to wait', async () => {
    const reader: net.Socket[] = [];
    const target = await serve((socket) => {
      socket.pause();
      reader.push(socket);
    });
    const { at, facts } = await tcpRelay(target, { stalled: false });
    const client = connect(at);
    // Far more than the kernel's buffers and the relay together hold.
    const size = 64 * 1024 * 1024;
    let taken = false;
    client.write(Buffer.alloc(size), () => (taken = true));
    let before = -1;
    const read = (): number => facts('bytes.received').reduce((sum, fact) => sum + fact.size, 0);
    const sent = (): number => facts('bytes.sent').reduce((sum, fact) => sum + Math.max(0, fact.a), 0) + facts('send.ended').reduce((sum, fact) => sum + fact.a, 0);
    while (read() !== before || before <= 0) {
      before = read();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(taken).toBe(false);
    expect(read() - sent()).toBeLessThanOrEqual(RELAY_LIMITS.heldPerConnection / 2);
    expect(before).toBeLessThan(size);
    reader[0]?.resume();
    client.end();
    await once(client, 'end');
  }, 120_000);

  it('stopping the run closes both sides of every connection, whatever they wait for', async () => {
    const { at, stop, facts } = await tcpRelay(await echo(), { delay: 10_000 });
    const clients = Array.from({ length: 5 }, () => connect(at));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const ends = clients.map((client) => read(client));
    await stop();
    await Promise.all(ends);
    expect(facts('socket.closed').length).toBe(facts('socket.opened').length + facts('connection.accepted').length);
    await expect(once(connect(at), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('a killed relay takes its connections with it', async () => {
    const { at, relay } = await tcpRelay(await echo(), { delay: 1 });
    const client = connect(at);
    client.write('x');
    await once(client, 'data');
    relay.role.kill();
    expect((await read(client)).end).toBe('end');
    expect(await relay.role.ended).toBe('killed');
  });
});
