// The TCP relay on real sockets: what comes out is what went in, later, slower, or cut short as asked, and what it did is in the trace.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { tcpRelay } from './relay.fixture';
import { closeAll, connect, echo, noise, read, serve, servers } from './tcp.fixture';

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

afterEach(closeAll);

describe('what goes in comes out', () => {
  it.each([{}, { delay: 15, jitter: 10 }, { bandwidth: 4_000_000 }, { delay: 5, bandwidth: 8_000_000 }])('equal to the byte, both ways, with %o', async (faults) => {
    const { at } = await tcpRelay(await echo(), faults);
    const sent = noise(600_000);
    const client = connect(at);
    client.end(sent);
    const { bytes, end } = await read(client);
    expect([bytes.length, sha(bytes), end]).toEqual([sent.length, sha(sent), 'end']);
  });

  it('with the half-close: what is said after it still arrives', async () => {
    const target = await serve((socket) => {
      let heard = '';
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.on('end', () => socket.end(`you said ${heard}`));
    }, { allowHalfOpen: true });
    const { at } = await tcpRelay(target, { delay: 5 });
    const client = connect(at);
    client.end('all');
    expect((await read(client)).bytes.toString()).toBe('you said all');
  });

  it('for a hundred connections at once, none mixed up', async () => {
    const { at } = await tcpRelay(await echo(), { delay: 5, jitter: 5, bandwidth: 10_000_000 });
    const texts = Array.from({ length: 100 }, (_, index) => `client ${index} `.repeat(300));
    const heard = await Promise.all(texts.map(async (text) => {
      const client = connect(at);
      client.end(text);
      return (await read(client)).bytes.toString();
    }));
    expect(heard).toEqual(texts);
  });
});

describe('delay', () => {
  it('makes the first answer cost two round trips, the next one a single one', async () => {
    const { at, faults, recorded } = await tcpRelay(await echo(), { delay: 30 });
    const client = connect(at);
    await once(client, 'connect');
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      client.write('x');
      await once(client, 'data');
      times.push(performance.now() - start);
    }
    const [first = 0, ...later] = times;
    // connect() is over at once; what it should have cost is in the first answer's time.
    expect(first).toBeGreaterThanOrEqual(115);
    for (const time of later) expect(time).toBeGreaterThanOrEqual(60);
    expect(Math.min(...later)).toBeLessThan(first);
    await recorded();
    expect(faults().slice(0, 3)).toEqual(['delay 60 up 0', 'delay 30 up 1', 'delay 30 down 1']);
  });

  it('holds a server that speaks first for as long as a wire would', async () => {
    const { at } = await tcpRelay(await serve((socket) => socket.end('hello')), { delay: 20 });
    const start = performance.now();
    expect((await read(connect(at))).bytes.toString()).toBe('hello');
    expect(performance.now() - start).toBeGreaterThanOrEqual(79);
  });

  it('changes while it runs, and order is kept', async () => {
    const { at, relay } = await tcpRelay(await echo(), { delay: 40 });
    const client = connect(at);
    client.write('slow ');
    await once(client, 'data');
    client.write('first ');
    await new Promise((resolve) => setTimeout(resolve, 5));
    relay.set({ delay: 0 });
    client.end('second');
    expect((await read(client)).bytes.toString()).toBe('first second');
    expect(relay.faults.delay).toBe(0);
  });
});

describe('bandwidth', () => {
  it('is what was asked, no more, and not much less', async () => {
    const { at, faults, recorded } = await tcpRelay(await serve((socket) => socket.end(noise(200_000))), { bandwidth: 500_000 });
    let best = 0;
    // A machine that is busy with other things is late, and what was not sent in time is not made up for.
    for (let tries = 0; tries < 8 && best <= 250_000; tries++) {
      const start = performance.now();
      const { bytes } = await read(connect(at));
      const seconds = (performance.now() - start) / 1000;
      expect(bytes.length).toBe(200_000);
      expect(bytes.length / seconds).toBeLessThanOrEqual(550_000);
      best = Math.max(best, bytes.length / seconds);
    }
    expect(best).toBeGreaterThan(250_000);
    await recorded();
    expect(faults().every((fault) => fault.startsWith('bandwidth '))).toBe(true);
    expect(faults().length).toBeGreaterThan(0);
  });

  it('is shared fairly by the connections', async () => {
    const { at } = await tcpRelay(await serve((socket) => socket.end(noise(60_000))), { bandwidth: 600_000 });
    const start = performance.now();
    const ends = await Promise.all(Array.from({ length: 4 }, async () => {
      await read(connect(at));
      return performance.now() - start;
    }));
    // 240 kB at 600 kB/s: 400 ms for all; each gets its last bytes near the end.
    expect(Math.max(...ends)).toBeGreaterThanOrEqual(390);
    expect(Math.min(...ends)).toBeGreaterThan(0.6 * Math.max(...ends));
  });
});

