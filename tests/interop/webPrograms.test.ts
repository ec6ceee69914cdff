// Foreign programs against the HTTPS lab: curl, wget, openssl, Python, nghttp and h2load as they come, then clients that nobody would call
// good. Each time the server goes on, nothing stays open, and what the trace says of them is what the kernel saw.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import type { ParameterValues } from '../../shared/lab/manifest';
import https from '../../electron/labs/https/lab';
import { local, type LabTest } from '../../electron/labs/run.fixture';
import { allClosed, served } from './kernel/judged';
import { start } from './support';

const SERVER = local('127.0.20.1');
const PORT = '8443';
const NAMED = `www.example.test:${PORT}`;
const RESOLVE = ['--resolve', `${NAMED}:${SERVER}`];
const URL = `https://${NAMED}/account`;

let folder = '';
let authority = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-https-'));
  authority = join(folder, 'ca.pem');
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly output: string;
  readonly status: number | null;
}

/** In a shell, so that both outputs come in one: what curl has to say of TLS it says to its standard error. */
const shell = (command: string): Promise<Ended> => start('sh', '-c', `cd ${folder} && { ${command}; } 2>&1`).ended;
const program = (command: string, ...args: string[]): Promise<Ended> => start(command, ...args).ended;
const fetchAuthority = async (): Promise<void> => void (await program('curl', '-so', authority, `http://${SERVER}:8090/ca.pem`));
const curl = (...args: string[]): Promise<Ended> => program('curl', '-s', '--max-time', '50', '--cacert', authority, ...RESOLVE, ...args);

/** The lab serves, the programs talk, and then: another client is answered, every socket is closed, the kernel agrees. */
async function stands(talk: (run: LabTest) => Promise<void>, params: ParameterValues = {}): Promise<LabTest> {
  const { run, differences } = await served(https, params, async (serving) => {
    await fetchAuthority();
    await talk(serving);
    expect(await curl('-b', 'session=x', '-w', ' %{http_code}', URL)).toEqual({ output: 'Welcome back. Your balance is 1 234.56.\n 200', status: 0 });
    await allClosed(serving);
    expect(open(serving)).toEqual([]);
  });
  expect(differences).toEqual([]);
  return run;
}

/** Connected sockets that the picture shows as open. */
function open(run: LabTest): string[] {
  const { sockets } = run.story;
  return Array.from({ length: sockets.count }, (_, index) => sockets.at(index)).filter((socket) => socket.purpose === 'connected' && socket.closedAt === null).map((socket) => `${socket.id}`);
}

describe('programs that mean well', () => {
  it('the command lines of the lesson', async () => {
    const command = (id: string): string => must(https.manifest.tryIt.find((one) => one.id === id), id).command.replaceAll('{address}', SERVER).replaceAll('{port}', PORT);
    const run = await stands(async () => {
      const trusted = await shell(command('curl'));
      expect(trusted.status).toBe(0);
      expect(trusted.output).toMatch(/SSL certificate verify ok[\s\S]*HTTP\/2 401[\s\S]*Who are you\? Bring a cookie\./);
      const distrusting = await shell(command('distrust'));
      expect(distrusting.status).toBe(60);
      expect(distrusting.output).toContain('unable to get local issuer certificate');
      const openssl = await shell(command('openssl'));
      expect(openssl.output).toMatch(/subject=CN = www\.example\.test[\s\S]*Looplab authority of this run[\s\S]*New, TLSv1\.3/);
    });
    expect(run.facts('tls.failed', 'server').length).toBeGreaterThan(0);
    expect(run.app.sessions.map(({ serverName }) => serverName)).toEqual(Array(4).fill('www.example.test'));
  });

  it.each(['--tlsv1.3', '--tls-max 1.2'])('curl %s, with HTTP/1.1 and HTTP/2, with and without a cookie', async (version) => {
    const run = await stands(async () => {
      for (const http of ['--http1.1', '--http2']) {
        expect((await curl(...version.split(' '), http, '-b', 'session=x', '-w', '%{http_version} %{http_code}', URL)).output).toBe(`Welcome back. Your balance is 1 234.56.\n${http === '--http2' ? '2' : '1.1'} 200`);
        expect((await curl(...version.split(' '), http, '-w', '%{http_code}', URL)).output).toBe('Who are you? Bring a cookie.\n401');
      }
    });
    expect(new Set(run.app.sessions.slice(0, 4).map((session) => session.version))).toEqual(new Set([version === '--tlsv1.3' ? 'TLS 1.3' : 'TLS 1.2']));
    expect(run.app.exchanges.filter(({ secure }) => secure).map(({ version: spoken, response }) => `${spoken} ${response?.head.status ?? ''}`)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401', 'HTTP/2 200', 'HTTP/2 401', 'HTTP/2 200']);
  });

  it('wget and Python, given the authority; and refused without', async () => {
    const python = 'import ssl, sys, urllib.request as u\ntry: print(u.urlopen(u.Request(sys.argv[1], headers={"Cookie": "session=x"}), context=ssl.create_default_context(cafile=sys.argv[2] if len(sys.argv) > 2 else None)).read().decode())\nexcept Exception as e: print(e)';
    const url = `https://${SERVER}:${PORT}/account`;
    await stands(async () => {
      expect((await program('wget', '-qO-', `--ca-certificate=${authority}`, '--header=Cookie: session=x', url)).output).toContain('Welcome back');
      expect((await program('wget', '-qO-', url)).status).toBe(5);
      expect((await program('python3', '-c', python, url, authority)).output).toContain('Welcome back');
      expect((await program('python3', '-c', python, url)).output).toContain('certificate verify failed');
    });
  });

  it('nghttp and h2load, many requests at once', async () => {
    const run = await stands(async () => {
      const nghttp = await program('nghttp', '-v', '--no-verify-peer', '-H', 'cookie: session=x', `https://${SERVER}:${PORT}/account`);
      expect(nghttp.output).toMatch(/The negotiated protocol: h2[\s\S]*:status: 200/);
      const load = await program('h2load', '-n', '600', '-c', '6', '-m', '10', `https://${SERVER}:${PORT}/account`);
      expect(load.output).toMatch(/600 total, 600 started, 600 done/);
      expect(load.output).toMatch(/0 errored, 0 timeout/);
    });
    expect(run.app.exchanges.filter(({ version }) => version === 'HTTP/2')).toHaveLength(602);
  });

  it('two hundred at the same time', async () => {
    await stands(async (run) => {
      const urls = Array.from({ length: 200 }, (_, n) => ['-o', '/dev/null', `${URL}?${n}`]).flat();
      const { output, status } = await curl('-Z', '--parallel-immediate', '--parallel-max', '200', '--http1.1', '-w', '%{http_code} ', ...urls);
      expect({ output, status }).toEqual({ output: '401 '.repeat(200), status: 0 });
      await run.untilFacts('connection.accepted', 'server', 200);
      expect(run.facts('connection.accepted', 'server')).toHaveLength(200);
    });
  });
});

/** A connection of our own making: what comes back, once the server has ended it. */
function raw(send: (socket: Socket) => void): Promise<{ readonly reply: Buffer; readonly socket: Socket }> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(Number(PORT), SERVER, () => send(socket));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ reply: Buffer.concat(parts), socket }));
  });
}

