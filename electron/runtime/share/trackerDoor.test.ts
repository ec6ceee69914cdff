// The door to another machine's tracker: the peers that it names become doors here, those of its network and no others; what it says wrongly
// becomes a failure that a peer shows; and all of it closes together. The LAN is a network of 127.0.0.0/8 of the test's own.

import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes } from '../../../shared/base/bytes';
import { encodePeers } from '../../../shared/codec/bittorrent/peers';
import { decodeTrackerAnswer, encodeTrackerAnswer, type TrackerAnswer, type TrackerPeers } from '../../../shared/codec/btTrackerHttp/answer';
import { encodeBencode } from '../../../shared/codec/bencode/encode';
import { readMessage, valueOf } from '../../../shared/codec/http/message';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import { generateFile, makeTorrent, parseTorrent } from '../../roles/bittorrent/metainfo';
import type { Lab } from '../../roles/lab';
import { Engine, type LabState } from '../engine';
import type { ShareState } from '../../../shared/ipc/contract';
import { SHARE_LIMITS } from './limits';
import { ELSEWHERE, HERE, PLACE, THERE } from './share.fixture';
import { throughDoors } from './trackerDoor';

const TRACKER = { address: THERE, port: 9969 };
const INSIDE = HERE.replace(/^127\.(\d+)\.(\d+)\.\d+$/, '127.$1.$2.201');

/** What the lab's hook was asked, in order. */
let asked: string[] = [];
let refuses: Error | null = null;
let left: AbortSignal | null = null;
const lab: Lab = {
  manifest: {
    id: 'swarm', group: 'architectures', order: 1, parameters: [], steps: [], predictions: [], tryIt: [], stage: ['hosts'], specifications: [], actions: [],
    hosts: [{ id: 'tracker', address: INSIDE }],
    endpoints: [{ role: 'tracker', host: 'tracker', protocol: 'udp', port: 7969 }, { role: 'tracker', host: 'tracker', protocol: 'tcp', port: 7969, joins: 'swarm' }],
  },
  serve: async (context) => {
    const role = context.role({ id: 'tracker', host: 'tracker', kind: 'server' }, async ({ host, listening }) => {
      const datagrams = await host.dgram.bind(7969);
      const listener = await host.net.listen({ port: 7969 });
      listening({ protocol: 'udp', address: host.address, port: 7969 });
      listening({ protocol: 'tcp', ...listener.endpoint });
      await Promise.all([listener.accept(), datagrams.recvFrom(1)]);
    });
    await role.ready;
  },
  play: () => Promise.resolve(),
  swarm: {
    clear: (context) => Promise.resolve(void asked.push(`clear, own tracker ${context.running('tracker') === null ? 'ended' : 'runs'}`)),
    enter: (_context, tracker, signal) => {
      asked.push(`enter ${formatEndpoint(tracker)}`);
      left = signal;
      return refuses === null ? Promise.resolve() : Promise.reject(refuses);
    },
  },
};

let engine: Engine;
let run = 0;
let states: LabState[] = [];
let shares: ShareState[] = [];
let says: (request: string) => Uint8Array = () => new Uint8Array(0);
const servers: net.Server[] = [];

/** A program of another machine. */
async function serve(at: Endpoint, program: (socket: net.Socket) => void): Promise<void> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    program(socket);
  }).listen(at.port, at.address);
  servers.push(server);
  await once(server, 'listening');
}

beforeEach(async () => {
  [asked, states, shares, refuses, left] = [[], [], [], null, null];
  engine = new Engine([{ lab, lessons: new Map() }], { onBatch: () => undefined, onState: (state) => void states.push(state), onShare: (state) => void shares.push(state) }, 1, () => [PLACE]);
  run = (await engine.start('swarm', {})).run;
  await expect.poll(() => states.at(-1)?.state).toBe('open');
  await serve(TRACKER, (socket) => socket.once('data', (bytes) => socket.end(says(bytes.toString('latin1')))));
});
afterEach(async () => {
  await engine.dispose();
  for (const server of servers.splice(0)) server.close();
});

const join = (port = TRACKER.port) => engine.join(run, { role: 'tracker', protocol: 'tcp', address: THERE, port });
const http = (head: string, body: Uint8Array | string = ''): Uint8Array => concatBytes(Buffer.from(`HTTP/1.1 ${head}\r\n\r\n`), Buffer.from(body));
const ok = (body: Uint8Array): Uint8Array => http(`200 OK\r\nContent-Length: ${body.length}`, body);
const peersOf = (...peers: readonly Endpoint[]): Uint8Array => encodeTrackerAnswer({ type: 'peers', interval: 30, minInterval: null, trackerId: '', complete: 1, incomplete: 2, warning: '', form: 'compact', peers: peers.map((peer) => ({ ...peer, id: null })) });

