// How one request can end, each way really happening: refused, reset, silent, cut, nonsense, answered.
import { describe, expect, it } from 'vitest';
import { testRole } from '../bittorrent/swarm.fixture';
import type { HandConnection } from '../http/handClient';
import type { Endpoint } from '../../../shared/trace/event';
import { attempt, type Attempt } from './attempt';
import { rude, service } from './service.fixture';

const GET = { method: 'GET', target: '/time' };

const tryOnce = (at: Endpoint, { patience = 2000, kept = null as HandConnection | null, keep = false } = {}): Promise<Attempt> => attempt(testRole('client').role, at, { request: GET, patience, kept, keep });
const failure = async (at: Endpoint, patience = 2000): Promise<string> => {
  const came = await tryOnce(at, { patience });
  return 'failure' in came ? came.failure : `answered ${came.response.status}`;
};

describe('a request', () => {
  it('is answered', async () => expect(await failure((await service('server-1')).at)).toBe('answered 200'));

  it('is refused where nobody listens', async () => {
    const server = await service('server-1');
    server.kill();
    expect(await failure(server.at)).toBe('refused');
  });

  it('is reset by RST', async () => expect(await failure((await rude((socket) => socket.resetAndDestroy())).at)).toBe('reset'));

  it('is reset in the middle of the answer too', async () => {
    const server = await rude((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', () => setTimeout(() => socket.resetAndDestroy(), 20)));
    expect(await failure(server.at)).toBe('reset');
  });

  it.each([
    ['before the answer', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf'],
  ])('is cut by FIN %s', async (_where, text) => expect(await failure((await rude((socket) => socket.end(text))).at)).toBe('cut'));

  it('times out while nothing comes', async () => expect(await failure((await rude(() => undefined)).at, 60)).toBe('timeout'));

  it('times out while the answer drips: the patience is for all of it', async () => {
    const server = await rude((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      const drip = setInterval(() => socket.write('.'), 10);
      socket.once('close', () => clearInterval(drip));
    });
    const began = performance.now();
    expect(await failure(server.at, 150)).toBe('timeout');
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('times out at a server that hangs, though connect() and send() succeed', async () => {
    const server = await service('server-1');
    server.program.hang();
    expect(await failure(server.at, 60)).toBe('timeout');
    server.program.resume();
    expect(await failure(server.at)).toBe('answered 200');
  });

  it('is answered by what is no HTTP: malformed, not cut', async () => expect(await failure((await rude((socket) => socket.write('SSH-2.0-hello\r\n'))).at)).toBe('malformed'));
});

describe('a connection that is kept', () => {
  it('serves the next request', async () => {
    const server = await service('server-1');
    const first = await tryOnce(server.at, { keep: true });
    const kept = 'response' in first ? first.connection : null;
    expect(kept).not.toBeNull();
    const second = await tryOnce(server.at, { keep: true, kept });
    expect('response' in second && second.connection === kept).toBe(true);
    kept?.close();
  });

  it('is not kept when the server says close', async () => {
    const server = await service('server-1', { keepAlive: false });
    const came = await tryOnce(server.at, { keep: true });
    expect('response' in came && came.connection).toBeNull();
  });

  it('ends cut, not refused, when the server has died meanwhile: its FIN came first', async () => {
    const server = await service('server-1');
    const first = await tryOnce(server.at, { keep: true });
    server.kill();
    const second = await tryOnce(server.at, { keep: true, kept: 'response' in first ? first.connection : null });
    expect('failure' in second && second.failure).toBe('cut');
    expect(await failure(server.at)).toBe('refused');
  });
});
