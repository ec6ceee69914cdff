// Our HTTP/2, HPACK, TLS and X.509 against tshark's, over real sessions: curl, nghttp, openssl and Node talk to servers of Node, the bytes
// are recorded between them, and every field that we show must have the values that tshark shows, in the same order.

import { execFile, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../shared/base/bytes';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { fieldsOfFrame } from '../../shared/codec/http2/fields';
import { Http2StreamReader } from '../../shared/codec/http2/stream';
import { FIELD_TYPES } from '../../shared/codec/schema';
import { KeyLog } from '../../shared/codec/tls/decrypt/keyLog';
import { openRecord } from '../../shared/codec/tls/decrypt/openRecord';
import { fieldsOfOpened, fieldsOfRecord } from '../../shared/codec/tls/fields';
import { encodeHandshake } from '../../shared/codec/tls/hello';
import { encodeRecord } from '../../shared/codec/tls/record';
import { TlsSessionReader } from '../../shared/codec/tls/session';
import { vectorBytes } from '../../shared/codec/tls/wire';
import { makeCertificate } from '../../shared/codec/x509/certificate.fixture';
import { certificatePem, ecCertificatePem } from '../../shared/codec/x509/certificatePem.fixture';
import { hasTshark } from './tshark.fixture';
import { framesOf, relayTo, tsharkValues, type Piece } from './webCapture.fixture';

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const ready = hasTshark && has('curl') && has('nghttp') && has('openssl');
const why = ready ? '' : ' (skipped: tshark, curl, nghttp or openssl is not installed)';
const run = promisify(execFile);
const { cert, key } = await makeCertificate('localhost');

type Values = Map<string, string[]>;

/** Fields of which tshark prints no value, only that they are there. */
const VALUELESS = new Set((ready ? spawnSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }).stdout : '').split('\n').flatMap((line) => {
  const [, , name = '', type] = line.split('\t');
  return type === 'FT_NONE' ? [name] : [];
}));

/** Values of one field as tshark prints them and as we do, made alike: numbers as numbers, bytes as hex, times as milliseconds. */
function alike(value: FieldNode['value'] | string, name: string): string {
  if (VALUELESS.has(name)) return 'there';
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (name.endsWith('Time')) return String(Date.parse(String(value).replace(/\.0+ /, ' ').replace(/^(\S+) (\S+) \(UTC\)$/, '$1T$2Z')));
  if (name.startsWith('http2.header') || name === 'http2.magic') return String(value).replaceAll('\r', '\\r').replaceAll('\n', '\\n');
  return /^0x[0-9a-f]+$/.test(String(value)) && String(value).length < 12 ? String(Number(value)) : String(value);
}

function collect(into: Values, tree: FieldNode): void {
  for (const { node } of walkFields(tree)) if (node.value !== null) into.set(node.name, [...(into.get(node.name) ?? []), alike(FIELD_TYPES.get(node.name)?.kind === 'abstime' ? node.display : node.value, node.name)]);
}

/** What our codecs show of a session, by direction. */
function ours(pieces: readonly Piece[], keys: string, secure: boolean): Record<Piece['dir'], Values> {
  const found = { up: new Map<string, string[]>(), down: new Map<string, string[]>() };
  const http = { up: new Http2StreamReader('client'), down: new Http2StreamReader('server') };
  const plain = (dir: Piece['dir'], bytes: Uint8Array): void => {
    for (const read of http[dir].push(bytes)) {
      if (read.frame?.type === 'SETTINGS') http[dir === 'up' ? 'down' : 'up'].allow(read.frame.settings);
      collect(found[dir], fieldsOfFrame(read.bytes, read.headers === null ? null : { block: read.headers, fragmentAt: read.fragmentAt }));
    }
  };
  const log = new KeyLog();
  log.add(keys);
  const session = new TlsSessionReader(log);
  for (const { dir, bytes } of pieces) {
    if (!secure) {
      plain(dir, bytes);
      continue;
    }
    for (const record of session.push(dir, bytes)) {
      const { opening } = record;
      const tls13 = session.facts.tls13 ?? session.facts.retried;
      const opened = opening.state === 'opened' || opening.state === 'deferred' ? openRecord(opening.key, record.bytes) : null;
      const tree = fieldsOfRecord(record.bytes, { sealed: record.sealed, continued: record.continued, tls13 });
      collect(found[dir], opened === null || opened.contentType === 23 ? tree : { ...tree, children: tree.children.map((child) => ({ ...child, children: child.children.slice(0, 3) })) });
      if (opened === null) continue;
      const inner = fieldsOfOpened(opened.inner, opened.contentType, opened.content.length, { tls13 });
      collect(found[dir], opened.contentType === 23 ? { ...inner, children: inner.children.slice(1) } : inner);
      if (opened.contentType === 23 && session.facts.alpn === 'h2') plain(dir, opened.content);
    }
    expect(session.reader(dir).failure).toBeNull();
  }
  expect(http.up.failure).toBeNull();
  expect(http.down.failure).toBeNull();
  return found;
}

