// The browser against servers that behave badly, on a plain network: what it bears, and what it says.
import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { roleIx } from '../../../shared/base/brand';
import { afterEach, describe, expect, it } from 'vitest';
import { createNetwork } from '../../capture/network';
import type { RoleContext } from '../lab';
import { createLabClock } from '../dns/labClock';
import { Browser, urlOf, type Visited } from './browser';
import type { ConnectionPolicy } from './browserCarrier';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listening(server: net.Server): Promise<number> {
  closers.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}
const serve = (handler: http.RequestListener): Promise<number> => {
  const server = http.createServer(handler);
  closers.push(() => server.closeAllConnections());
  return listening(server);
};
/** A server that answers every connection with these bytes and closes it. */
const say = (text: string): Promise<number> => listening(net.createServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.end(text))));

interface Client {
  readonly prints: string[];
  readonly notes: string[];
  visit(path?: string): Promise<Visited>;
}

function client(port: number, policy: ConnectionPolicy = 'six'): Client {
  const abort = new AbortController();
  const network = createNetwork(null, { role: roleIx(1), host: 'client', address: '127.0.0.1' });
  const prints: string[] = [];
  const notes: string[] = [];
  const role: RoleContext = {
    id: 'client', signal: abort.signal,
    host: { id: 'client', address: '127.0.0.1', ...network },
    listening: () => undefined,
    print: (text) => void prints.push(text),
    note: (note) => void notes.push(`${note.topic}${'what' in note ? ` ${note.what}` : ''}`),
    sleep: (ms) => sleepFor(ms, undefined, { signal: abort.signal }),
  };
  closers.push(() => (abort.abort(), network.closeAll()));
  const browser = new Browser(role, { policy, names: new Map([['site.test', '127.0.0.1']]), route: (address) => ({ address, port }), trust: null, clock: createLabClock() });
  return { prints, notes, visit: (path = '/') => browser.visit(`http://site.test${path}`) };
}

const html = (response: http.ServerResponse, body: string): void => void response.writeHead(200, { 'Content-Type': 'text/html' }).end(body);

describe('a page and its objects', () => {
  it.each(['own', 'keep-alive', 'six'] as const)('%s: an object that is missing is one failure among others', async (policy) => {
    const port = await serve((request, response) => {
      if (request.url === '/') html(response, '<link rel=stylesheet href=/a><img src=/gone><script src=/b></script>');
      else if (request.url === '/gone') response.writeHead(404).end('gone');
      else response.end('x');
    });
    const { page, objects, failures } = await client(port, policy).visit();
    expect([page?.status, objects.length, [...failures]]).toEqual([200, 3, [['http://site.test/gone', '404']]]);
  });

  it('meets objects in a page that ends without a closing tag, and in its last bytes', async () => {
    const port = await serve((request, response) => (request.url === '/' ? html(response, 'text <img src=/last>') : response.end('x')));
    expect((await client(port).visit()).objects).toHaveLength(1);
  });

  it('names no objects when it is no HTML', async () => {
    const port = await serve((_, response) => void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('<img src=/a>'));
    expect((await client(port).visit()).objects).toEqual([]);
  });
});

describe('redirects', () => {
  it('are followed; the page\'s own address counts for what it names', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/') response.writeHead(302, { Location: '/deep/page' }).end();
      else if (request.url === '/deep/page') html(response, '<img src=picture>');
      else response.end('x');
    });
    const { page, objects } = await client(port).visit();
    expect([page?.url, objects.map(({ url }) => url)]).toEqual(['http://site.test/deep/page', ['http://site.test/deep/picture']]);
  });

  it('in a circle come to an end', async () => {
    let asked = 0;
    const port = await serve((_, response) => void (asked++, response.writeHead(302, { Location: `/${asked}` }).end()));
    const tried = client(port);
    expect([...(await tried.visit()).failures.values()]).toEqual(['TOO_MANY_REDIRECTS']);
    expect(asked).toBe(21);
    expect(tried.prints.at(-1)).toContain('round in circles');
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'http://['])('to %s are not followed', async (location) => {
    const port = await say(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
    expect([...(await client(port).visit()).failures.values()]).toEqual(['BAD_REDIRECT']);
  });
});

describe('what servers do wrong', () => {
  it.each([
    ['nothing at all', '', 'ECONNRESET'],
    ['an answer cut short', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort', 'ECONNRESET'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'HPE_INVALID_CONSTANT'],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(60_000)}`, 'HPE_HEADER_OVERFLOW'],
  ])('%s', async (_, bytes, code) => {
    const { page, failures } = await client(await say(bytes)).visit();
    expect([page, [...failures.values()]]).toEqual([null, [code]]);
  });

  it('a body without end is given up', async () => {
    const port = await serve((_, response) => {
      const more = (): void => {
        while (response.writable && response.write(Buffer.alloc(64 * 1024)));
        response.once('drain', more);
      };
      more();
    });
    const { failures } = await client(port).visit();
    expect([...failures.values()]).toEqual(['TOO_LARGE']);
  });

  it('nobody there', async () => {
    const gone = client(1);
    expect([...(await gone.visit()).failures.values()]).toEqual(['ECONNREFUSED']);
    expect(gone.prints).toEqual(['http://site.test/: ECONNREFUSED: nobody listens there. Is the server running?']);
  });

  it('a kept connection that the server closes just then: asked once more', async () => {
    let connections = 0;
    const port = await listening(net.createServer((socket) => {
      connections++;
      let asked = 0;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        // The second request on the first connection is answered with RST, as by a server whose patience had just ended.
        if (connections === 1 && ++asked === 2) return void socket.resetAndDestroy();
        const body = connections === 1 ? '<img src=/a>' : 'x';
        socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      });
    }));
    const { objects, failures } = await client(port, 'keep-alive').visit();
    expect([objects.length, failures.size, connections]).toEqual([1, 0, 2]);
  });
});

it('the HTTP cache answers the second visit, and its notes say so', async () => {
  let asked = 0;
  const port = await serve((request, response) => {
    asked++;
    if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304).end();
    response.writeHead(200, { 'Content-Type': 'text/html', ETag: '"1"', 'Cache-Control': request.url === '/' ? 'no-cache' : 'max-age=60' }).end(request.url === '/' ? '<img src=/a>' : 'x');
  });
  const browser = client(port);
  await browser.visit();
  const second = await browser.visit();
  expect([second.page?.from, second.page?.revalidated, second.objects[0]?.from, second.objects[0]?.revalidated]).toEqual(['cache', true, 'cache', false]);
  expect(asked).toBe(3);
  expect(browser.notes.filter((note) => note.startsWith('http.cache'))).toEqual(['http.cache miss', 'http.cache miss', 'http.cache stored', 'http.cache stored', 'http.cache stale', 'http.cache revalidated', 'http.cache hit']);
});

it('what is typed', () => {
  expect(['naver.com', ' HTTP://Naver.com/A#b ', 'https://x:8443', '127.0.0.1:8088'].map(urlOf)).toEqual(['http://naver.com/', 'http://naver.com/A', 'https://x:8443/', 'http://127.0.0.1:8088/']);
  expect(['', '  ', 'http://', 'file:///etc/passwd', 'ftp://x/'].map(urlOf)).toEqual([null, null, null, null, null]);
});
