// The tracker as clients meet it: over HTTP in both forms, over UDP, with everything that they may get wrong; and peers that come and go.

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../shared/base/random';
import { keyText } from '../../../shared/codec/bencode/value';
import { decodeTrackerAnswer, type TrackerAnswer } from '../../../shared/codec/btTrackerHttp/answer';
import { percentEncode } from '../../../shared/base/percent';
import { decodeTracker, encodeTracker, type AnnounceRequest, type TrackerMessage } from '../../../shared/codec/btTracker/message';
import { encode } from '../text';
import { announce, trackerAddress } from './announce';
import { BT_LIMITS } from './limits';
import { parseTorrent, sha1 } from './metainfo';
import { TORRENT_TYPE } from './servedFiles';
import { runs, startPeer, startTracker, testFile, testRole, until, type TestRole } from './swarm.fixture';
import { tracker } from './tracker';
import { TrackerBook, type Announcing } from './trackerBook';
import { announcedAt } from './trackerDoor';
import { UdpTracker } from './trackerUdp';

const HASH = sha1(encode('a torrent')); // has bytes that must be encoded, and bytes that need not
const OTHER = sha1(encode('another'));
const id = (name: string): Uint8Array => encode(`-LL0100-${name.padEnd(12, '_')}`);

const query = (more = '', hash = HASH): string => `info_hash=${percentEncode(hash)}&peer_id=${percentEncode(id('raw'))}&port=6881&uploaded=0&downloaded=0&left=5${more}`;

/** Raw HTTP, from 127.0.0.1. */
async function get(url: string): Promise<TrackerAnswer> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const read = decodeTrackerAnswer(new Uint8Array(await response.arrayBuffer()));
  if (read.status !== 'complete') throw new Error(JSON.stringify(read));
  expect(read.problems).toEqual([]);
  return read.answer;
}

const progress = (name: string, port: number, left: number): Parameters<typeof announce>[2] => ({ infoHash: HASH, peerId: id(name), port, uploaded: 0, downloaded: 0, left });

describe.each(['http', 'udp'] as const)('a tracker over %s', (protocol) => {
  it('tells peers of each other, and forgets who says goodbye', async () => {
    const made = await startTracker({ interval: 30 });
    const address = trackerAddress(made[protocol]);
    if (address === null) throw new Error('no address');
    const [a, b, c] = [testRole('a'), testRole('b'), testRole('c')] as const;
    const say = (from: TestRole, name: string, left: number, event: Parameters<typeof announce>[3]): ReturnType<typeof announce> => announce(from.role, address, progress(name, 6881, left), event);
    expect(await say(a, 'a', 0, 'started')).toEqual({ interval: 30_000, peers: [] });
    expect((await say(b, 'b', 9, 'started')).peers).toMatchObject([{ address: a.address, port: 6881 }]);
    expect((await say(c, 'c', 9, 'started')).peers.map((peer) => peer.address).sort()).toEqual([a.address, b.address].sort());
    // A seeder has no use for seeders.
    await say(b, 'b', 0, 'completed');
    expect((await say(a, 'a', 0, '')).peers.map((peer) => peer.address)).toEqual([c.address]);
    expect(await get(`${made.http.replace('announce', 'scrape')}?info_hash=${percentEncode(HASH)}`)).toEqual({ type: 'scrape', torrents: new Map([[keyText(HASH), { seeders: 2, completed: 1, leechers: 1 }]]) });
    expect((await say(b, 'b', 0, 'stopped')).peers).toEqual([]);
    expect((await say(c, 'c', 9, '')).peers.map((peer) => peer.address)).toEqual([a.address]);
  });

  it('serves only the torrents that it was given, when it was', async () => {
    const made = await startTracker({ torrents: [OTHER] });
    const address = trackerAddress(made[protocol]);
    if (address === null) throw new Error('no address');
    await expect(announce(testRole('a').role, address, progress('a', 1, 1), 'started')).rejects.toThrow('does not know the torrent');
  });
});