/** Fields that are not compared, with the cause. */
const CAUSES: ReadonlyMap<string, string> = new Map([
  ['http2.header.length', 'tshark counts 8 for each field, RFC 9113 6.5.2 counts 32'],
]);
const PADDED = new Map([['http2.data.data', 'tshark 4.0 counts the padding of a frame among its data']]);
const LARGE = new Map([['http2.data.data', 'tshark shows a body of several frames, or with trailers, once more in its last frame']]);
const CONTINUED = new Map([
  ['http2.header.count', 'tshark shows the fields of a cut block in both of its frames, each with a count'],
  ['http2.flags.padded', 'tshark shows a flag for CONTINUATION that drafts had'],
  ['http2.continuation.header', 'tshark takes the bytes for text'],
]);
const RESIZED = new Map([['http2.header.count', 'tshark counts an update of the table\'s size among the fields'], ...LARGE]);

async function differences(pieces: readonly Piece[], secure: boolean, keys = '', causes: ReadonlyMap<string, string> = new Map()): Promise<{ readonly differ: string[]; readonly compared: number }> {
  const mine = ours(pieces, keys, secure);
  const names = [...new Set([...mine.up.keys(), ...mine.down.keys()])].filter((name) => !CAUSES.has(name) && !causes.has(name));
  const theirs = await tsharkValues(framesOf(pieces, 50_000, 8000), names, [secure ? 'tcp.port==8000,tls' : 'tcp.port==8000,http2'], keys);
  const differ: string[] = [];
  let compared = 0;
  for (const dir of ['up', 'down'] as const) {
    for (const name of names) {
      const left = mine[dir].get(name) ?? [];
      const right = (theirs[dir].get(name) ?? []).map((value) => alike(value, name));
      compared += left.length;
      if (left.join('|') !== right.join('|')) differ.push(`${dir} ${name}: ours ${left.join('|').slice(0, 300)} (${left.length}), tshark ${right.join('|').slice(0, 300)} (${right.length})`);
    }
  }
  total += compared;
  return { differ, compared };
}

let total = 0;
afterAll(() => console.info(`${total} values of HTTP/2, TLS and X.509 compared with tshark; not compared: ${[...CAUSES, ...PADDED, ...CONTINUED, ...RESIZED].map(([name, cause]) => `${name} (${cause})`).join('; ')}`));

/** Answers when the request is whole: before that, the rest of it would be refused. */
function answer(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
  stream.on('error', () => undefined);
  stream.resume();
  stream.once('end', () => respond(stream, headers));
}

