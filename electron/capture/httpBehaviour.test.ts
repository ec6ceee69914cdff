// What clients and servers of HTTP/1 see must be the same whether node:http takes a socket's bytes beneath JavaScript (bare), or from
// the tapped socket. Each scenario runs on bare Node, on our network with recording off, and with recording on.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type * as http from 'node:http';
import type * as net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { certificates } from './certificates.fixture';
import { all, expectWiresAgree, listening, sha } from './streams.fixture';
import { Journal, onAll, type Web } from './web.fixture';

type Listener = http.RequestListener;

const same = (mine: unknown, bare: unknown, name: string): void => expect([name, mine]).toEqual([name, bare]);
const timeless = (text: string): string => text.replace(/^Date: .*\r\n/gm, '').replace(/127\.\d+\.\d+\.\d+:\d+/g, 'ADDRESS');

interface Spoken {
  /** What the client sends, one after the other; a function waits for something. */
  readonly says: readonly (string | ((so: { readonly far: string }) => Promise<unknown> | undefined))[];
  readonly options?: http.ServerOptions;
  readonly onServer?: (server: http.Server, journal: Journal) => void;
  readonly ends?: boolean;
}

/** A client that speaks raw text to a server; what came back, and what the server's program noted. */
const talk = (spoken: Spoken, listener: (journal: Journal) => Listener) => async (web: Web): Promise<{ answer: string; journal: string[] }> => {
  const journal = new Journal();
  const server = web.http.createServer(spoken.options ?? {}, listener(journal));
  spoken.onServer?.(server, journal);
  const client = web.net.connect(await listening(server), { allowHalfOpen: true });
  let answer = '';
  client.setEncoding('latin1').on('data', (text: string) => (answer += text));
  await once(client, 'connect');
  for (const say of spoken.says) {
    if (typeof say === 'string') client.write(say, 'latin1');
    else while (await say({ far: answer }) === undefined) await turn();
    await turn();
  }
  if (spoken.ends !== false) client.end();
  if (!client.readableEnded) await once(client, 'end');
  client.destroy();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  return { answer: timeless(answer), journal: journal.lines };
};

/** Waits until the answer so far shows this. */
const until = (text: string) => ({ far }: { readonly far: string }): Promise<unknown> | undefined => (far.includes(text) ? Promise.resolve(true) : (turn() as Promise<undefined>));

const echo = (journal: Journal): Listener => (request, response) => {
  journal.note(`${request.method ?? ''} ${request.url ?? ''} ${request.httpVersion}`);
  void all(request).then((body) => response.end(`${request.url ?? ''} ${body.length}\n`));
};

it('keeps alive, answers pipelined requests in order, and takes requests in crumbs', async () => {
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const { seen, trace } = await onAll(
    talk({ says: [`${get('/1')}${get('/2')}POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe`, 'llo', until('/3 5'), ...get('/4'), until('/4 0'), 'POST /5 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', '0\r\n\r\n', until('/5 3')] }, echo),
    same,
  );
  expect(seen.journal).toEqual(['GET /1 1.1', 'GET /2 1.1', 'POST /3 1.1', 'GET /4 1.1', 'POST /5 1.1']);
  expect(seen.answer.match(/^\/\d \d$/gm)).toEqual(['/1 0', '/2 0', '/3 5', '/4 0', '/5 3']);
  expectWiresAgree(trace);
  expect(trace.facts('connection.accepted')).toHaveLength(1);
});

it('hands a socket over on upgrade, with the bytes that came along', async () => {
  const onServer = (server: http.Server, journal: Journal): void => {
    server.on('upgrade', (request, socket: net.Socket, head: Buffer) => {
      journal.note(`upgrade ${request.headers.upgrade ?? ''} ${head.toString()}`);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
      socket.on('data', (bytes: Buffer) => socket.write(`<${bytes.toString()}>`));
      socket.on('end', () => socket.end());
    });
  };
  const { seen, trace } = await onAll(talk({ says: ['GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhead', until('101'), 'more', until('<more>')], onServer }, echo), same);
  expect(seen.journal).toEqual(['upgrade x head']);
  expect(seen.answer).toContain('<more>');
  expectWiresAgree(trace);
});

it('hands a socket over on CONNECT', async () => {
  const onServer = (server: http.Server, journal: Journal): void => {
    server.on('connect', (request, socket: net.Socket) => {
      journal.note(`connect ${request.url ?? ''}`);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(socket);
    });
  };
  const { seen } = await onAll(talk({ says: ['CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n', until('200'), 'through', until('through')], onServer }, echo), same);
  expect(seen.journal).toEqual(['connect b:1']);
});