describe('announces over HTTP', () => {
  it('compact when asked for, else dictionaries, with ids or without', async () => {
    const { http } = await startTracker();
    await get(`${http}?${query('&port=1').replace('port=6881', 'port=7000')}`);
    expect(await get(`${http}?${query('&compact=1')}`)).toMatchObject({ type: 'peers', form: 'compact', complete: 0, incomplete: 2, interval: 1, peers: [{ address: '127.0.0.1', port: 7000, id: null }] });
    expect(await get(`${http}?${query()}`)).toMatchObject({ form: 'dictionaries', peers: [{ address: '127.0.0.1', port: 7000, id: id('raw') }] });
    expect(await get(`${http}?${query('&no_peer_id=1&compact=0')}`)).toMatchObject({ form: 'dictionaries', peers: [{ id: null }] });
    expect(await get(`${http}?${query('&numwant=0')}`)).toMatchObject({ peers: [] });
  });

  it.each([
    ['', 'info_hash is missing'], ['info_hash=abc', 'info_hash has 3 bytes, not 20'], [query().replace('port=6881', 'port=99999'), 'port is no port'],
    [query('&ip=192.0.2.7'), 'this tracker takes only the address that an announce comes from'], [query('&ip=127.0.0.2'), 'this tracker takes only the address that an announce comes from'],
  ])('?%s fails: %s', async (asked, reason) => {
    const { http } = await startTracker();
    expect(await get(`${http}?${asked}`)).toEqual({ type: 'failure', reason });
  });

  it('its own address may be said; other paths and methods are HTTP\'s affair', async () => {
    const { http } = await startTracker();
    expect(await get(`${http}?${query('&ip=127.0.0.1')}`)).toMatchObject({ type: 'peers' });
    expect((await fetch(http.replace('announce', 'x'))).status).toBe(404);
    expect((await fetch(http, { method: 'POST', body: 'x' })).status).toBe(405);
    expect(await get(http.replace('announce', 'scrape'))).toMatchObject({ type: 'scrape', torrents: new Map([[keyText(HASH), { seeders: 0, completed: 0, leechers: 1 }]]) });
  });
});

describe('datagrams', () => {
  const from = { address: '127.0.0.9', port: 4000 };
  const book = (): TrackerBook => new TrackerBook({ torrents: null, expiry: 1000, random: createRandom(1) });
  const asked = (udp: UdpTracker, message: TrackerMessage, now = 0, who = from): TrackerMessage | null => {
    const answer = udp.answer(encodeTracker(message), who, now);
    const read = answer === null ? null : decodeTracker(answer, { way: 'response' });
    return read === null || 'status' in read ? null : read;
  };
  const request = (connection: bigint, more: Partial<AnnounceRequest> = {}): AnnounceRequest => ({
    type: 'announceRequest', connection, transaction: 7, infoHash: HASH, peerId: id('udp'), downloaded: 0n, left: 5n, uploaded: 0n, event: 2, address: '0.0.0.0', key: 0, want: -1, port: 6881, options: new Uint8Array(0), ...more,
  });
  const connect = (udp: UdpTracker, now = 0): bigint => {
    const answer = asked(udp, { type: 'connectRequest', transaction: 1 }, now);
    return answer?.type === 'connectResponse' ? answer.connection : 0n;
  };

  it('an id holds for its address, and for a while', () => {
    const udp = new UdpTracker(book(), 60);
    const connection = connect(udp);
    expect(asked(udp, request(connection))).toEqual({ type: 'announceResponse', transaction: 7, interval: 60, leechers: 1, seeders: 0, family: 'ipv4', peers: [] });
    expect(asked(udp, request(connection), BT_LIMITS.connectionId)).toMatchObject({ type: 'announceResponse' });
    expect(asked(udp, request(connection), BT_LIMITS.connectionId * 2)).toMatchObject({ type: 'error', transaction: 7 });
    expect(asked(udp, request(connection + 1n))).toMatchObject({ type: 'error' });
    expect(asked(udp, request(connection), 0, { address: '127.0.0.8', port: 4000 })).toMatchObject({ type: 'error' });
    expect(asked(udp, request(connection, { address: '192.0.2.1' }))).toMatchObject({ type: 'error', message: 'this tracker takes only the address that an announce comes from' });
    expect(asked(udp, { type: 'scrapeRequest', connection, transaction: 3, infoHashes: [HASH, OTHER] })).toEqual({
      type: 'scrapeResponse', transaction: 3, torrents: [{ seeders: 0, completed: 0, leechers: 1 }, { seeders: 0, completed: 0, leechers: 0 }],
    });
  });

  it('whatever comes, it neither throws nor answers with more than it was asked', () => {
    const udp = new UdpTracker(book(), 60);
    const good = encodeTracker(request(connect(udp)));
    const random = createRandom(4);
    for (let end = 0; end <= good.length; end++) udp.answer(good.subarray(0, end), from, 0);
    for (let i = 0; i < 2000; i++) {
      const mutated = good.slice();
      for (let n = 0; n < 3; n++) mutated[random.below(mutated.length)] = random.below(256);
      expect(udp.answer(mutated, from, 0)?.length ?? 0).toBeLessThanOrEqual(20 + 6 * 242);
    }
  });
});

