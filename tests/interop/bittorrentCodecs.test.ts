// Our BitTorrent against others: aria2 seeds to aria2, with torrent and tracker of our own codecs, the bytes recorded between them; every
// field that we show must have the value that tshark shows, in the same order. Trackers over UDP and HTTP are asked by aria2 too.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../shared/base/assert';
import { concatBytes, fromHex, toHex } from '../../shared/base/bytes';
import { encodeBencode, type BencodeInput } from '../../shared/codec/bencode/encode';
import { keyBytes } from '../../shared/codec/bencode/value';
import { fieldsOfMessage } from '../../shared/codec/bittorrent/fields';
import { encodeHandshake, type Handshake } from '../../shared/codec/bittorrent/handshake';
import { encodeMessage, type PeerMessage } from '../../shared/codec/bittorrent/message';
import { clientOf } from '../../shared/codec/bittorrent/names';
import { BitTorrentStreamReader, type ReadMessage } from '../../shared/codec/bittorrent/stream';
import { decodeTracker, encodeTracker, trackerType, type TrackerMessage } from '../../shared/codec/btTracker/message';
import { decodeTrackerAnswer, encodeTrackerAnswer } from '../../shared/codec/btTrackerHttp/answer';
import { announceOf, decodeTrackerQuery, encodeAnnounce, type Announce } from '../../shared/codec/btTrackerHttp/query';
import type { FieldNode } from '../../shared/codec/field';
import { freePort } from './support';
import { hasTshark } from './tshark.fixture';
import { framesOf, relayTo, tsharkValues, type Piece } from './webCapture.fixture';

const ready = hasTshark && spawnSync('aria2c', ['--version']).status === 0;
const why = ready ? '' : ' (skipped: tshark or aria2c is not installed)';
const KNOWN = new Set((ready ? spawnSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }).stdout : '').split('\n').flatMap((line) => {
  const [, , name = '', type] = line.split('\t');
  return type === 'FT_NONE' || !/^(bencode|bittorrent|bt-tracker)\./.test(name) ? [] : [name];
}));

type Values = Map<string, string[]>;
const alike = (value: FieldNode['value'] | string): string => (value instanceof Uint8Array ? toHex(value) : /^0x[0-9a-f]{1,11}$/.test(String(value)) ? String(Number(value)) : String(value));

function collect(into: Values, tree: FieldNode): void {
  if (tree.value !== null && KNOWN.has(tree.name)) into.set(tree.name, [...(into.get(tree.name) ?? []), alike(tree.value)]);
  if (!agreedOn(tree)) for (const child of tree.children) collect(into, child);
}

/** What is not compared, and the cause. */
const CAUSES: ReadonlyMap<string, string> = new Map([
  ['bittorrent.version', 'tshark names the program only when a preference asks for it'],
  ['bt-tracker', 'tshark 4.0 knows no tracker over UDP; the names are those of 4.2'],
]);
/** tshark shows nothing of a keep-alive that ends its segment, and takes hashes (BEP 52) and blocks over 16 KiB for the middle of a message. */
const shown = ({ message }: ReadMessage): boolean => message.type !== 'keepAlive' && message.type !== 'other';
/** tshark leaves the dictionary of an extension that was agreed on to its bytes; what is empty (0:, le, de) ends its reading of bencode. */
const agreedOn = (tree: FieldNode): boolean => tree.name === 'bittorrent.extended';
const NAMES = [...KNOWN].filter((name) => /^(bencode|bittorrent)\./.test(name) && !CAUSES.has(name));
let total = 0;

async function differences(pieces: readonly Piece[], mine: Record<Piece['dir'], Values>): Promise<string[]> {
  const theirs = await tsharkValues(framesOf(pieces, 50_000, 6881), NAMES, ['tcp.port==6881,bittorrent']);
  const differ: string[] = [];
  for (const dir of ['up', 'down'] as const) {
    for (const name of NAMES) {
      const left = mine[dir].get(name) ?? [];
      const right = (theirs[dir].get(name) ?? []).map(alike);
      total += left.length;
      if (left.join('|') !== right.join('|')) differ.push(`${dir} ${name}: ours ${left.join('|').slice(0, 300)} (${left.length}), tshark ${right.join('|').slice(0, 300)} (${right.length})`);
    }
  }
  return differ;
}

