// Foreign programs against the labs of HTTP: curl in both versions, wget, Python as in the course, nc with bytes that are no HTTP, h2load
// and wrk under load, slow clients. Checks what the programs report, and that our servers still serve after it.
import { once } from 'node:events';
import * as net from 'node:net';
import { describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import httpApi from '../../electron/labs/http-api/lab';
import httpCaching from '../../electron/labs/http-caching/lab';
import httpMessages from '../../electron/labs/http-messages/lab';
import { LabTest, local } from '../../electron/labs/run.fixture';
import { httpServer } from '../../electron/roles/http/httpServer';
import { textAnswer } from '../../electron/roles/http/message';
import type { Lab } from '../../electron/roles/lab';
import { start, wrk } from './support';

const SERVER = local('127.0.20.1');
const API = `http://${SERVER}:8000`;
const USER = '{"name": "홍길동", "nickname": "jeff", "role": "Instructor"}';

const output = async (command: string, ...args: readonly string[]): Promise<string> => (await start(command, ...args).ended).output;
const curl = (...args: readonly string[]): Promise<string> => output('curl', '-s', '--max-time', '50', ...args);

/** Bytes by nc; its output as soon as there is a status line. nc itself waits for more to be typed. */
async function nc(port: number, bytes: string): Promise<string> {
  const program = start('nc', SERVER, String(port));
  program.type(bytes);
  await program.printed(/^HTTP\/1\.1 \d{3} /);
  program.kill();
  return program.output();
}

/** The course's client: status code, then the JSON; or that the server may not be running. */
const COURSE_CLIENT = `
import http.client, json, sys
try:
    connection = http.client.HTTPConnection(sys.argv[1], 8000, timeout=50)
    connection.request('GET', '/api/user')
    response = connection.getresponse()
    print(response.status, response.getheader('Content-Type'))
    print(json.loads(response.read().decode('utf-8')))
except ConnectionRefusedError:
    print('Is the server running?')
`;

describe('http-api', () => {
  it('the course\'s client in Python; and when the server is off', async () => {
    const run = await LabTest.serve(httpApi);
    expect(await output('python3', '-c', COURSE_CLIENT, SERVER)).toBe("200 application/json\n{'name': '홍길동', 'nickname': 'jeff', 'role': 'Instructor'}\n");
    await run.act('kill-server');
    expect(await output('python3', '-c', COURSE_CLIENT, SERVER)).toBe('Is the server running?\n');
  });

  it('curl: every method with its status', async () => {
    await LabTest.serve(httpApi);
    const status = (...args: readonly string[]): Promise<string> => curl('-o', '/dev/null', '-w', '%{http_code}', ...args);
    expect(await curl(`${API}/api/user`)).toBe(USER);
    expect(await status(`${API}/`)).toBe('404');
    expect(await curl('-I', `${API}/api/user`)).toContain('Content-Length: 63\r\n');
    expect(await curl('-i', '--data-urlencode', 'name=김 철수', `${API}/api/users`)).toMatch(/^HTTP\/1\.1 201 Created\r\n[^]*Location: \/api\/users\/1\r\n[^]*"name": "김 철수"/);
    expect(await curl('-F', 'name=이영희', '-F', 'note=두 줄', `${API}/api/users`)).toContain('"name": "이영희"');
    expect(await status('-X', 'DELETE', `${API}/api/users/1`)).toBe('204');
    expect(await status('-X', 'DELETE', `${API}/api/user`)).toBe('405');
    expect(await status('-X', 'PROPFIND', `${API}/api/user`)).toBe('501');
    expect(await status('--data-binary', '<a/>', '-H', 'Content-Type: text/xml', `${API}/api/users`)).toBe('415');
    expect(await status('-H', `X: ${'x'.repeat(20_000)}`, `${API}/api/user`)).toBe('431');
  });

  it('curl and wget: a body too large is 413, an unfinished answer is noticed', async () => {
    const run = await LabTest.serve(httpApi, { answer: 'long' });
    const big = start('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Expect:', '-H', 'Content-Type: application/json', '--data-binary', '@-', `${API}/api/users`);
    big.type('x'.repeat(400_000));
    big.endInput();
    expect((await big.ended).output).toBe('413');
    // 18: partial file.
    expect((await start('curl', '-s', `${API}/api/user`).ended).status).toBe(18);
    await run.act('respond', { path: '/api/user', answer: 'normal' });
    expect(await output('wget', '-q', '-O', '-', `${API}/api/user`)).toBe(USER);
    await run.act('respond', { path: '/api/user', answer: 'no-length' });
    expect(await output('wget', '-q', '-O', '-', `${API}/api/user`)).toContain('33 bytes');
  });

  it.each([
    ['a greeting', 'hello\r\n\r\n', 400],
    ['half a line', 'GET\r\n\r\n', 400],
    ['zeros', '\0\0\0\0\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\x7c\x03\x03', 400],
    ['no Host', 'GET /api/user HTTP/1.1\r\n\r\n', 400],
    ['broken chunks', 'POST /api/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 400],
    ['huge headers', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
  ])('nc with %s is answered, and a client beside it is served', async (_what, bytes, status) => {
    await LabTest.serve(httpApi);
    const other = net.connect(8000, SERVER);
    await once(other, 'connect');
    expect(await nc(8000, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    other.write('GET /api/user HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const part of other.setEncoding('utf8')) text += String(part);
    expect(text).toContain(USER);
  });
});

describe('http-messages', () => {
  const ONE = `http://${SERVER}:8080`;
  const TWO = `http://${SERVER}:8090`;

  it.each([
    ['HTTP/1.1', ONE, []],
    ['HTTP/2', TWO, ['--http2-prior-knowledge']],
  ])('curl by %s: 302 to /posts, chunks and trailers, ranges, codings, HEAD', async (version, site, flags) => {
    await LabTest.serve(httpMessages);
    const ask = (...args: readonly string[]): Promise<string> => curl(...flags, ...args);
    // curl 7.88 cannot use a connection of HTTP/2 by prior knowledge twice (curl issue 10634): no -L there.
    if (version === 'HTTP/2') expect(await ask('-o', '/dev/null', '-w', '%{http_version} %{http_code} %{redirect_url}', `${site}/`)).toBe(`2 302 ${site}/posts`);
    else expect(await ask('-L', '-o', '/dev/null', '-w', '%{http_version} %{num_redirects} %{num_connects} %{http_code} %{size_download}', `${site}/`)).toBe('1.1 1 1 200 4203');
    expect(await ask('-o', '/dev/null', '-w', '%{http_code} %{size_download}', `${site}/posts`)).toBe('200 4203');
    expect(await ask(`${site}/chunked`)).toBe(Array.from({ length: 6 }, (_, index) => `part ${index + 1} of 6\n`).join(''));
    expect(await ask(`${site}/until-close`)).toContain('part 6 of 6');
    expect(await ask('-r', '5-9', `${site}/digits`)).toBe('56789');
    expect(await ask('-o', '/dev/null', '-w', '%{http_code}', '-r', '5000-', `${site}/digits`)).toBe('416');
    expect(await ask('--compressed', `${site}/prose`)).toBe('What is said often is soon said shortly. '.repeat(100));
    expect(await ask('-I', `${site}/posts`)).toMatch(/content-length: 4203/i);
    expect(await ask('-o', '/dev/null', '-w', '%{http_code}', '-H', 'If-None-Match: "posts-1"', `${site}/posts`)).toBe('304');
    expect(await ask('-H', 'Expect: 100-continue', '--data-binary', 'x'.repeat(2000), `${site}/upload`)).toBe('2000 bytes have come.\n');
  });

  it('curl --raw shows the chunks; wget follows; nghttp reads the frames', async () => {
    await LabTest.serve(httpMessages);
    expect(await curl('--raw', `${ONE}/chunked`)).toMatch(/^c\r\npart 1 of 6\n\r\n[^]*0\r\nX-Lines: 6\r\n\r\n$/);
    expect((await output('wget', '-q', '-O', '-', `${ONE}/`)).length).toBe(4203);
    expect(await output('nghttp', '-v', `${TWO}/posts`)).toMatch(/:status: 200[^]*recv HEADERS frame/);
  });
});

describe('http-caching', () => {
  it('curl: validators, a shared cache with Age and Via, a session', async () => {
    await LabTest.serve(httpCaching, { validator: 'both' });
    const page = `http://${SERVER}:8081/page`;
    expect(await curl('-i', page)).toMatch(/Cache-Control: max-age=60\r\nETag: "v1-en"\r\nLast-Modified: /);
    expect(await curl('-o', '/dev/null', '-w', '%{http_code} %{size_download}', '-H', 'If-None-Match: "v1-en"', page)).toBe('304 0');
    expect(await curl('-o', '/dev/null', '-w', '%{http_code}', '-z', 'Sat, 01 Jan 2050 00:00:00 GMT', page)).toBe('304');
    const shared = `http://${local('127.0.30.1')}:8082/page`;
    expect(await curl('-i', shared)).not.toMatch(/^Age:/m);
    expect(await curl('-i', shared)).toMatch(/^Age: \d+\r\nVia: 1\.1 cache/m);
    expect(await curl('-o', '/dev/null', '-w', '%{http_code}', '-H', 'If-None-Match: "v1-en"', shared)).toBe('304');
    expect(await curl('-L', '-b', '', '-d', 'name=김', `http://${SERVER}:8081/login`)).toBe('The account of 김.\n');
  });
});

describe('the command lines that the lessons give', () => {
  const ANSWERS: Readonly<Record<string, RegExp>> = {
    'http-api curl': /HTTP\/1\.1 200 OK[^]*홍길동/, 'http-api form': /201 Created[^]*홍길동/, 'http-api json': /201 Created[^]*홍길동/, 'http-api python': /^200\n\{'name': '홍길동'/, 'http-api nc': /HTTP\/1\.1 200 OK/,
    'http-messages curl': /<h1>Posts/, 'http-messages h2': /<h1>Posts/, 'http-messages chunked': /\r\nc\r\npart 1/, 'http-messages range': /206 Partial Content[^]*0123456789$/, 'http-messages gzip': /^$/, 'http-messages pipeline': /slow[^]*quick/,
    'http-caching etag': /304 Not Modified/, 'http-caching shared': /HTTP\/1\.1 200 OK[^]*HTTP\/1\.1 200 OK[^]*Age:/, 'http-caching date': /200 OK/, 'http-caching cookie': /The account of kim/,
  };
  const commands = [httpApi, httpMessages, httpCaching].flatMap((lab) => lab.manifest.tryIt.map((tryIt) => [`${lab.manifest.id} ${tryIt.id}`, lab, tryIt] as const));
  it.each(commands)('%s', async (name, lab, tryIt) => {
    await LabTest.serve(lab);
    const endpoint = must(lab.manifest.endpoints.find((one) => one.role === tryIt.endpoint), tryIt.endpoint);
    const address = local(must(lab.manifest.hosts.find((one) => one.id === endpoint.host), endpoint.host).address);
    const program = start('sh', '-c', tryIt.command.replaceAll('{address}', address).replaceAll('{port}', String(endpoint.port)));
    const { output: printed, status } = await program.ended;
    expect(status).toBe(0);
    expect(printed).toMatch(must(ANSWERS[name], name));
  });
});

describe('under load', () => {
  it('wrk: no error, and the trace of it is whole', async () => {
    const run = await LabTest.serve(httpApi);
    const report = await wrk(run.untilFacts('bytes.sent', 'server'), '-c50', `${API}/api/user`);
    const answered = Number(must(/(\d+) requests in/.exec(report), report)[1]);
    expect(answered).toBeGreaterThan(0);
    expect(report).not.toMatch(/Socket errors|Non-2xx/);
    // The last batch of facts may come after wrk's end.
    await run.untilFacts('bytes.sent', 'server', answered);
    expect(await curl(`${API}/api/user`)).toBe(USER);
  });

  it('h2load: every request of both versions succeeds', async () => {
    await LabTest.serve(httpMessages);
    expect(await output('h2load', '-n', '2000', '-c', '20', '-m', '10', `http://${SERVER}:8090/posts`)).toMatch(/2000 succeeded, 0 failed, 0 errored/);
    expect(await output('h2load', '--h1', '-n', '500', '-c', '20', `http://${SERVER}:8080/posts`)).toMatch(/500 succeeded, 0 failed, 0 errored/);
  });

  it('slow clients hold only themselves: they get 408 in time, and others are served meanwhile', async () => {
    const patient: Lab = {
      manifest: { ...httpApi.manifest, actions: [] },
      serve: async (lab) => {
        const options = { port: 8000, handler: () => textAnswer(200, 'served\n'), headersTimeout: 400, requestTimeout: 800 };
        await lab.role({ id: 'server', host: 'server', kind: 'server' }, (role) => httpServer(role, options)).ready;
      },
      play: () => Promise.resolve(),
    };
    await LabTest.serve(patient);
    const slow = Array.from({ length: 100 }, async () => {
      const socket = net.connect(8000, SERVER);
      socket.on('error', () => undefined);
      let text = '';
      socket.setEncoding('latin1').on('data', (part: string) => (text += part));
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
      const drip = setInterval(() => socket.write('X-a: b\r\n'), 50);
      await once(socket, 'close');
      clearInterval(drip);
      return text;
    });
    expect(await curl(API)).toBe('served\n');
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(await curl(API)).toBe('served\n');
  });
});
