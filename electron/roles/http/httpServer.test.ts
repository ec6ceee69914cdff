// An HTTP server between good clients, bad ones and slow ones: bytes in, bytes out, on plain sockets.
import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../shared/trace/event';
import { MAX_BODY_SIZE } from './bounds';
import { plainRole, type PlainRole } from './host.fixture';
import { httpServer, type HttpServerOptions } from './httpServer';
import { answer, jsonAnswer, textAnswer, wholeBody, type Handler, type HttpAnswer } from './message';

const roles = new Set<PlainRole>();
afterEach(() => {
  for (const role of roles) role.stop();
  roles.clear();
});

const echo: Handler = (request) =>
  request.path === '/throws'
    ? Promise.reject(new Error('EIO'))
    : jsonAnswer(200, { method: request.method, path: request.path, query: request.query.get('q'), host: request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1], body: Buffer.from(request.body).toString(), version: request.version });

async function serve(options: Partial<HttpServerOptions> = {}): Promise<Endpoint & { role: PlainRole }> {
  const role = plainRole();
  roles.add(role);
  void httpServer(role.role, { port: 0, handler: echo, ...options }).catch(() => undefined);
  return { ...(await role.listening), role };
}

const answering = (given: HttpAnswer): Partial<HttpServerOptions> => ({ handler: () => given });

/** Everything that comes back until the end of the connection. */
async function talk(server: Endpoint, ...pieces: readonly string[]): Promise<string> {
  const socket = net.connect(server.port, server.address);
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  socket.on('error', () => undefined);
  for (const piece of pieces) socket.write(piece, 'latin1');
  await once(socket, 'close');
  return text;
}