/** The messages of both directions, and the fields of those that tshark shows. */
function ours(pieces: readonly Piece[]) {
  const values = { up: new Map<string, string[]>(), down: new Map<string, string[]>() };
  const messages = { up: [] as ReadMessage[], down: [] as ReadMessage[] };
  for (const dir of ['up', 'down'] as const) {
    const whole = concatBytes(...pieces.filter((piece) => piece.dir === dir).map(({ bytes }) => bytes));
    const reader = new BitTorrentStreamReader();
    messages[dir] = reader.push(whole);
    expect(reader.failure).toBeNull();
    for (const read of messages[dir].filter(shown)) collect(values[dir], fieldsOfMessage(whole.subarray(read.start, read.end)));
  }
  return { values, messages };
}

afterAll(() => console.info(`${total} values of BitTorrent compared with tshark; not compared: ${[...CAUSES].map(([name, cause]) => `${name} (${cause})`).join('; ')}`));

const PIECE = 32_768;
const data = new Uint8Array(randomBytes(10 * PIECE + 5000));
const sha1 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha1').update(bytes).digest());
const INFO: BencodeInput = new Map<string, BencodeInput>([
  ['name', 'lecture.bin'], ['length', data.length], ['piece length', PIECE], ['pieces', concatBytes(...Array.from({ length: Math.ceil(data.length / PIECE) }, (_, i) => sha1(data.subarray(i * PIECE, (i + 1) * PIECE))))],
]);
const INFO_HASH = sha1(encodeBencode(INFO));
const torrent = (announce: string): Uint8Array => encodeBencode(new Map<string, BencodeInput>([['info', INFO], ['announce', announce]]));