/** Passes bytes on one at a time, both ways. */
async function dribbling(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((near) => {
    const far = connect(Number(PORT), SERVER);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      to.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('end', () => to.end());
      void (async () => {
        try {
          for await (const part of from) for (const byte of part as Buffer) await new Promise((done) => to.write(Buffer.of(byte), done));
        } catch {
          to.destroy();
        }
      })();
    }
  });
  await new Promise<void>((done) => server.listen(0, local('127.0.66.2'), done));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

describe('programs that nobody would call good', () => {
  it.each(['--http1.1', '--http2'])('a slow one, byte by byte, %s', async (version) => {
    const run = await stands(async () => {
      const slow = await dribbling();
      const { output } = await program('curl', '-s', '--max-time', '50', version, '--cacert', authority, '--connect-to', `${NAMED}:${local('127.0.66.2')}:${slow.port}`, '-b', 'session=x', URL);
      expect(output).toBe('Welcome back. Your balance is 1 234.56.\n');
      slow.close();
    });
    expect(run.app.exchanges.filter(({ secure }) => secure).map(({ response }) => response?.head.status)).toEqual([200, 200]);
  });

  it('one that speaks HTTP without TLS', async () => {
    const run = await stands(async () => {
      const { output, status } = await program('curl', '-s', '--max-time', '50', `http://${SERVER}:${PORT}/account`);
      expect({ output, failed: status !== 0 }).toEqual({ output: '', failed: true });
    });
    expect(run.facts('tls.failed', 'server').map(({ err }) => err)).toEqual(['ERR_SSL_HTTP_REQUEST']);
    expect(run.app.sessions.map(({ failure, plaintextUp }) => [failure?.code, plaintextUp > 0])).toEqual([['ERR_SSL_HTTP_REQUEST', false], [undefined, true]]);
  });

  it.each<readonly [string, (socket: Socket) => void]>([
    ['any bytes', (socket) => void socket.write(randomBytes(70_000))],
    ['zeros', (socket) => void socket.write(Buffer.alloc(5000))],
    ['a record that says it is as long as can be, and ends', (socket) => void socket.end(Buffer.from('16030340000100', 'hex'))],
    ['an alert before anything else', (socket) => void socket.write(Buffer.from('15030100020228', 'hex'))],
    ['nothing, and goes', (socket) => void socket.end()],
    ['nothing, and breaks off', (socket) => void socket.resetAndDestroy()],
  ])('one that sends %s', async (_name, send) => {
    const run = await stands(async (serving) => {
      const others = curl('-b', 'session=x', URL);
      await raw(send);
      expect((await others).status).toBe(0);
      await serving.until(() => serving.facts('connection.accepted', 'server').length >= 2);
    });
    expect(run.app.exchanges.filter(({ secure }) => secure).map(({ response }) => response?.head.status)).toEqual([200, 200]);
    expect(run.facts('role.ended', 'server')).toHaveLength(1);
  });
});
