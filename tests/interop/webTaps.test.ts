// Foreign programs against tapped servers of node:http, node:https, node:http2: they get every byte, and so does the trace.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type * as net from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificates, type Certificates } from '../../electron/capture/certificates.fixture';
import { all, listening, stream } from '../../electron/capture/streams.fixture';
import { traced, type Traced } from '../../electron/capture/traced.fixture';
import { start } from './support';

const NAME = 'www.example.test';
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const BODY = randomBytes(2_000_000);

let folder = '';
let made: Certificates;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-web-'));
  made = await certificates();
  await writeFile(join(folder, 'ca.pem'), made.ca);
  await writeFile(join(folder, 'body'), BODY);
});
afterAll(() => rm(folder, { recursive: true }));

type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;

/** GET: a greeting. POST: the body again. */
function answer(request: Request, response: Response): void {
  response.setHeader('content-type', 'application/octet-stream');
  if (request.method === 'POST') request.pipe(response as http.ServerResponse);
  else response.end(`hello ${request.url ?? ''}`);
}

interface Served {
  readonly trace: Traced;
  readonly base: string;
  readonly curl: (...args: string[]) => Promise<{ output: string; status: number | null }>;
  readonly stop: () => Promise<void>;
}

const KINDS = {
  http: (role: ReturnType<Traced['role']>) => role.http.createServer({}, answer),
  https: (role: ReturnType<Traced['role']>) => role.http.createSecureServer(made.good, answer),
  h2c: (role: ReturnType<Traced['role']>) => role.http2.createServer({}, answer),
  h2: (role: ReturnType<Traced['role']>) => role.http2.createSecureServer({ ...made.good, allowHTTP1: true }, answer),
} as const;
type Kind = keyof typeof KINDS;

const overTls = (kind: Kind): boolean => kind === 'https' || kind === 'h2';
const VERSION: Readonly<Record<Kind, string>> = { http: '--http1.1', https: '--http1.1', h2c: '--http2-prior-knowledge', h2: '--http2' };

async function serve(kind: Kind): Promise<Served> {
  const trace = traced();
  const role = trace.role('server');
  const server: net.Server = KINDS[kind](role);
  const { address, port } = await listening(server);
  return {
    trace,
    base: `${overTls(kind) ? 'https' : 'http'}://${NAME}:${port}`,
    curl: (...args) => start('curl', '-sS', '--noproxy', '*', '--resolve', `${NAME}:${port}:${address}`, '--cacert', join(folder, 'ca.pem'), VERSION[kind], ...args).ended,
    stop: async () => {
      role.closeAll();
      await Promise.resolve();
    },
  };
}

describe.each(Object.keys(KINDS) as Kind[])('%s', (kind) => {
  it('curl asks again on one connection, and posts megabytes', async () => {
    const { trace, base, curl, stop } = await serve(kind);
    // curl 7.88 cannot use a connection with prior knowledge of HTTP/2 again, whoever serves it.
    const urls = kind === 'h2c' ? [`${base}/one`] : [`${base}/one`, `${base}/two`];
    expect(await curl(...urls)).toEqual({ output: urls.map((url) => `hello ${new URL(url).pathname}`).join(''), status: 0 });
    expect(trace.facts('connection.accepted')).toHaveLength(1);
    const back = join(folder, `${kind}.back`);
    expect((await curl('-o', back, '--data-binary', `@${join(folder, 'body')}`, `${base}/body`)).status).toBe(0);
    expect(sha(await readFile(back))).toBe(sha(BODY));

    const [first, second] = trace.facts('connection.accepted').map((fact) => fact.a as number);
    const [received, sent] = overTls(kind) ? (['plaintext.received', 'plaintext.sent'] as const) : (['bytes.received', 'bytes.sent'] as const);
    const asked = stream(trace, received, first ?? 0).bytes.toString('latin1');
    expect(asked).toMatch(kind === 'h2' || kind === 'h2c' ? /^PRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n/ : /^GET \/one HTTP\/1\.1\r\n[^]*\r\n\r\nGET \/two HTTP\/1\.1\r\n/);
    expect(stream(trace, received, second ?? 0).size).toBeGreaterThan(BODY.length);
    expect(stream(trace, sent, second ?? 0).size).toBeGreaterThan(BODY.length);
    if (overTls(kind)) expect(stream(trace, 'bytes.received', second ?? 0).size).toBeGreaterThan(stream(trace, received, second ?? 0).size);
    await stop();
  });

  it('many at once: every request is answered, every connection closed', async () => {
    const { trace, base, stop } = await serve(kind);
    const url = base.replace(NAME, trace.facts('socket.bound')[0]?.local?.address ?? '');
    if (kind === 'http' || kind === 'https') {
      const { output } = await start('wrk', '-t1', '-c16', '-d1', '--timeout', '30s', url).ended;
      expect(output).toMatch(/\d+ requests in/);
      expect(output).not.toMatch(/Socket errors|Non-2xx/);
    } else {
      const { output } = await start('h2load', '-n3000', '-c6', '-m10', url).ended;
      expect(output).toMatch(/3000 total, 3000 started, 3000 done, 3000 succeeded, 0 failed, 0 errored/);
    }
    await stop();
    expect(new Set(trace.facts('socket.closed').map((fact) => fact.sock)).size).toBe(trace.facts('connection.accepted').length + 1);
    for (const fact of trace.facts('connection.accepted')) {
      stream(trace, 'bytes.received', fact.a);
      stream(trace, 'bytes.sent', fact.a);
    }
  });
});

it('curl refuses a certificate whose issuer it does not know, and the server hears why', async () => {
  const { trace, base, stop } = await serve('https');
  const { address, port } = { address: trace.facts('socket.bound')[0]?.local?.address ?? '', port: Number(new URL(base).port) };
  const refused = await start('curl', '-sS', '--noproxy', '*', '--resolve', `${NAME}:${port}:${address}`, `${base}/`).ended;
  expect(refused.status).toBe(60);
  while (trace.facts('tls.failed').length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(trace.facts('tls.failed')[0]?.err).toMatch(/^ERR_SSL_\w*ALERT_UNKNOWN_CA$/);
  await stop();
});

it('our client speaks with a server of OpenSSL', async () => {
  await writeFile(join(folder, 'cert.pem'), made.good.cert);
  await writeFile(join(folder, 'key.pem'), made.good.key);
  const trace = traced();
  const role = trace.role('client');
  const theirs = start('openssl', 's_server', '-accept', '127.0.0.1:0', '-cert', join(folder, 'cert.pem'), '-key', join(folder, 'key.pem'), '-www', '-naccept', '1');
  const port = Number(await theirs.printed(/ACCEPT 127\.0\.0\.1:(\d+)/));
  const request = role.http.request({ address: '127.0.0.1', port }, { path: '/', secure: { ca: made.ca, servername: NAME } });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect((await all(response)).toString()).toContain('s_server');
  const [connected] = trace.facts('connect.ended');
  expect(stream(trace, 'plaintext.sent', connected?.sock ?? 0).bytes.toString()).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
  expect(JSON.parse(trace.facts('tls.secured')[0]?.text ?? '{}')).toMatchObject({ version: 'TLSv1.3', authorized: true });
  role.closeAll();
});
