// HARs on the command line: a run of a real lab as one, and any of them as a table.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHar } from '../../shared/trace/har/har';
import httpApi from '../labs/http-api/lab';
import { tinyLab } from '../runtime/lab.fixture';
import { decodedBody } from './decoded';
import type { Io } from './io';
import { main } from './main';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looplab-har-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The labs on hosts of this test's own, so that nothing that runs beside it is in the way. */
const moved = { ...httpApi, manifest: { ...httpApi.manifest, hosts: httpApi.manifest.hosts.map((host) => ({ ...host, address: host.address.replace(/^127\.0\./u, '127.98.') })) } };

async function looplab(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
      return Promise.resolve();
    },
    err: (text) => void (said.err += text), signal: new AbortController().signal, onFault: () => undefined, version: () => Promise.resolve('1.2.3'),
    labs: () => [moved, tinyLab('127.0.204.1', 7208)].map((lab) => ({ lab, lessons: new Map() })),
  };
  return { status: await main(args, io), ...said };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const entry = (at: number, more: object = {}): object => ({
  startedDateTime: `2026-08-01T10:00:00.${String(at).padStart(3, '0')}Z`, time: 12.5, connection: '9',
  request: { method: 'GET', url: 'https://web.test/a?b=1', headers: [] }, response: { status: 200, httpVersion: 'h2', headers: [], bodySize: 300, content: { size: 1000 } },
  timings: { blocked: -1, dns: 1, connect: 4, ssl: 3, send: 0.5, wait: 5, receive: 2 }, ...more,
});

describe('looplab run --har', () => {
  it('writes the exchanges of a run, for its owner only', async () => {
    const path = join(folder, 'run.har');
    const { status, err } = await looplab('run', 'http-api', '--set', 'requests=methods', '--har', path);
    expect([status, err]).toEqual([0, '']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, 'utf8');
    const { creator, entries, broken } = parseHar(text);
    expect([creator, broken]).toEqual(['Looplab 1.2.3', 0]);
    expect(entries.slice(0, 4).map(({ request, response }) => `${request.method} ${new URL(request.url).pathname} ${response.status}`)).toEqual(['OPTIONS /api/users 204', 'HEAD /api/user 200', 'POST /api/users 201', 'PUT /api/users/1 200']);
    expect(entries.every(({ time, startedDateTime }) => time > 0 && Date.now() - Date.parse(startedDateTime) < 60_000)).toBe(true);
  });

  it('says so when nobody spoke HTTP', async () => {
    const path = join(folder, 'tiny.har');
    const { status, err } = await looplab('run', 'tiny', '--har', path);
    expect([status, err]).toEqual([0, 'looplab: the run has no HTTP exchange; the HAR is empty\n']);
    expect(parseHar(await readFile(path, 'utf8')).entries).toEqual([]);
  });

  it('knows early that it cannot write', async () => {
    expect(await looplab('run', 'tiny', '--har', join(folder, 'no/run.har'))).toMatchObject({ status: 1, out: '', err: expect.stringContaining('no such folder (ENOENT)') as string });
  });
});

describe('looplab har', () => {
  it('prints a table', async () => {
    const path = await file('table.har', { log: { entries: [entry(0), entry(40, { time: 3, timings: { send: 0, wait: 2, receive: 1 }, request: { method: 'DELETE', url: 'http://web.test/\u202ex\n', headers: [] }, response: { status: 0, content: {} } })] } });
    const { status, out, err } = await looplab('har', path);
    expect([status, err]).toEqual([0, '']);
    expect(out).toBe([
      '  start  method  status  bytes     time  blocked   lookup  connect      tls    send     wait  receive  URL',
      '   0 µs  GET        200    300  12.5 ms        ·  1.00 ms  1.00 ms  3.00 ms  500 µs  5.00 ms  2.00 ms  https://web.test/a?b=1',
      '40.0 ms  DELETE     cut         3.00 ms        ·        ·        ·        ·    0 µs  2.00 ms  1.00 ms  http://web.test/·x↵',
      '',
    ].join('\n'));
  });

  it('prints JSON, an exchange a line', async () => {
    const { out } = await looplab('har', await file('json.har', { log: { entries: [entry(0)] } }), '--json');
    expect(JSON.parse(out)).toEqual({
      start_us: 0, method: 'GET', url: 'https://web.test/a?b=1', version: 'HTTP/2', conn: 1, status: 200, outcome: 'complete', request_bytes: 0, response_bytes: 300, time_us: 12_500,
      timing_us: { blocked: null, lookup: 1000, connect: 1000, tls: 3000, send: 500, wait: 5000, receive: 2000 },
    });
  });

  it('names entries that are none, prints the others, and ends with 1', async () => {
    const path = await file('broken.har', { log: { entries: [entry(0), { request: 1 }, null] } });
    const { status, out, err } = await looplab('har', path);
    expect([status, out.split('\n').length]).toEqual([1, 3]);
    expect(err).toMatch(/^looplab: .*broken\.har: 2 entries are none and were left out:\n {2}entries\[1\]: startedDateTime: .*; request: .*\n {2}entries\[2\]: the text: .*\n$/u);
  });

  it.each([['not JSON', 'HTTP/1.1 200 OK', /broken\.txt: not JSON: .*\(HAR_BROKEN\)/u], ['not a HAR', '{"log":[]}', /broken\.txt: not a HAR: log\.entries: .*\(HAR_BROKEN\)/u]])('says what is %s', async (_what, content, message) => {
    const { status, out, err } = await looplab('har', await file('broken.txt', content));
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(message);
  });

  it('says which file it cannot read, and what it wants', async () => {
    expect(await looplab('har', join(folder, 'none.har'))).toEqual({ status: 1, out: '', err: `looplab: cannot read ${join(folder, 'none.har')}: no such file (ENOENT)\n` });
    expect(await looplab('har')).toMatchObject({ status: 2, err: expect.stringContaining('which file?') as string });
    expect(await looplab('har', 'a', 'b')).toMatchObject({ status: 2, err: expect.stringContaining('one file at a time') as string });
    expect(await looplab('har', '--help')).toMatchObject({ status: 0, out: expect.stringMatching(/^looplab har <file>/u) as string });
    for (const line of (await looplab('har', '--help')).out.split('\n')) expect(line.length).toBeLessThanOrEqual(128);
  });
});

describe('content codings', () => {
  it('are undone in the order in which they were not applied, within a bound', () => {
    const text = Buffer.from('hello');
    expect(Buffer.from(decodedBody(gzipSync(gzipSync(text)), 'gzip, x-gzip') ?? []).toString()).toBe('hello');
    expect(decodedBody(text, 'gzip')).toBeNull();
    expect(decodedBody(gzipSync(text), 'zstd')).toBeNull();
    expect(decodedBody(gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'gzip')).toBeNull();
  });
});
