// Hostile bytes for bencode, the wire between peers and trackers: spoilt, cut anywhere, and bombs. Seeded, so that a failure can be run
// again. What is promised: nothing throws or hangs, what is held and shown stays bounded, and no cut changes what is read.

import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../shared/base/cpuTime.fixture';
import { concatBytes, fromHex, toHex } from '../../shared/base/bytes';
import { createRandom, type Random } from '../../shared/base/random';
import { codec as bencode } from '../../shared/codec/bencode/codec';
import { decodeBencode } from '../../shared/codec/bencode/decode';
import { encodeBencode, encodeBencoded, inputOf, type BencodeInput } from '../../shared/codec/bencode/encode';
import { BENCODE_LIMITS } from '../../shared/codec/bencode/limits';
import { keyBytes } from '../../shared/codec/bencode/value';
import { codec as wire } from '../../shared/codec/bittorrent/codec';
import { decodeExtended, encodeExchange, encodeExtendedHandshake, encodeMetadata } from '../../shared/codec/bittorrent/extended';
import { fieldsOfMessage } from '../../shared/codec/bittorrent/fields';
import { encodeHandshake } from '../../shared/codec/bittorrent/handshake';
import { BITTORRENT_LIMITS } from '../../shared/codec/bittorrent/limits';
import { encodeMessage, type PeerMessage } from '../../shared/codec/bittorrent/message';
import { BitTorrentStreamReader, type ReadMessage } from '../../shared/codec/bittorrent/stream';
import { messageText } from '../../shared/codec/bittorrent/summary';
import { codec as tracker } from '../../shared/codec/btTracker/codec';
import { fieldsOfTracker } from '../../shared/codec/btTracker/fields';
import { TRACKER_LIMITS } from '../../shared/codec/btTracker/limits';
import { decodeTracker, encodeTracker, type TrackerMessage } from '../../shared/codec/btTracker/message';
import { trackerText } from '../../shared/codec/btTracker/summary';
import { decodeTrackerAnswer, encodeTrackerAnswer } from '../../shared/codec/btTrackerHttp/answer';
import { announceOf, decodeTrackerQuery, encodeAnnounce, scrapedHashes } from '../../shared/codec/btTrackerHttp/query';
import { LINK_TYPE, dissect } from '../../shared/codec/dissect';
import { assemble, part } from '../../shared/codec/assemble';
import { codec as ipv4 } from '../../shared/codec/ipv4/codec';
import { codec as tcp } from '../../shared/codec/tcp/codec';
import { walkFields, type FieldNode } from '../../shared/codec/field';
import { CODEC_LIMITS } from '../../shared/codec/limits';

const ROUNDS = 1500;

function spoil(model: Uint8Array, random: Random): Uint8Array {
  const bytes = model.slice(0, random.next() < 0.6 ? model.length : random.below(model.length + 1));
  for (let faults = random.below(5); faults > 0 && bytes.length > 0; faults--) {
    const signs = [0, 0xff, 0x7f, 0x80, 1, 0x64, 0x65, 0x69, 0x6c, 0x3a, 0x39];
    bytes[random.below(bytes.length)] = random.next() < 0.6 ? (signs[random.below(signs.length)] ?? 0) : random.below(256);
  }
  return bytes;
}

/** The tree stays inside its bytes and below its bounds. */
function check(tree: FieldNode, base: number, length: number, what: string): void {
  let items = 0;
  for (const { node, depth } of walkFields(tree)) {
    items++;
    if (node.start < base || node.start + node.length > base + length || depth > CODEC_LIMITS.treeDepth) expect.fail(`${what}: ${node.name} at ${node.start}+${node.length} of ${base}+${length}, ${depth} deep`);
  }
  if (items > CODEC_LIMITS.treeItems) expect.fail(`${what}: ${items} fields`);
}

const HASH = Uint8Array.from({ length: 20 }, (_, i) => i * 11);
const ID = keyBytes('-LL0001-abcdefghijkl');
const map = (entries: readonly (readonly [string, BencodeInput])[]): BencodeInput => new Map(entries);
const TORRENT = encodeBencode(map([
  ['announce', 'http://127.0.70.1:6969/announce'], ['creation date', 1_700_000_000], ['announce-list', [['udp://127.0.70.1:6969'], ['http://127.0.70.1:6969/announce']]],
  ['info', map([['length', 40_000], ['name', 'Лекция.pdf'], ['piece length', 16_384], ['pieces', new Uint8Array(60).fill(0xab)], ['private', 1]])],
]));

