// The balancer between clients and servers that are well, slow, dead, hung or rude.
import { describe, expect, it } from 'vitest';
import type { Note } from '../../../shared/trace/notes';
import { testRole, until } from '../bittorrent/swarm.fixture';
import { valueOf } from '../http/headers';
import { get, program, rude, service, type Program } from '../service/service.fixture';
import { Balancer, type BalancerOptions } from './balancer';

const before = (servers: readonly Pick<Program<unknown>, 'at'>[], options: Partial<BalancerOptions> = {}): Promise<Program<Balancer>> =>
  program('balancer-1', (role) => new Balancer(role, {
    port: 0, servers: servers.map(({ at }, i) => ({ name: `server-${i + 1}`, endpoint: at })), algorithm: 'round-robin', checkInterval: 0, failures: 2, retry: true, keepAlive: false, timeout: 300, ...options,
  }));

const noted = <T extends Note['topic']>(one: { readonly notes: readonly Note[] }, topic: T): Extract<Note, { topic: T }>[] => one.notes.filter((note): note is Extract<Note, { topic: T }> => note.topic === topic);
const by = async (at: Program<unknown>['at']): Promise<string> => valueOf((await get(testRole('client'), at)).headers, 'x-served-by') ?? 'nobody';

describe('a request through the balancer', () => {
  it('goes to the servers in turn', async () => {
    const balancer = await before([await service('a'), await service('b')]);
    expect([await by(balancer.at), await by(balancer.at), await by(balancer.at), await by(balancer.at)]).toEqual(['a', 'b', 'a', 'b']);
  });

  it('tells the server who asked and who passed it on, and the client who passed it back', async () => {
    const balancer = await before([await service('a')]);
    const client = testRole('client');
    const { headers, text } = await get(client, balancer.at, { target: '/headers', headers: [['X-Forwarded-For', '203.0.113.7'], ['Via', '1.0 fred'], ['X-Kept', 'yes'], ['X-Mine', 'no'], ['Connection', 'close, X-Mine'], ['TE', 'trailers']] });
    expect(text).toContain(`X-Forwarded-For: 203.0.113.7, ${client.address}\n`);
    expect(text).toContain('Via: 1.0 fred\n');
    expect(text).toContain('Via: 1.1 balancer-1\n');
    expect(text).toContain('X-Kept: yes\n');
    expect(text).not.toMatch(/X-Mine|TE:/);
    expect(valueOf(headers, 'via')).toBe('1.1 balancer-1');
  });

  it('keeps its method: HEAD has a length and no body, POST its 405', async () => {
    const balancer = await before([await service('a')]);
    const head = await get(testRole('client'), balancer.at, { method: 'HEAD' });
    expect([head.status, head.text, Number(valueOf(head.headers, 'content-length')) > 20]).toEqual([200, '', true]);
    expect((await get(testRole('client'), balancer.at, { method: 'POST', body: new Uint8Array(10) })).status).toBe(405);
  });

  it('keeps the body of an answer that comes in chunks', async () => {
    const server = await rude((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'));
    const { text, headers } = await get(testRole('client'), (await before([server])).at);
    expect([text, valueOf(headers, 'content-length'), valueOf(headers, 'transfer-encoding')]).toEqual(['abcde', '5', null]);
  });
});

describe('a server that fails', () => {
  it('refuses: another one answers, and the dead one is soon left out', async () => {
    const [dead, well] = [await service('a'), await service('b')];
    dead.kill();
    const balancer = await before([dead, well]);
    expect([await by(balancer.at), await by(balancer.at), await by(balancer.at), await by(balancer.at)]).toEqual(['b', 'b', 'b', 'b']);
    expect(noted(balancer, 'lb.chose').map(({ server, why }) => `${server} ${why}`)).toEqual(['server-1 round-robin', 'server-2 retry', 'server-1 round-robin', 'server-2 retry', 'server-2 only', 'server-2 only']);
    expect(noted(balancer, 'lb.health')).toEqual([{ topic: 'lb.health', server: 'server-1', what: 'down', why: 'refused', failures: 2 }]);
    expect(balancer.program.servers.map(({ open }) => open)).toEqual([0, 0]);
  });

  it('refuses, without retries: 502 says who and why', async () => {
    const [dead, well] = [await service('a'), await service('b')];
    dead.kill();
    const { status, text } = await get(testRole('client'), (await before([dead, well], { retry: false })).at);
    expect([status, text]).toEqual([502, 'server-1: ECONNREFUSED: nobody listens there. Is the server running?\n']);
  });

  it.each([
    ['resets', (socket: { resetAndDestroy(): unknown }) => void socket.resetAndDestroy(), 502, /ECONNRESET/],
    ['cuts', (socket: { end(text: string): unknown }) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'), 502, /ended before the answer was whole/],
    ['talks nonsense', (socket: { end(text: string): unknown }) => void socket.end('nonsense\r\n\r\n'), 502, /HTTP_MALFORMED/],
    ['says nothing', () => undefined, 504, /ETIMEDOUT/],
  ])('%s: a POST is not sent twice', async (_how, behave, status, why) => {
    const [bad, well] = [await rude(behave), await rude((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))];
    const answer = await get(testRole('client'), (await before([bad, well])).at, { method: 'POST', body: new Uint8Array(3) });
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(why);
    expect([bad.program.requests.length, well.program.requests.length]).toEqual([1, 0]);
  });

  it('hangs: 504, and no second try; the checks find it out', async () => {
    const [hung, well] = [await service('a'), await service('b')];
    const balancer = await before([hung, well], { checkInterval: 50, timeout: 100, failures: 2 });
    hung.program.hang();
    expect((await get(testRole('client'), balancer.at)).status).toBe(504);
    await until(() => noted(balancer, 'lb.health').length > 0);
    expect(noted(balancer, 'lb.health')[0]).toMatchObject({ server: 'server-1', what: 'down', why: 'timeout' });
    expect([await by(balancer.at), await by(balancer.at)]).toEqual(['b', 'b']);
    hung.program.resume();
    await until(() => noted(balancer, 'lb.health').some(({ what }) => what === 'up'));
    expect(new Set([await by(balancer.at), await by(balancer.at)])).toEqual(new Set(['a', 'b']));
  });

  it('answers its checks with an error: down because of its status', async () => {
    const balancer = await before([await rude((socket) => socket.end('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'))], { checkInterval: 20 });
    await until(() => noted(balancer, 'lb.health').length > 0);
    expect(noted(balancer, 'lb.health')[0]).toMatchObject({ what: 'down', why: 'status', failures: 2 });
    const { status, headers, text } = await get(testRole('client'), balancer.at);
    expect([status, valueOf(headers, 'retry-after'), text]).toEqual([503, '1', 'No server is left to ask.\n']);
    expect(noted(balancer, 'lb.none')).toHaveLength(1);
  });
});

describe('connections that are kept', () => {
  it('are used again, and one that ended meanwhile costs nobody anything', async () => {
    const server = await rude((socket, _request, count) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      if (count === 2) setTimeout(() => socket.destroy(), 10);
    });
    const balancer = await before([server], { keepAlive: true, failures: 1 });
    for (let i = 0; i < 4; i++) {
      expect((await get(testRole('client'), balancer.at)).text).toBe('ok');
      await balancer.role.sleep(30);
    }
    expect(server.program.requests).toHaveLength(4);
    expect(noted(balancer, 'lb.health')).toEqual([]);
  });
});

describe('least connections', () => {
  it('sends fewer requests to the slow server than round robin does', async () => {
    const share = async (algorithm: BalancerOptions['algorithm']): Promise<number> => {
      const [slow, quick] = [await service('slow', { serviceTime: 120 }), await service('quick', { serviceTime: 10 })];
      const balancer = await before([slow, quick], { algorithm, timeout: 2000 });
      const client = testRole('client');
      await Promise.all(Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 6; i++) await get(client, balancer.at);
      }));
      return noted(balancer, 'lb.chose').filter(({ server }) => server === 'server-1').length;
    };
    expect(await share('round-robin')).toBe(12);
    expect(await share('least-connections')).toBeLessThan(9);
  });
});