describe('what a tracker knows', () => {
  const book = (): TrackerBook => new TrackerBook({ torrents: null, expiry: 1000, random: createRandom(1) });
  const says = (more: Partial<Announcing> = {}): Announcing => ({ infoHash: HASH, peerId: id('x'), port: 6881, left: 1, event: 'started', want: null, claims: '', ...more });

  it('goes when nothing is said for long', () => {
    const one = book();
    one.announce('127.0.0.2', says(), 0);
    one.announce('127.0.0.3', says(), 600);
    expect(one.expire(1001).map(({ address }) => address)).toEqual(['127.0.0.2']);
    expect(one.announce('127.0.0.4', says(), 1100)).toMatchObject({ leechers: 2, peers: [{ address: '127.0.0.3' }] });
  });

  it('is of loopback addresses, and bounded', () => {
    const one = book();
    expect(one.announce('192.0.2.1', says(), 0)).toMatch(/loopback/);
    expect(one.announce('127.0.0.2', says({ port: 0 }), 0)).toMatch(/port/);
    for (let port = 1; port <= BT_LIMITS.peersPerTorrent; port++) one.announce('127.0.0.2', says({ port }), 0);
    expect(one.announce('127.0.0.3', says(), 0)).toMatch(/no room/);
    expect(one.announce('127.0.0.2', says({ port: 5, want: 1e9 }), 0)).toMatchObject({ peers: { length: BT_LIMITS.wanted.most } });
    for (let i = 1; i < BT_LIMITS.torrents; i++) one.announce('127.0.0.2', says({ infoHash: sha1(encode(String(i))) }), 0);
    expect(one.announce('127.0.0.2', says({ infoHash: OTHER }), 0)).toMatch(/does not know/);
  });
});