const GET = (path: string, ...headers: readonly string[]): string => [`GET ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const LAST = 'Connection: close';

describe('good requests', () => {
  it('are answered, with Date and Content-Length', async () => {
    const text = await talk(await serve(), GET('/x?q=%EA%B0%80', LAST));
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nDate: .+ GMT\r\nContent-Type: application\/json\r\nContent-Length: \d+\r\nConnection: close\r\n\r\n/);
    expect(Buffer.from(text, 'latin1').toString()).toContain('"query":"가"');
  });

  it('may come several in one piece, or in many pieces', async () => {
    const server = await serve();
    const both = await talk(server, GET('/1') + GET('/2', LAST));
    expect(both.match(/"path":"\/\d"/g)).toEqual(['"path":"/1"', '"path":"/2"']);
    expect(await talk(server, ...GET('/slowly', LAST))).toContain('"path":"/slowly"');
  });

  it('bring a body by length or in chunks', async () => {
    const server = await serve();
    expect(await talk(server, `POST / HTTP/1.1\r\nHost: a\r\n${LAST}\r\nContent-Length: 3\r\n\r\nabc`)).toContain('"body":"abc"');
    expect(await talk(server, `POST / HTTP/1.1\r\nHost: a\r\n${LAST}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`)).toContain('"body":"abc"');
  });

  it('are told to go on when they ask', async () => {
    const text = await talk(await serve(), `POST / HTTP/1.1\r\nHost: a\r\n${LAST}\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n`, 'abc');
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(await talk(await serve(), GET('/', LAST, 'Expect: a miracle'))).toMatch(/^HTTP\/1\.1 417 /);
  });

  it('of HEAD get the head only', async () => {
    const text = await talk(await serve(), `HEAD / HTTP/1.1\r\nHost: a\r\n${LAST}\r\n\r\n`);
    expect(text).toMatch(/Content-Length: [1-9]\d*\r\n/);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });
});

describe('answers', () => {
  it('chunked, with trailers', async () => {
    const text = await talk(await serve(answering({ status: 200, headers: [], body: [Buffer.from('one'), Buffer.from('two')], framing: 'chunked', trailers: [['X-Sum', '6']] })), GET('/', LAST));
    expect(text).toContain('Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n');
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe('3\r\none\r\n3\r\ntwo\r\n0\r\nX-Sum: 6\r\n\r\n');
  });

  it('that end with the connection', async () => {
    const text = await talk(await serve(answering({ status: 200, headers: [], body: [Buffer.from('all')], framing: 'close' })), GET('/'));
    expect(text).not.toMatch(/Content-Length|Transfer-Encoding/i);
    expect(text).toMatch(/Connection: close\r\n\r\nall$/);
  });

  it('with a wrong length, exactly as told', async () => {
    const text = await talk(await serve({ ...answering({ status: 200, headers: [['Content-Length', '10']], body: [Buffer.from('four')] }), keepAlive: 1 }), GET('/'));
    expect(text).toMatch(/Content-Length: 10\r\n.*\r\n\r\nfour$/s);
  });

  it('204 and 304 have neither body nor length; two cookies are two lines', async () => {
    const text = await talk(await serve(answering(answer(204, [['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']], 'ignored'))), GET('/', LAST));
    expect(text).toMatch(/Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n/);
    expect(text).not.toMatch(/Content-Length/i);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });

  it('of HTTP/1.0 clients come without chunks', async () => {
    const text = await talk(await serve(answering({ status: 200, headers: [], body: [Buffer.from('x')], framing: 'chunked' })), 'GET / HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/Connection: close\r\n\r\nx$/);
  });
});

describe('bad requests', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a space in a header name', 'GET / HTTP/1.1\r\nHost: a\r\nX y: 1\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['length and chunks together', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['a broken chunk', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['a NUL', 'GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['huge headers', GET('/', `X: ${'x'.repeat(20_000)}`), 431],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 501],
  ])('%s', async (_what, bytes, status) => {
    const server = await serve();
    // A good client has its connection open all the while, and is served after.
    const good = talk(server, GET('/good'), GET('/still-good', LAST));
    expect(await talk(server, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await good).toContain('"path":"/still-good"');
  });

  it('bodies too large: 413, whether declared, chunked or announced', async () => {
    const server = await serve();
    const size = MAX_BODY_SIZE + 1;
    expect(await talk(server, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`, 'x'.repeat(size))).toMatch(/^HTTP\/1\.1 413 /);
    expect(await talk(server, `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`, 'x'.repeat(size), '\r\n0\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /);
    expect(await talk(server, `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${size}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a handler that throws is a 500 for its client only', async () => {
    const server = await serve();
    expect(await talk(server, GET('/throws') + GET('/after', LAST))).toMatch(/^HTTP\/1\.1 500 .*HTTP\/1\.1 200 /s);
  });

  it('a head that never ends: 408 in time, and others are served meanwhile', async () => {
    const server = await serve({ headersTimeout: 150, requestTimeout: 300 });
    const slow = Array.from({ length: 20 }, () => talk(server, 'GET / HTTP/1.1\r\nX-a: 1\r\n'));
    expect(await talk(server, GET('/served', LAST))).toContain('/served');
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('HTTP/2 by prior knowledge', () => {
  const ask = async (server: Endpoint, headers: http2.OutgoingHttpHeaders, body?: string): Promise<{ status: number; headers: http2.IncomingHttpHeaders; trailers: http2.IncomingHttpHeaders; text: string }> => {
    const session = http2.connect(`http://${server.address}:${server.port}`);
    try {
      const stream = session.request(headers, { endStream: body === undefined });
      if (body !== undefined) stream.end(body);
      let trailers: http2.IncomingHttpHeaders = {};
      stream.on('trailers', (given: http2.IncomingHttpHeaders) => (trailers = given));
      const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
      let text = '';
      for await (const part of stream.setEncoding('utf8')) text += String(part);
      return { status: head[':status'] ?? 0, headers: head, trailers, text };
    } finally {
      session.close();
    }
  };

  it('has the same handler', async () => {
    const server = await serve({ version: '2' });
    const got = await ask(server, { ':path': '/a?q=1', ':method': 'POST' }, 'hello');
    expect(got.status).toBe(200);
    expect(JSON.parse(got.text)).toEqual({ method: 'POST', path: '/a', query: '1', host: `${server.address}:${server.port}`, body: 'hello', version: '2' });
    expect(got.headers['content-length']).toBe(String(got.text.length));
  });

  it('sends trailers, drops fields of connections, keeps two cookies', async () => {
    const server = await serve({ version: '2', ...answering({ status: 200, headers: [['Connection', 'close'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']], body: [Buffer.from('x')], framing: 'chunked', trailers: [['X-Sum', '1']] }) });
    const got = await ask(server, { ':path': '/' });
    expect(got.trailers['x-sum']).toBe('1');
    expect(got.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('resets the stream of a body that never ends, and serves the others', async () => {
    const server = await serve({ version: '2', requestTimeout: 100 });
    const session = http2.connect(`http://${server.address}:${server.port}`);
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
    stream.on('error', () => undefined);
    stream.write('some of it');
    expect((await ask(server, { ':path': '/other' })).status).toBe(200);
    await once(stream, 'close');
    expect(stream.rstCode).toBe(http2.constants.NGHTTP2_CANCEL);
    session.close();
  });

  it('outlives garbage and a client that leaves', async () => {
    const server = await serve({ version: '2', ...answering(textAnswer(200, 'ok')) });
    expect(await talk(server, GET('/'))).not.toContain('200 OK');
    const gone = net.connect(server.port, server.address, () => gone.destroy());
    await once(gone, 'close');
    expect((await ask(server, { ':path': '/' })).text).toBe('ok');
  });
});

it('the port is taken: said by the system', async () => {
  const server = await serve();
  const second = plainRole();
  await expect(httpServer(second.role, { port: server.port, handler: echo })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('knows whole bodies', () => expect(Buffer.from(wholeBody({ status: 200, headers: [], body: [Buffer.from('a'), Buffer.from('b')] })).toString()).toBe('ab'));
