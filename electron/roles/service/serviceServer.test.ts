// The small service: its answers, its bounds, its capacity, and its ways to fail.
import { describe, expect, it } from 'vitest';
import { testRole } from '../bittorrent/swarm.fixture';
import { HandConnection } from '../http/handClient';
import { valueOf } from '../http/headers';
import { encode } from '../text';
import { MAX_BODY, MAX_HEAD, MAX_WAITING } from './bounds';
import { get, service } from './service.fixture';
import { Workers } from './workers';

describe('the service answers', () => {
  it('who it is, and the time', async () => {
    const server = await service('server-1');
    const { status, headers, text } = await get(testRole('client'), server.at);
    expect([status, valueOf(headers, 'x-served-by')]).toEqual([200, 'server-1']);
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z server-1\n$/);
  });

  it.each([
    ['/health', 'GET', 200, 'ok\n'],
    ['/time', 'HEAD', 200, ''],
    ['/time', 'POST', 405, 'Only GET, HEAD here.\n'],
    ['/elsewhere', 'GET', 404, 'Ask for /time, /health or /headers.\n'],
  ])('%s by %s with %i', async (target, method, status, body) => {
    const came = await get(testRole('client'), (await service('server-1')).at, { target, method });
    expect([came.status, came.text]).toEqual([status, body]);
  });

  it('requests that come together, in order, and then a kept connection', async () => {
    const server = await service('server-1');
    const connection = await HandConnection.open(testRole('client').role, server.at, 2000);
    await connection.send(encode('GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /headers HTTP/1.1\r\nHost: a\r\nX-Two: 2\r\n\r\n'));
    expect(new TextDecoder().decode((await connection.response('GET')).body)).toBe('ok\n');
    expect(new TextDecoder().decode((await connection.response('GET')).body)).toContain('X-Two: 2\n');
    expect((await connection.exchange({ method: 'GET', target: '/health' })).status).toBe(200);
    connection.close();
  });
});

describe('what it does not bear', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a head without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(MAX_HEAD + 10)}`, 431],
    ['a huge body', `POST /time HTTP/1.1\r\nHost: a\r\nContent-Length: ${MAX_BODY * 2}\r\n\r\n${'x'.repeat(MAX_BODY + 1)}`, 413],
  ])('%s is answered and its connection ended', async (_what, bytes, status) => {
    const server = await service('server-1');
    const connection = await HandConnection.open(testRole('client').role, server.at, 2000);
    await connection.send(encode(bytes));
    const response = await connection.response('GET');
    expect([response.status, valueOf(response.headers, 'connection')]).toEqual([status, 'close']);
    connection.close();
    expect((await get(testRole('client'), server.at)).status).toBe(200);
  });
});

describe('capacity', () => {
  it('is real: two workers serve four requests in two rounds', async () => {
    const server = await service('server-1', { workers: 2, serviceTime: 250 });
    const client = testRole('client');
    const began = performance.now();
    const times = await Promise.all(Array.from({ length: 4 }, async () => {
      await get(client, server.at);
      return performance.now() - began;
    }));
    times.sort((one, other) => one - other);
    // The machine may be late by as much as a request takes.
    expect(times[1]).toBeLessThan(495);
    expect(times[2]).toBeGreaterThanOrEqual(495);
    // Who asks after its health does not wait in that line.
    const work = get(client, server.at);
    expect((await get(client, server.at, { target: '/health' })).status).toBe(200);
    await work;
  });

  it('has an end: a line that is full lets nobody in', async () => {
    const workers = new Workers(1, 2);
    let release: () => void = () => undefined;
    const first = workers.run(() => new Promise<string>((resolve) => (release = () => resolve('done'))));
    const [second, third] = [workers.run(() => Promise.resolve('second')), workers.run(() => Promise.reject(new Error('third')))];
    third.catch(() => undefined);
    expect(workers.waiting).toBe(2);
    expect(await workers.run(() => Promise.resolve('fourth'))).toBeNull();
    release();
    expect([await first, await second]).toEqual(['done', 'second']);
    await expect(third).rejects.toThrow('third');
    // A worker that failed is free again.
    expect(await workers.run(() => Promise.resolve('next'))).toBe('next');
    expect(MAX_WAITING).toBeGreaterThan(100);
  });
});

describe('how it fails', () => {
  it('hangs in the middle of a request, and answers it when it goes on', async () => {
    const server = await service('server-1', { serviceTime: 30 });
    const answer = get(testRole('client'), server.at);
    server.program.hang();
    let came = false;
    void answer.then(() => (came = true));
    await server.role.sleep(100);
    expect([came, server.program.hangs]).toEqual([false, true]);
    server.program.resume();
    expect((await answer).status).toBe(200);
    expect(server.notes).toEqual([{ topic: 'service.state', what: 'hangs' }, { topic: 'service.state', what: 'answers' }]);
  });

  it('resets those who are there and those who come', async () => {
    const server = await service('server-1', { serviceTime: 1000 });
    const client = testRole('client');
    const waiting = get(client, server.at);
    waiting.catch(() => undefined);
    await server.role.sleep(50);
    server.program.reset();
    await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(get(client, server.at)).rejects.toMatchObject({ code: 'ECONNRESET' });
    server.program.resume();
    expect((await get(client, server.at, { target: '/health' })).status).toBe(200);
  });

  it('dies while it hangs: what lay unread makes RST of FIN', async () => {
    const server = await service('server-1');
    server.program.hang();
    const waiting = get(testRole('client'), server.at);
    waiting.catch(() => undefined);
    const second = get(testRole('client'), server.at);
    second.catch(() => undefined);
    await server.role.sleep(50);
    server.kill();
    await expect(second).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