describe('trouble', () => {
  it('stalled: nothing passes; then all of it', async () => {
    const { at, relay, faults, recorded } = await tcpRelay(await echo());
    const client = connect(at);
    client.write('one');
    await once(client, 'data');
    relay.set({ stalled: true });
    let heard = '';
    client.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    client.write('two');
    // Nothing to wait for but the time itself.
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(heard).toBe('');
    relay.set({ stalled: false });
    await once(client, 'data');
    expect(heard).toBe('two');
    await recorded();
    expect(faults().some((fault) => /^stall [1-9]\d* up 3$/.test(fault))).toBe(true);
  });

  it('cut after so many bytes: exactly these, then the end of the stream, at both ends', async () => {
    const ended: Promise<unknown>[] = [];
    const target = await serve((socket) => {
      ended.push(once(socket, 'end'));
      socket.resume();
      socket.write(noise(5000));
    });
    const { at, faults, recorded } = await tcpRelay(target, { cutAfter: 1234 });
    const { bytes, end } = await read(connect(at));
    expect([bytes.length, end]).toEqual([1234, 'end']);
    await Promise.all(ended);
    await recorded();
    expect(faults()).toHaveLength(1);
    expect(faults()[0]).toMatch(/^cut 0 down \d+$/);
  });

  it('reset after so many bytes: ECONNRESET', async () => {
    const { at, faults, recorded } = await tcpRelay(await serve((socket) => socket.write(noise(5000))), { resetAfter: 1000 });
    const { bytes, end } = await read(connect(at));
    expect(bytes.length).toBeLessThanOrEqual(1000);
    expect(end).toBe('ECONNRESET');
    await recorded();
    expect(faults()[0]).toMatch(/^reset 0 down/);
  });

  it.each([['cut', 'end'], ['reset', 'ECONNRESET']] as const)('%s now: every connection that passes ends with %s', async (how, expected) => {
    const { at, relay } = await tcpRelay(await echo());
    const clients = [connect(at), connect(at), connect(at)];
    const ends = clients.map(async (client) => {
      client.write('x');
      await once(client, 'data');
    });
    await Promise.all(ends);
    const over = clients.map((client) => read(client));
    relay.cut(how);
    expect((await Promise.all(over)).map((one) => one.end)).toEqual([expected, expected, expected]);
    // The relay goes on.
    const next = connect(at);
    next.end('still there');
    expect((await read(next)).bytes.toString()).toBe('still there');
  });

  it('nobody at the target: the client is reset', async () => {
    const gone = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { at, facts, recorded } = await tcpRelay(gone, { delay: 10 });
    const start = performance.now();
    expect((await read(connect(at))).end).toBe('ECONNRESET');
    expect(performance.now() - start).toBeGreaterThanOrEqual(19);
    await recorded();
    expect(facts('connect.ended').map((fact) => fact.err)).toEqual(['ECONNREFUSED']);
  });

  it('a server that resets resets the client, and the other way round', async () => {
    let heard: Promise<{ readonly end: string }> | null = null;
    const target = await serve((socket) => {
      socket.once('data', (chunk: Buffer) => {
        if (chunk.toString() === 'reset me') socket.resetAndDestroy();
        else {
          heard = read(socket);
          socket.write('go on');
        }
      });
    });
    const { at } = await tcpRelay(target, { delay: 5 });
    const first = connect(at);
    first.write('reset me');
    expect((await read(first)).end).toBe('ECONNRESET');
    const second = connect(at);
    second.write('hello');
    await once(second, 'data');
    second.resetAndDestroy();
    expect(await heard).toMatchObject({ end: 'ECONNRESET' });
  });
});