/** What a client gets from there until the end of the stream; null: refused or reset. */
async function hear(at: Endpoint, say = ''): Promise<Buffer | null> {
  const socket = net.connect({ host: at.address, port: at.port });
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  if (say !== '') socket.write(say);
  return new Promise((resolve) => {
    socket.once('end', () => (socket.end(), resolve(Buffer.concat(parts))));
    socket.once('error', () => resolve(null));
  });
}

async function get(path: string): Promise<{ status: number; body: Uint8Array }> {
  const bytes = await hear({ address: INSIDE, port: 7969 }, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  if (bytes === null) throw new Error('refused');
  // Its Content-Length is that of its body, or this is not complete, or too long.
  const layout = readMessage(bytes, { kind: 'response', method: 'GET' });
  if (layout.state !== 'complete' || layout.head === null || layout.end !== bytes.length) throw new Error(`${layout.state} ${layout.why}`);
  const value = valueOf(bytes, { ...layout, head: layout.head });
  return { status: value.kind === 'response' ? value.status : 0, body: value.body };
}

async function announce(): Promise<TrackerAnswer> {
  const { status, body } = await get('/announce?info_hash=x&compact=1');
  expect(status).toBe(200);
  const read = decodeTrackerAnswer(body);
  if (read.status !== 'complete') throw new Error(read.status);
  return read.answer;
}
const told = async (): Promise<TrackerPeers> => {
  const answer = await announce();
  if (answer.type !== 'peers') throw new Error(answer.type);
  return answer;
};
const failure = async (): Promise<string> => {
  const answer = await announce();
  return answer.type === 'failure' ? answer.reason : answer.type;
};

describe('joining a swarm', () => {
  it('ends what is its own, opens the door, goes in; and out with it', async () => {
    const { joined } = await join();
    expect(asked).toEqual(['clear, own tracker ended', `enter ${INSIDE}:7969`]);
    expect(joined).toMatchObject([{ role: 'tracker', ...TRACKER, named: [] }]);
    expect(left?.aborted).toBe(false);
    await engine.leave(run);
    expect(left?.aborted).toBe(true);
    expect(await hear({ address: INSIDE, port: 7969 })).toBeNull();
  });

  it('where the lab cannot go in, it is not joined', async () => {
    refuses = new Error('no torrent there');
    await expect(join()).rejects.toMatchObject({ code: 'SHARE_SWARM', message: 'no torrent there', where: `${THERE}:9969` });
    expect(await hear({ address: INSIDE, port: 7969 })).toBeNull();
  });

  it('not by its UDP side: there the answers would name machines of the LAN', async () => {
    await expect(engine.join(run, { role: 'tracker', protocol: 'udp', ...TRACKER })).rejects.toMatchObject({ code: 'SHARE_NOTHING' });
    expect(asked).toEqual([]);
  });
});

describe('what a tracker tells', () => {
  it('peers are loopback doors that lead to them, until it is left', async () => {
    await serve({ address: THERE, port: 9881 }, (socket) => socket.end(`a peer, to ${socket.remoteAddress}`));
    says = (request) => {
      asked.push(request.split('\r\n')[0] ?? '', /^host: .*$/im.exec(request)?.[0] ?? '');
      return ok(peersOf({ address: THERE, port: 9881 }));
    };
    await join();
    const { peers, interval, complete, incomplete } = await told();
    expect(asked.slice(2)).toEqual(['GET /announce?info_hash=x&compact=1 HTTP/1.1', `Host: ${THERE}:9969`]);
    expect([interval, complete, incomplete]).toEqual([30, 1, 2]);
    expect(peers.map(({ address }) => address)).toEqual([INSIDE]);
    const [door] = peers;
    if (door === undefined) throw new Error('no door');
    expect((await hear(door))?.toString()).toBe(`a peer, to ${HERE}`);
    // Named again, it is the same.
    expect((await told()).peers).toEqual(peers);
    await expect.poll(() => shares.at(-1)?.joined[0]?.named).toEqual([{ address: THERE, port: 9881, now: 0, total: 1 }]);
    await engine.leave(run);
    expect(await hear(door)).toBeNull();
  });

  it('only of the network that was agreed to, not this machine, and no system\'s port', async () => {
    says = () => ok(peersOf(
      { address: ELSEWHERE, port: 9881 }, { address: '8.8.8.8', port: 9881 }, { address: HERE, port: 9881 }, { address: '127.0.0.1', port: 9881 }, { address: THERE, port: 22 }, { address: THERE, port: 0 },
      { address: THERE.replace(/\d+$/, '0'), port: 9881 }, { address: THERE.replace(/\d+$/, '255'), port: 9881 }, { address: THERE, port: 9882 },
    ));
    await join();
    expect((await told()).peers).toHaveLength(1);
    expect((await engine.join(run, { role: 'tracker', protocol: 'tcp', ...TRACKER })).joined[0]?.named).toEqual([]);
  });

  it('no more than there may be doors; who is not named any more gives way', async () => {
    const many = (from: number): Endpoint[] => Array.from({ length: SHARE_LIMITS.named.open + 6 }, (_, i) => ({ address: THERE, port: from + i }));
    says = () => ok(peersOf(...many(20_000)));
    await join();
    const first = (await told()).peers;
    expect(first).toHaveLength(SHARE_LIMITS.named.open);
    says = () => ok(peersOf(...many(30_000)));
    expect((await told()).peers).toHaveLength(SHARE_LIMITS.named.open);
    expect(first[0] === undefined ? null : await hear(first[0])).toBeNull();
    await expect.poll(() => shares.at(-1)?.joined[0]?.named.filter(({ port }) => port >= 30_000).length).toBe(SHARE_LIMITS.named.open);
  });

  it('a torrent names the door as its tracker, and is the same torrent', async () => {
    const { bytes, infoHash } = makeTorrent(generateFile(500, 1), { name: 'film', announce: `http://${THERE}:9969/announce`, pieceLength: 100 });
    const parts = [bytes.subarray(0, 40), bytes.subarray(40)].map((part) => concatBytes(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')));
    says = () => http('200 OK\r\nContent-Type: application/x-bittorrent\r\nTransfer-Encoding: chunked', concatBytes(...parts, Buffer.from('0\r\n\r\n')));
    await join();
    const parsed = parseTorrent((await get('/film.torrent')).body);
    expect(parsed).toMatchObject({ ok: true, torrent: { announce: `http://${INSIDE}:7969/announce`, infoHash } });
  });

  it('its refusal is passed on; what is no answer is a failure that says so', async () => {
    await join();
    says = () => ok(encodeTrackerAnswer({ type: 'failure', reason: 'no room' }));
    expect(await failure()).toBe('no room');
    says = () => ok(Buffer.from('d5:peers'));
    expect(await failure()).toBe('the tracker\'s answer is cut off');
    says = () => ok(Buffer.from('<html>'));
    expect(await failure()).toContain('malformed at byte 0');
    says = () => http('404 Not Found\r\nContent-Length: 0');
    expect(await failure()).toBe('the tracker answers 404 Not Found');
    says = () => Buffer.from('SSH-2.0-OpenSSH\r\n');
    expect(await failure()).toContain('not HTTP');
    says = () => http('200 OK\r\nContent-Length: 100', 'd8:in');
    expect(await failure()).toContain('cut off');
    says = () => http('200 OK', new Uint8Array(SHARE_LIMITS.answer.bytes));
    expect(await failure()).toContain('more than');
    says = () => http('200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2', 'hi');
    expect(await get('/scrape')).toEqual({ status: 200, body: Uint8Array.from(Buffer.from('hi')) });
  });

  it('nobody there: the errno', async () => {
    await join(9970);
    expect(await failure()).toContain(`${THERE}:9970: ECONNREFUSED`);
    expect((await get('/film-1.torrent')).status).toBe(502);
  });
});

describe('an answer', () => {
  const doors = (peers: readonly Endpoint[]): Promise<readonly Endpoint[]> => Promise.resolve(peers.map(({ port }) => ({ address: '127.0.0.1', port })));
  const through = async (body: Uint8Array): Promise<TrackerAnswer | null> => {
    const read = decodeTrackerAnswer(await throughDoors(body, doors));
    return read.status === 'complete' ? read.answer : null;
  };

  it('in either form; IPv6 has no doors', async () => {
    const dictionaries = encodeBencode(new Map<string, unknown>([['interval', 60], ['peers', [new Map<string, unknown>([['peer id', 'x'.repeat(20)], ['ip', '192.168.1.9'], ['port', 6881]])]]]) as Parameters<typeof encodeBencode>[0]);
    expect(await through(dictionaries)).toMatchObject({ type: 'peers', form: 'dictionaries', peers: [{ address: '127.0.0.1', port: 6881, id: null }] });
    expect(await through(peersOf({ address: '192.168.1.9', port: 6881 }))).toMatchObject({ form: 'compact', peers: [{ address: '127.0.0.1', port: 6881 }] });
  });

  it('peers that are no whole number of peers are a failure', async () => {
    const cut = encodePeers([{ address: '192.168.1.9', port: 6881 }], 'ipv4').subarray(0, 5);
    expect(await through(encodeBencode(new Map([['peers', cut]])))).toMatchObject({ type: 'failure', reason: expect.stringContaining('5 bytes') as string });
  });

  it('cannot make a peer wait for ever, nor ask all the time', async () => {
    const waiting = (interval: number): Promise<TrackerAnswer | null> => through(encodeBencode(new Map<string, number | Uint8Array>([['interval', interval], ['peers', new Uint8Array(0)]])));
    expect(await waiting(2 ** 40)).toMatchObject({ interval: SHARE_LIMITS.answer.interval });
    expect(await waiting(0)).toMatchObject({ interval: 1 });
  });
});