describe('spoilt bencode', () => {
  it('is read or refused, written back as it was, and shown in small trees', { timeout: 120_000 }, () => {
    let whole = 0;
    for (let seed = 1; seed <= ROUNDS * 2; seed++) {
      const random = createRandom(seed);
      const bytes = spoil(TORRENT, random);
      check(bencode.fields(bytes, {}, 100), 100, bytes.length, `seed ${seed}`);
      const read = decodeBencode(bytes);
      if (read.status === 'incomplete') expect(read.need, `seed ${seed}`).toBeGreaterThan(bytes.length);
      if (read.status === 'malformed') expect(read.at, `seed ${seed}`).toBeLessThan(bytes.length);
      if (read.status !== 'complete') continue;
      whole++;
      expect(toHex(encodeBencoded(read.value)), `seed ${seed}`).toBe(toHex(bytes.subarray(0, read.end)));
      const sorted = encodeBencode(inputOf(read.value));
      expect(decodeBencode(sorted), `seed ${seed}`).toMatchObject({ status: 'complete', problems: [], end: sorted.length });
    }
    expect(whole).toBeGreaterThan(ROUNDS / 10);
  });

  it('an incomplete value never becomes malformed by what was there already', { timeout: 120_000 }, () => {
    for (let seed = 1; seed <= ROUNDS / 5; seed++) {
      const bytes = spoil(TORRENT, createRandom(seed));
      const read = decodeBencode(bytes);
      // Every prefix says the same, or that it needs more.
      for (let end = 0; end <= bytes.length; end += 3) {
        const before = decodeBencode(bytes.subarray(0, end));
        if (before.status !== 'incomplete') expect(before, `seed ${seed}, ${end} bytes`).toEqual(read);
      }
    }
  });

  it('bombs of every kind are answered at once', { timeout: 120_000 }, () => {
    const before = cpuTime();
    for (const bomb of ['d1:a'.repeat(200_000), 'l'.repeat(500_000), `l${'i1e'.repeat(400_000)}e`, `d${'0:le'.repeat(200_000)}e`, `i${'9'.repeat(500_000)}e`, `${'9'.repeat(500_000)}:`, '0:'.repeat(300_000)]) {
      const bytes = keyBytes(bomb);
      const read = decodeBencode(bytes);
      if (read.status === 'complete') expect(read.problems.length).toBeLessThanOrEqual(BENCODE_LIMITS.problems);
      check(bencode.fields(bytes, {}, 0), 0, bytes.length, bomb.slice(0, 8));
    }
    expect(before()).toBeLessThan(8000);
  });
});

const MESSAGES: readonly PeerMessage[] = [
  { type: 'bitfield', bits: fromHex('ff00ff') }, { type: 'extended', id: 0, payload: encodeExtendedHandshake({ messages: new Map([['ut_metadata', 1], ['ut_pex', 2]]), client: 'Looplab', port: 6881, requests: 250, metadataSize: 100 }) },
  { type: 'interested' }, { type: 'unchoke' }, { type: 'keepAlive' }, { type: 'request', piece: 1, begin: 0, length: 64 }, { type: 'piece', piece: 1, begin: 0, block: new Uint8Array(64).fill(0x61) }, { type: 'have', piece: 1 },
  { type: 'extended', id: 1, payload: encodeMetadata('data', 0, 5, keyBytes('hello')) }, { type: 'extended', id: 2, payload: encodeExchange([{ address: '127.0.70.3', port: 6881 }], [{ address: '127.0.70.4', port: 6882 }]) },
  { type: 'cancel', piece: 1, begin: 0, length: 64 }, { type: 'haveAll' }, { type: 'allowedFast', piece: 3 }, { type: 'reject', piece: 2, begin: 0, length: 64 }, { type: 'port', port: 6881 }, { type: 'other', number: 21, payload: fromHex('0102') },
];
const STREAM = concatBytes(encodeHandshake({ reserved: fromHex('0000000000100005'), infoHash: HASH, peerId: ID }), ...MESSAGES.map(encodeMessage));