/** Lets only peers through that speak plainly: aria2 tries obfuscation first, and speaks plainly where that fails. */
async function plainGate(port: number): Promise<{ readonly port: number; close(): void }> {
  const open = new Set<Socket>();
  const server = createTcpServer((left) => {
    const right = connect({ port, host: '127.0.0.1' });
    for (const [from, to] of [[left, right], [right, left]] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    left.once('data', (first: Buffer) => {
      if (first[0] !== 0x13) return void left.destroy();
      right.write(first);
      left.pipe(right);
      right.pipe(left);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(!ready)(`messages of every kind, in tshark and here${why}`, () => {
  const handshake = encodeHandshake({ reserved: fromHex('0000000000100005'), infoHash: INFO_HASH, peerId: keyBytes('-LL0001-abcdefghijkl') });
  const dictionary = (entries: readonly (readonly [string, BencodeInput])[]): PeerMessage => ({ type: 'extended', id: 0, payload: encodeBencode(new Map(entries)) });
  const EVERY: readonly PeerMessage[] = [
    { type: 'bitfield', bits: fromHex('a55a01') }, { type: 'choke' }, { type: 'unchoke' }, { type: 'interested' }, { type: 'notInterested' }, { type: 'have', piece: 7 }, { type: 'have', piece: 0xffff_ffff },
    { type: 'request', piece: 1, begin: 16_384, length: 16_384 }, { type: 'cancel', piece: 1, begin: 16_384, length: 16_384 }, { type: 'piece', piece: 1, begin: 16_384, block: new Uint8Array(16_384).fill(0x61) },
    { type: 'piece', piece: 2, begin: 0, block: Uint8Array.of(1) }, { type: 'port', port: 6881 }, { type: 'suggest', piece: 3 }, { type: 'haveAll' }, { type: 'haveNone' }, { type: 'reject', piece: 3, begin: 0, length: 5 },
    { type: 'allowedFast', piece: 4 }, { type: 'extended', id: 2, payload: keyBytes('d8:msg_typei1e5:piecei0e10:total_sizei3eeabc') },
    dictionary([['m', new Map([['ut_metadata', 1], ['ut_pex', 2]])], ['v', 'Looplab'], ['p', 6881], ['list', [1, -2, ['a', 'bc'], new Map([['deep', 'er']])]], ['min', -2_147_483_648]]),
  ];

  it('one to a segment, and many in one', async () => {
    const pieces: Piece[] = [
      { dir: 'up', bytes: handshake }, { dir: 'down', bytes: concatBytes(handshake, ...EVERY.map(encodeMessage)) }, ...EVERY.map((message): Piece => ({ dir: 'up', bytes: encodeMessage(message) })),
      { dir: 'up', bytes: encodeMessage({ type: 'keepAlive' }) }, { dir: 'up', bytes: encodeMessage({ type: 'other', number: 21, payload: new Uint8Array(48) }) },
    ];
    const { values, messages } = ours(pieces);
    expect(messages.up).toHaveLength(EVERY.length + 3);
    const before = total;
    // What tshark calls the middle of a message is ours of BEP 52.
    expect(await differences(pieces, values)).toEqual([`up bittorrent.continuous_data: ours  (0), tshark ${toHex(encodeMessage({ type: 'other', number: 21, payload: new Uint8Array(48) }))} (1)`]);
    expect(total - before).toBeGreaterThan(150);
  });

  it('cut anywhere', async () => {
    const stream = concatBytes(handshake, ...EVERY.map(encodeMessage));
    for (const size of [137, 1448]) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i): Piece => ({ dir: 'up', bytes: stream.subarray(i * size, (i + 1) * size) }));
      expect(await differences(pieces, ours(pieces).values)).toEqual([]);
    }
  });
});

describe.skipIf(!ready)(`BitTorrent of aria2, in tshark and here${why}`, () => {
  const running: ChildProcess[] = [];
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'looplab-torrent-'));
    for (const name of ['seed', 'http', 'udp']) spawnSync('mkdir', [join(folder, name)]);
    await writeFile(join(folder, 'seed', 'lecture.bin'), data);
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  /** aria2 on 127.0.0.1 alone. `whole` rejects with what it said when it fails. */
  function aria2(where: string, port: number, file: string, more: readonly string[]): { readonly child: ChildProcess; readonly whole: Promise<void> } {
    const child = spawn('aria2c', [
      '--no-conf', '--show-console-readout=false', '--summary-interval=0', '--enable-dht6=false', '--bt-enable-lpd=false', '--enable-peer-exchange=false', '--disable-ipv6=true', '--interface=127.0.0.1', '--file-allocation=none', '--bt-tracker-interval=2',
      `--listen-port=${port}`, `--dir=${join(folder, where)}`, ...more, join(folder, file),
    ], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: folder } });
    running.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const whole = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => {
        if (status === 0) resolve();
        else reject(new Error(`aria2c ${where} ended with ${status ?? signal ?? ''}: ${said}`));
      });
    });
    whole.catch(() => undefined);
    return { child, whole };
  }

  it('a download, with announces over HTTP', { timeout: 120_000 }, async () => {
    const announces: Announce[] = [];
    const seederPort = await freePort();
    const gate = await plainGate(seederPort);
    const relay = await relayTo(gate.port);
    let seederSeen: () => void = () => undefined;
    const seederAnnounced = new Promise<void>((resolve) => (seederSeen = resolve));
    const server = createServer((request, response) => {
      const query = decodeTrackerQuery(request.url ?? '');
      const announce = announceOf(query);
      expect(query.problems).toEqual([]);
      if (typeof announce === 'string') return void response.end(encodeTrackerAnswer({ type: 'failure', reason: announce }));
      announces.push(announce);
      // aria2 knows what it sent: read and written again it is the same torrent, peer and numbers.
      expect(announceOf(decodeTrackerQuery(`/?${encodeAnnounce(announce)}`))).toEqual(announce);
      if (announce.port === seederPort) seederSeen();
      const peers = announce.port === seederPort ? [] : [{ address: '127.0.0.1', port: relay.port, id: null }];
      const body = encodeTrackerAnswer({ type: 'peers', interval: 2, minInterval: null, trackerId: '', complete: 1, incomplete: 1, warning: '', form: 'compact', peers });
      expect(decodeTrackerAnswer(body)).toMatchObject({ problems: [], answer: { peers } });
      response.end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await writeFile(join(folder, 'http.torrent'), torrent(`http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`));
    const seeder = aria2('seed', seederPort, 'http.torrent', ['--enable-dht=false', '--check-integrity=true', '--seed-ratio=0.0']);
    await Promise.race([seederAnnounced, seeder.whole]);
    await aria2('http', await freePort(), 'http.torrent', ['--enable-dht=false', '--seed-time=0']).whole;
    seeder.child.kill();
    await relay.close();
    gate.close();
    server.close();
    expect(toHex(sha1(new Uint8Array(await readFile(join(folder, 'http', 'lecture.bin')))))).toBe(toHex(sha1(data)));

    for (const { infoHash, peerId } of announces) expect([toHex(infoHash), clientOf(peerId)]).toEqual([toHex(INFO_HASH), expect.stringMatching(/^aria2 1\./)]);
    expect(announces.map(({ event }) => event)).toEqual(expect.arrayContaining(['started', 'stopped']));

    const pieces = must(relay.connections.find((one) => one.length > 4 && one[0]?.bytes[0] === 0x13), 'connection');
    const { values, messages } = ours(pieces);
    const handshake = must(messages.up[0], 'handshake').message as Handshake;
    expect(toHex(handshake.infoHash)).toBe(toHex(INFO_HASH));
    // Every block came once and right, found by its place in the stream.
    const down = concatBytes(...pieces.filter(({ dir }) => dir === 'down').map(({ bytes }) => bytes));
    const got = new Uint8Array(data.length);
    for (const { end, message } of messages.down) if (message.type === 'piece') got.set(down.subarray(end - message.length, end), message.piece * PIECE + message.begin);
    expect(toHex(sha1(got))).toBe(toHex(sha1(data)));
    const kinds = new Set([...messages.up, ...messages.down].map(({ message }) => message.type));
    for (const kind of ['handshake', 'extended', 'haveAll', 'interested', 'unchoke', 'request', 'piece'] as const) expect(kinds).toContain(kind);
    expect(await differences(pieces, values)).toEqual([]);
  });

  it('an announce, over UDP', { timeout: 120_000 }, async () => {
    const datagrams: { readonly way: 'request' | 'response'; readonly bytes: Uint8Array }[] = [];
    const socket = createSocket('udp4');
    let announced: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (announced = resolve));
    const answerTo = (message: TrackerMessage): TrackerMessage => {
      if (message.type === 'connectRequest') return { type: 'connectResponse', transaction: message.transaction, connection: 0x0123_4567_89ab_cdefn };
      if (message.type !== 'announceRequest') return { type: 'error', transaction: message.transaction, message: 'not here' };
      return { type: 'announceResponse', transaction: message.transaction, interval: 1, leechers: 0, seeders: 1, family: 'ipv4', peers: [] };
    };
    socket.on('message', (bytes, from) => {
      const message = decodeTracker(bytes, { way: 'request' });
      if ('status' in message) return;
      const answer = encodeTracker(answerTo(message));
      datagrams.push({ way: 'request', bytes: new Uint8Array(bytes) }, { way: 'response', bytes: answer });
      socket.send(answer, from.port, from.address);
      if (message.type === 'announceRequest') announced();
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    await writeFile(join(folder, 'udp.torrent'), torrent(`udp://127.0.0.1:${socket.address().port}/announce`));
    // aria2 speaks to trackers over UDP only where its DHT is on; bound to 127.0.0.1, it knows nobody there.
    const { child, whole } = aria2('udp', await freePort(), 'udp.torrent', ['--enable-dht=true', `--dht-listen-port=${await freePort()}`, `--dht-file-path=${join(folder, 'dht.dat')}`, '--seed-time=0']);
    const exited = once(child, 'exit');
    await Promise.race([first, whole]);
    child.kill('SIGTERM');
    await exited;
    socket.close();
    for (const { way, bytes } of datagrams) {
      const decoded = decodeTracker(bytes, { way });
      if ('status' in decoded) expect.fail(decoded.status);
      expect(toHex(encodeTracker(decoded))).toBe(toHex(bytes));
      expect(decodeTracker(bytes)).toEqual(decoded);
    }
    expect(datagrams.map(({ way, bytes }) => `${way} ${trackerType(bytes, way) ?? ''}`).slice(0, 4)).toEqual(['request connectRequest', 'response connectResponse', 'request announceRequest', 'response announceResponse']);
    const announce = decodeTracker(must(datagrams[2], 'announce').bytes);
    expect(announce).toMatchObject({ type: 'announceRequest', connection: 0x0123_4567_89ab_cdefn, infoHash: INFO_HASH, left: BigInt(data.length), event: 2 });
  });
});