describe('other machines of the class', () => {
  const OUTSIDE = { address: '192.168.77.2', port: 51_000 };
  /** The peer at 127.0.0.5 has a door, the one at 127.0.0.6 has none. */
  const reached = ({ address, port }: { address: string; port: number }): { address: string; port: number } | null => (address === '127.0.0.5' ? { address: '192.168.77.1', port: port + 1 } : null);
  const says = (more: Partial<Announcing> = {}): Announcing => ({ infoHash: HASH, peerId: id('x'), port: 6881, left: 1, event: 'started', want: null, claims: '', ...more });

  it('are told where our doors are, and of each other; ours are not told of them', () => {
    const book = new TrackerBook({ torrents: null, expiry: 1000, random: createRandom(1), reached });
    book.announce('127.0.0.5', says(), 0);
    book.announce('127.0.0.6', says(), 0);
    expect(book.announce('192.168.77.2', says({ outside: true }), 0)).toMatchObject({ leechers: 3, peers: [{ address: '192.168.77.1', port: 6882 }] });
    const told = book.announce('192.168.77.3', says({ outside: true }), 0);
    expect(typeof told === 'string' ? told : told.peers.map(({ address, port }) => `${address}:${port}`).sort()).toEqual(['192.168.77.1:6882', '192.168.77.2:6881']);
    const ours = book.announce('127.0.0.6', says({ event: '' }), 0);
    expect(typeof ours === 'string' ? ours : ours.peers.map(({ address }) => address)).toEqual(['127.0.0.5']);
    // Without the door's word an address of the LAN is none of ours, nor may one be claimed.
    expect(book.announce('192.168.77.4', says(), 0)).toMatch(/loopback/);
    expect(book.announce('192.168.77.4', says({ outside: true, claims: '127.0.0.5' }), 0)).toMatch(/only the address/);
  });

  it('over both protocols, by the doors that they came in by; the torrent names the tracker\'s door', async () => {
    const made = testRole('tracker');
    const doors = { comesFrom: () => OUTSIDE, outside: (protocol: string, { port }: { port: number }) => ({ address: '192.168.77.1', port: protocol === 'tcp' ? port + 1 : port }) };
    const { torrent } = testFile(3, { announce: `http://${made.address}:6969/announce` });
    runs(tracker({ ...made.role, doors }, { httpPort: 6969, udpPort: null, interval: 1, seed: 1, files: new Map([['/film.torrent', { type: TORRENT_TYPE, bytes: torrent.bytes }]]) }));
    await made.listening;
    const base = `http://${made.address}:6969`;
    expect(await get(`${base}/announce?${query('&compact=1')}`)).toMatchObject({ incomplete: 1, peers: [] });
    const given = parseTorrent(new Uint8Array(await (await fetch(`${base}/film.torrent`)).arrayBuffer()));
    expect(given).toMatchObject({ ok: true, torrent: { announce: 'http://192.168.77.1:6970/announce', infoHash: torrent.infoHash } });
    const book = new TrackerBook({ torrents: null, expiry: 1000, random: createRandom(1), reached });
    book.announce('127.0.0.5', { infoHash: HASH, peerId: id('x'), port: 6881, left: 1, event: 'started', want: null, claims: '' }, 0);
    const udp = new UdpTracker(book, 60, doors);
    const ask = (message: TrackerMessage): TrackerMessage | null => {
      const answer = udp.answer(encodeTracker(message), { address: '127.0.0.1', port: 4000 }, 0);
      const read = answer === null ? null : decodeTracker(answer, { way: 'response' });
      return read === null || 'status' in read ? null : read;
    };
    const connected = ask({ type: 'connectRequest', transaction: 1 });
    expect(ask({ type: 'announceRequest', connection: connected?.type === 'connectResponse' ? connected.connection : 0n, transaction: 2, infoHash: HASH, peerId: id('udp'), downloaded: 0n, left: 5n, uploaded: 0n, event: 2, address: '0.0.0.0', key: 0, want: -1, port: 6881, options: new Uint8Array(0) }))
      .toMatchObject({ type: 'announceResponse', peers: [{ address: '192.168.77.1', port: 6882 }] });
  });

  it('a torrent that names no tracker, or is none, stays as it is', () => {
    for (const bytes of [encode('de'), encode('no torrent'), new Uint8Array(0)]) expect(announcedAt(bytes, 'http://x/')).toBe(bytes);
  });
});

describe('a peer and its tracker', () => {
  it('says goodbye when it leaves, and is forgotten when it crashes', async () => {
    const made = await startTracker({ interval: 1, expiry: 1.5 });
    const { file, torrent } = testFile(2, { announce: made.http });
    const scraped = async (): Promise<number> => {
      const answer = await get(`${made.http.replace('announce', 'scrape')}?info_hash=${percentEncode(torrent.infoHash)}`);
      return answer.type === 'scrape' ? (answer.torrents.get(keyText(torrent.infoHash))?.seeders ?? 0) : -1;
    };
    const seen = async (seeders: number): Promise<void> => {
      while ((await scraped()) !== seeders);
    };
    const leaves = startPeer('leaves', { torrent, file });
    const crashes = startPeer('crashes', { torrent, file });
    await seen(2);
    leaves.peer.leave();
    await leaves.ended;
    expect(await scraped()).toBe(1);
    crashes.kill();
    expect(await scraped()).toBe(1); // not known yet
    await until(() => made.prints.includes(`${crashes.address}:6881 has not announced for 1.5 s: forgotten`));
    expect(await scraped()).toBe(0);
  });

  it('a tracker that is not there is told once, and asked again until it is', async () => {
    const host = await startTracker();
    host.kill();
    const { file, torrent } = testFile(2, { announce: host.http });
    const peer = startPeer('peer', { torrent, file });
    await until(() => peer.prints.length > 0);
    expect(peer.prints).toEqual([expect.stringMatching(/^tracker http:\/\/127\..*: ECONNREFUSED$/)]);
  });
});