describe('spoilt streams of peers', () => {
  it('are read the same however they are cut or counted, into small trees', { timeout: 120_000 }, () => {
    let whole = 0;
    let broken = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const bytes = spoil(STREAM, random);
      const once = new BitTorrentStreamReader();
      const messages = once.push(bytes);
      const cut = new BitTorrentStreamReader();
      const again: ReadMessage[] = [];
      for (let at = 0; at < bytes.length;) {
        const size = Math.min(bytes.length - at, 1 + random.below(random.next() < 0.5 ? 8 : 200));
        again.push(...(cut.skippable >= size && random.next() < 0.5 ? cut.skip(size) : cut.push(bytes.slice(at, at + size))));
        at += size;
      }
      expect(again, `seed ${seed}`).toEqual(messages);
      expect(cut.failure, `seed ${seed}`).toEqual(once.failure);
      expect(cut.partial, `seed ${seed}`).toEqual(once.partial);
      let end = 0;
      for (const read of messages) {
        if (read.start !== end) expect.fail(`seed ${seed}: ${read.start} after ${end}`);
        end = read.end;
        const own = bytes.subarray(read.start, read.end);
        check(fieldsOfMessage(own, read.start), read.start, own.length, `seed ${seed}`);
        if (read.message.type !== 'handshake') expect(messageText(read.message).length, `seed ${seed}`).toBeLessThan(120);
        const decoded = wire.decode(own, {});
        if (decoded.status !== 'complete') expect.fail(`seed ${seed}: ${decoded.status}`);
        expect(toHex(wire.encode(decoded.value, new Uint8Array(0), {})), `seed ${seed}`).toBe(toHex(own));
      }
      if (once.failure !== null) {
        broken++;
        if (once.failure.at < end || once.failure.at > bytes.length) expect.fail(`seed ${seed}: failure at ${once.failure.at}`);
      }
      whole += messages.length;
    }
    expect(whole).toBeGreaterThan(ROUNDS * 2);
    expect(broken).toBeGreaterThan(ROUNDS / 20);
  });

  it('and segments from anywhere in them are shown in small trees', { timeout: 120_000 }, () => {
    const network = { source: '127.0.70.1', destination: '127.0.70.2' };
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const payload = random.next() < 0.9 ? spoil(STREAM, random).subarray(random.below(STREAM.length)) : new Uint8Array(random.below(3000)).fill(random.below(3));
      const frame = assemble([part(ipv4, { ...network, protocol: 6 }), part(tcp, { sourcePort: 50_000, destinationPort: 6881, sequence: 1, flags: 0x18 }, { network })], payload);
      const layers = dissect(frame, LINK_TYPE.ipv4);
      if (layers.length > CODEC_LIMITS.layers) expect.fail(`seed ${seed}: ${layers.length} layers`);
      const trees = { name: 'frame', value: null, display: '', start: 0, length: frame.length, children: layers.map(({ tree }) => tree) };
      check(trees, 0, frame.length, `seed ${seed}`);
    }
  });

  it('extended messages of any bytes are read with bounds', { timeout: 120_000 }, () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const models = MESSAGES.flatMap((message) => (message.type === 'extended' ? [message.payload] : []));
      const payload = spoil(models[random.below(models.length)] ?? new Uint8Array(0), random);
      const said = decodeExtended(random.below(3), payload, [null, 'ut_metadata', 'ut_pex', 'lt_donthave'][random.below(4)] ?? null);
      if (said.type === 'exchange') expect(said.added.length + said.dropped.length).toBeLessThanOrEqual(2 * BITTORRENT_LIMITS.exchanged);
      if (said.type === 'malformed') expect(said.at).toBeLessThanOrEqual(payload.length);
    }
  });

  it('a message that trickles in byte by byte is held once, and a megabyte of keep-alives is read at once', { timeout: 120_000 }, () => {
    const reader = new BitTorrentStreamReader({ handshake: false });
    const before = cpuTime();
    reader.push(fromHex('00080001 05'));
    for (let i = 0; i < 0x8_0000 - 1; i++) reader.push(Uint8Array.of(1));
    expect(reader.partial).toMatchObject({ start: 0, have: 0x8_0004, need: 0x8_0005 });
    expect(reader.push(Uint8Array.of(1))).toHaveLength(1);
    expect(reader.push(new Uint8Array(0x10_0000))).toHaveLength(0x4_0000);
    expect(before()).toBeLessThan(8000);
  });
});