describe('draining', () => {
  it('lets the server finish what it has, sends it nothing new, and loses no request', async () => {
    const [first, second] = [await service('a', { serviceTime: 80 }), await service('b', { serviceTime: 80 })];
    const balancer = await before([first, second], { keepAlive: true });
    const asked = Array.from({ length: 4 }, () => by(balancer.at));
    await until(() => noted(balancer, 'lb.chose').length === 4);
    await balancer.program.drain('server-1');
    first.kill();
    expect((await Promise.all(asked)).sort()).toEqual(['a', 'a', 'b', 'b']);
    expect([await by(balancer.at), await by(balancer.at)]).toEqual(['b', 'b']);
    expect(noted(balancer, 'lb.drain').map(({ what, open }) => `${what} ${open}`)).toEqual(['begun 2', 'ended 0']);
    expect(balancer.program.drain('server-7')).toBeNull();
  });
});

it('a balancer that is killed leaves its servers well, and another takes over', async () => {
  const server = await service('a', { serviceTime: 100 });
  const [first, second] = [await before([server]), await before([server])];
  const asked = by(first.at);
  asked.catch(() => undefined);
  await until(() => noted(first, 'lb.chose').length === 1);
  first.kill();
  await expect(asked).rejects.toMatchObject({ code: 'HTTP_NO_RESPONSE' });
  await expect(by(first.at)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await by(second.at)).toBe('a');
});