it('says 100 Continue, and lets a program decide on it', async () => {
  const says = ['PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n', until('100 Continue'), 'abc', until('/a 3')];
  expect((await onAll(talk({ says }, echo), same)).seen.answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  const onServer = (server: http.Server): void => void server.on('checkContinue', (_request, response) => response.writeHead(417, { connection: 'close' }).end());
  expect((await onAll(talk({ says: says.slice(0, 1), onServer }, echo), same)).seen.answer).toMatch(/^HTTP\/1\.1 417 /);
});

it.each([
  ['no request', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', /^HTTP\/1\.1 400 /],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['headers that never end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}`, /^HTTP\/1\.1 431 /],
])('answers %s with an error', async (_, text, expected) => {
  const onServer = (server: http.Server, journal: Journal): void => void server.on('connection', (socket: net.Socket) => journal.watch('socket', socket, 'error'));
  const { seen } = await onAll(talk({ says: [text], options: { maxHeaderSize: 65_536 }, onServer }, echo), same);
  expect(seen.answer).toMatch(expected);
});

it('tells a program of a client that speaks nonsense', async () => {
  const onServer = (server: http.Server, journal: Journal): void =>
    void server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
      journal.note(`${error.code ?? ''} ${error.rawPacket?.toString() ?? ''}`);
      socket.end('bad\n');
    });
  const { seen } = await onAll(talk({ says: ['hello\r\n\r\n'], onServer }, echo), same);
  expect(seen).toEqual({ answer: 'bad\n', journal: ['HPE_INVALID_METHOD hello\r\n\r\n'] });
});

it('cuts off a client that is too slow', async () => {
  const options = { headersTimeout: 60, requestTimeout: 60, connectionsCheckingInterval: 20 };
  const { seen } = await onAll(talk({ says: ['GET / HTTP/1.1\r\nHost'], options, ends: false }, echo), same);
  expect(seen.answer).toMatch(/^HTTP\/1\.1 408 /);
});

it('answers a client that has half-closed', async () => {
  const onServer = (server: http.Server): void => void Object.assign(server, { httpAllowHalfOpen: true });
  const late = (journal: Journal): Listener => (request, response) => {
    request.socket.on('end', () => {
      journal.note('end of the client');
      response.end('late\n');
    });
  };
  const { seen, trace } = await onAll(talk({ says: ['GET / HTTP/1.1\r\nHost: a\r\n\r\n'], onServer }, late), same);
  expect(seen.answer).toContain('late\n');
  expect(trace.facts('stream.ended').length).toBeGreaterThan(0);
});

it('notices a client that goes away in the middle of its body', async () => {
  for (const leave of [(client: net.Socket) => client.destroy(), (client: net.Socket) => client.resetAndDestroy()]) {
    await onAll(async (web) => {
      const journal = new Journal();
      const done = new Promise<void>((resolve) => {
        const server = web.http.createServer({}, (request, response) => {
          journal.watch('request', request, 'aborted', 'error', 'close');
          journal.watch('response', response, 'close', 'finish');
          request.resume().on('close', () => setImmediate(resolve));
        });
        void listening(server).then((remote) => {
          const client = web.net.connect(remote);
          client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc');
          server.on('request', () => void leave(client));
          server.on('request', () => server.close());
        });
      });
      await done;
      return journal.lines.sort();
    }, same);
  }
});

it('notices a server that goes away in the middle of its answer', async () => {
  const { seen } = await onAll(async (web) => {
    const journal = new Journal();
    const server = web.http.createServer({}, (_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('part', () => response.destroy());
    });
    const request = web.http.request(await listening(server), {});
    request.end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    journal.watch('response', response, 'aborted', 'error', 'end');
    response.on('data', (bytes: Buffer) => journal.note(bytes.toString()));
    await new Promise((resolve) => response.on('close', resolve));
    server.close();
    return journal.lines;
  }, same);
  expect(seen).toContain('response error ECONNRESET');
});

it.each([false, true])('carries megabytes both ways past readers that take their time (TLS: %s)', async (overTls) => {
  const { ca, good } = await certificates();
  const body = randomBytes(5_000_000);
  const { seen, trace } = await onAll(async (web) => {
    const echoAll: Listener = (request, response) => void request.pipe(response);
    const server = overTls ? web.http.createSecureServer(good, echoAll) : web.http.createServer({}, echoAll);
    const request = web.http.request(await listening(server), { method: 'POST', ...(overTls && { secure: { ca, servername: 'www.example.test' } }) });
    request.end(body);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) {
      parts.push(part as Buffer);
      if (parts.length % 10 === 0) await turn();
    }
    server.close();
    return sha(Buffer.concat(parts));
  }, same);
  expect(seen).toBe(sha(body));
  expectWiresAgree(trace);
});

it('pools connections as the agent is told to', async () => {
  const { trace } = await onAll(async (web) => {
    const server = web.http.createServer({}, (request, response) => void setImmediate(() => response.end(request.url)));
    const remote = await listening(server);
    const agent = web.http.createAgent({ keepAlive: true, maxSockets: 2 });
    const ports = new Set<number>();
    server.on('connection', (socket: net.Socket) => ports.add(socket.remotePort ?? 0));
    const get = async (path: string): Promise<string> => {
      const request = web.http.request(remote, { path, agent });
      request.end();
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      return (await all(response)).toString();
    };
    const bodies = await Promise.all(['/1', '/2', '/3', '/4', '/5'].map(get));
    bodies.push(await get('/6'));
    agent.destroy();
    server.close();
    return { bodies, connections: ports.size };
  }, (mine, bare, name) => {
    same(mine, bare, name);
    expect(mine.connections).toBe(2);
  });
  expect(trace.facts('connect.started')).toHaveLength(2);
});