const ANNOUNCE = { infoHash: HASH, peerId: ID, port: 6881, uploaded: 1, downloaded: 2, left: 3, event: 'started', compact: true, noPeerId: true, want: 50, key: 'k', address: '127.0.70.2', trackerId: 't' } as const;
const DATAGRAMS: readonly TrackerMessage[] = [
  { type: 'connectRequest', transaction: 1 }, { type: 'connectResponse', transaction: 1, connection: 0x1234_5678_9abc_def0n },
  { type: 'announceRequest', connection: 5n, transaction: 2, infoHash: HASH, peerId: ID, downloaded: 1n, left: 2n, uploaded: 3n, event: 1, address: '127.0.0.1', key: 4, want: -1, port: 6881, options: fromHex('0100') },
  { type: 'announceResponse', transaction: 2, interval: 60, leechers: 1, seeders: 2, family: 'ipv4', peers: [{ address: '127.0.70.3', port: 6881 }, { address: '127.0.70.4', port: 6882 }] },
  { type: 'scrapeRequest', connection: 5n, transaction: 3, infoHashes: [HASH, HASH] }, { type: 'scrapeResponse', transaction: 3, torrents: [{ seeders: 1, completed: 2, leechers: 3 }] }, { type: 'error', transaction: 4, message: 'нет' },
];

describe('spoilt trackers', () => {
  it('datagrams are read or refused, written back as they were, and shown in small trees', { timeout: 120_000 }, () => {
    let whole = 0;
    for (let seed = 1; seed <= ROUNDS * 2; seed++) {
      const random = createRandom(seed);
      const model = DATAGRAMS[random.below(DATAGRAMS.length)];
      const bytes = spoil(model === undefined ? new Uint8Array(0) : encodeTracker(model), random);
      const way = { way: ([undefined, 'request', 'response'] as const)[random.below(3)], family: random.next() < 0.8 ? ('ipv4' as const) : ('ipv6' as const) };
      check(fieldsOfTracker(bytes, way, 50), 50, bytes.length, `seed ${seed}`);
      tracker.decode(bytes, { missing: random.below(2) });
      const decoded = decodeTracker(bytes, way);
      if ('status' in decoded) {
        if (decoded.status === 'incomplete') expect(decoded.need, `seed ${seed}`).toBeGreaterThan(bytes.length);
        continue;
      }
      whole++;
      expect(trackerText(decoded).length).toBeLessThan(150);
      // Text that is no UTF-8 does not come back; what follows a connection neither.
      const back = encodeTracker(decoded);
      if (decoded.type !== 'error') expect(toHex(back), `seed ${seed}`).toBe(toHex(bytes.subarray(0, back.length)));
    }
    expect(whole).toBeGreaterThan(ROUNDS / 2);
  });

  it('queries and answers over HTTP are read or refused, with bounds', { timeout: 120_000 }, () => {
    const answers = [
      encodeTrackerAnswer({ type: 'peers', interval: 60, minInterval: 30, trackerId: 't', complete: 1, incomplete: 2, warning: 'w', form: 'compact', peers: [{ address: '127.0.70.3', port: 1, id: null }, { address: '::1', port: 2, id: null }] }),
      encodeTrackerAnswer({ type: 'peers', interval: 60, minInterval: null, trackerId: '', complete: null, incomplete: null, warning: '', form: 'dictionaries', peers: [{ address: '127.0.70.3', port: 1, id: ID }] }),
      encodeTrackerAnswer({ type: 'failure', reason: 'no' }), encodeTrackerAnswer({ type: 'scrape', torrents: new Map([['a'.repeat(20), { seeders: 1, completed: 2, leechers: 3 }]]) }),
    ];
    const target = `/announce?${encodeAnnounce(ANNOUNCE)}`;
    let announced = 0;
    let answered = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = createRandom(seed);
      const text = String.fromCharCode(...spoil(keyBytes(target), random));
      const query = decodeTrackerQuery(text);
      expect(query.all.length, `seed ${seed}`).toBeLessThanOrEqual(TRACKER_LIMITS.parameters);
      scrapedHashes(query);
      const said = announceOf(query);
      if (typeof said !== 'string') {
        announced++;
        expect(announceOf(decodeTrackerQuery(`/?${encodeAnnounce(said)}`)), `seed ${seed}`).toEqual(said);
      }
      const read = decodeTrackerAnswer(spoil(answers[random.below(answers.length)] ?? new Uint8Array(0), random));
      if (read.status === 'complete') answered++;
    }
    expect(announced).toBeGreaterThan(ROUNDS / 10);
    expect(answered).toBeGreaterThan(ROUNDS / 10);
  });
});