function respond(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
  const path = headers[':path'] ?? '';
  if (path === '/missing') return void (stream.respond({ ':status': 404 }), stream.end('no'));
  if (path === '/reset') return void stream.close(http2.constants.NGHTTP2_CANCEL);
  if (path === '/trailers') {
    stream.respond({ ':status': 200, 'content-type': 'application/json; charset=utf-8' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-checksum': 'abc' }));
    return void stream.end('{"name":"Ли"}');
  }
  if (path === '/long') return void (stream.respond({ ':status': 200, 'x-long': 'a-Long_value~'.repeat(2500) }), stream.end('long'));
  if (path === '/push' && stream.pushAllowed) {
    stream.pushStream({ ':path': '/style.css' }, (_error, pushed) => {
      pushed.on('error', () => undefined);
      pushed.respond({ ':status': 200, 'content-type': 'text/css' });
      pushed.end('body{}');
    });
  }
  stream.respond({ ':status': 200, 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
  stream.end(Buffer.alloc(path === '/large' ? 70_000 : 200, 'Looplab '));
}

describe.skipIf(!ready)(`HTTP/2 in tshark and here${why}`, () => {
  const recorded = async (padding: number, talk: (url: string) => Promise<unknown>): Promise<Piece[]> => {
    const server = http2.createServer({ paddingStrategy: padding });
    server.on('stream', answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = await relayTo((server.address() as AddressInfo).port);
    await talk(`http://127.0.0.1:${relay.port}`);
    await relay.close();
    server.close();
    return relay.connections[0] ?? [];
  };
  const { PADDING_STRATEGY_NONE } = http2.constants;
  // Of the same constants; their types lack it.
  const PADDING_STRATEGY_ALIGNED = 1;
  const curl = (path: string) => (url: string) => run('curl', ['-s', '--http2-prior-knowledge', '-H', 'cookie: a=1; b=2', `${url}${path}`]);
  const node = async (url: string): Promise<void> => {
    const session = http2.connect(url, { settings: { headerTableSize: 8192, enablePush: false, initialWindowSize: 100_000, maxFrameSize: 20_000 } });
    await once(session, 'remoteSettings');
    await new Promise((done) => session.ping(done));
    for (const path of ['/reset', '/large', '/trailers']) {
      const request = session.request({ ':path': path, authorization: 'Bearer secret', [http2.sensitiveHeaders]: ['authorization'] });
      request.on('error', () => undefined);
      request.resume();
      await new Promise((done) => request.once('close', done));
    }
    session.goaway(http2.constants.NGHTTP2_NO_ERROR, 0, Buffer.from('bye'));
    session.close();
    await once(session, 'close');
  };

  it.each([
    ['curl', PADDING_STRATEGY_NONE, curl('/a'), new Map<string, string>()],
    ['curl, with trailers', PADDING_STRATEGY_NONE, curl('/trailers'), LARGE],
    ['curl, with a body of many frames', PADDING_STRATEGY_NONE, curl('/large'), LARGE],
    ['curl, posting', PADDING_STRATEGY_NONE, (url: string) => run('curl', ['-s', '--http2-prior-knowledge', '-d', 'name=Mina&age=20', `${url}/form`]), new Map<string, string>()],
    ['a server that pads', PADDING_STRATEGY_ALIGNED, curl('/a'), PADDED],
    ['nghttp, with priorities, padding and a push', PADDING_STRATEGY_NONE, (url: string) => run('nghttp', ['-n', '-b', '20', `${url}/a`, `${url}/push`, `${url}/missing`, `${url}/a`]), new Map<string, string>()],
    ['a header that needs CONTINUATION', PADDING_STRATEGY_NONE, (url: string) => run('nghttp', ['-n', `${url}/long`]), CONTINUED],
    ['Node, with a ping, a reset and its farewell', PADDING_STRATEGY_NONE, node, RESIZED],
  ] as const)('%s', async (_name, padding, talk, causes) => {
    const pieces = await recorded(padding, talk);
    const { differ, compared } = await differences(pieces, false, '', causes);
    expect(differ).toEqual([]);
    expect(compared).toBeGreaterThan(80);
  });
});

describe.skipIf(!ready)(`TLS in tshark and here${why}`, () => {
  const folder: { path: string } = { path: '' };
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'looplab-keys-'));
  });
  afterAll(() => rm(folder.path, { recursive: true }));

  const recorded = async (options: http2.SecureServerOptions, talk: (port: number, keys: string) => Promise<unknown>): Promise<{ pieces: Piece[]; keys: string }> => {
    const server = http2.createSecureServer({ cert, key, allowHTTP1: true, ...options });
    server.on('stream', answer);
    server.on('sessionError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = await relayTo((server.address() as AddressInfo).port);
    const file = join(folder.path, `${relay.port}.log`);
    await talk(relay.port, file).catch(() => undefined);
    await relay.close();
    server.close();
    return { pieces: relay.connections[0] ?? [], keys: await readFile(file, 'utf8') };
  };
  const curl = (...args: string[]) => (port: number, keys: string) => run('curl', ['-sk', '--http2', ...args, '-o', '/dev/null', `https://localhost:${port}/a`, '-o', '/dev/null', `https://localhost:${port}/missing`], { env: { ...process.env, SSLKEYLOGFILE: keys } });
  /** Lines typed into openssl's client, one after the other, as it says something new. */
  const openssl = (...args: string[]) => async (port: number, keys: string) => {
    const program = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', '-keylogfile', keys, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = once(program, 'close');
    let said = '';
    let typed = false;
    const heard = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!typed && /read R BLOCK|Verify return code/.test(said)) {
        typed = true;
        program.stdin.write('K\n');
      }
      if (said.includes('KEYUPDATE')) program.stdin.end('GET / HTTP/1.0\r\n\r\n');
    };
    program.stdout.on('data', heard);
    program.stderr.on('data', heard);
    await ended;
  };

  it.each([
    ['curl, TLS 1.3', {}, curl('--tlsv1.3')],
    ['curl, TLS 1.3 with ChaCha20', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, curl('--tlsv1.3')],
    ['curl, after a HelloRetryRequest', { ecdhCurve: 'P-384' }, curl('--tlsv1.3')],
    ['curl, TLS 1.2', { maxVersion: 'TLSv1.2' as const }, curl('--tls-max', '1.2')],
    ['curl, TLS 1.2 with ChaCha20', { maxVersion: 'TLSv1.2' as const, ciphers: 'ECDHE-RSA-CHACHA20-POLY1305' }, curl('--tls-max', '1.2')],
    ['both ends with certificates', { requestCert: true, rejectUnauthorized: false }, curl('--tlsv1.3')],
    ['both ends with certificates, TLS 1.2', { requestCert: true, rejectUnauthorized: false, maxVersion: 'TLSv1.2' as const }, curl('--tls-max', '1.2')],
    ['openssl, updating its keys', {}, openssl('-tls1_3')],
  ])('%s', async (name, options, talk) => {
    const { pieces, keys } = await recorded(options, talk);
    const { differ, compared } = await differences(pieces, true, keys);
    expect(differ).toEqual([]);
    expect(compared).toBeGreaterThan(80);
    const types = ours(pieces, keys, true).up.get('tls.handshake.type') ?? [];
    if (name.startsWith('openssl')) expect(types).toContain('24');
    if (name.includes('Retry')) expect(types.filter((type) => type === '1')).toHaveLength(2);
  });

  it('a client that refuses the certificate', async () => {
    const { pieces, keys } = await recorded({}, (port, file) => run('curl', ['-s', `https://localhost:${port}/`], { env: { ...process.env, SSLKEYLOGFILE: file } }));
    const { differ } = await differences(pieces, true, keys);
    expect(differ).toEqual([]);
  });

  it('certificates of OpenSSL, with all that they name', async () => {
    const list = concatBytes(...[certificatePem, ecCertificatePem].map((pem) => vectorBytes(new Uint8Array(new X509Certificate(pem).raw), 3)));
    const bytes = encodeRecord({ contentType: 22, version: 0x0303, fragment: encodeHandshake(11, vectorBytes(list, 3)) });
    const { differ, compared } = await differences([{ dir: 'down', bytes }], true);
    expect(differ).toEqual([]);
    expect(compared).toBeGreaterThan(80);
  });

  it('what an eavesdropper sees', async () => {
    const { pieces } = await recorded({}, curl('--tlsv1.3'));
    const { differ } = await differences(pieces, true);
    expect(differ).toEqual([]);
  });
});
