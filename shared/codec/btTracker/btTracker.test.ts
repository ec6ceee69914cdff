// Datagrams of a tracker (BEP 15): golden bytes both ways, every prefix, which way a datagram goes, and what it may not say.

import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { keyBytes } from '../bencode/value';
import { assemble, part } from '../assemble';
import { dissect, LINK_TYPE } from '../dissect';
import { findField, walkFields } from '../field';
import { codec as ipv4 } from '../ipv4/codec';
import { codec as udp } from '../udp/codec';
import { codec } from './codec';
import { fieldsOfTracker } from './fields';
import { TRACKER_LIMITS } from './limits';
import { decodeTracker, encodeTracker, LEAST, trackerType, type AnnounceRequest, type TrackerMessage } from './message';
import { trackerText } from './summary';

const HASH = fromHex('aabbccddeeff00112233445566778899aabbccdd');
const PEER = keyBytes('A2-1-36-0-abcdefghij');
const ANNOUNCE: AnnounceRequest = {
  type: 'announceRequest', connection: 0x1122_3344_5566_7788n, transaction: 0x0102_0304, infoHash: HASH, peerId: PEER, downloaded: 0n, left: 5_000_000_000n, uploaded: 16_384n, event: 2, address: '0.0.0.0', key: 0xcafe,
  want: -1, port: 6881, options: new Uint8Array(0),
};

const GOLDEN: readonly { readonly name: string; readonly bytes: string; readonly value: TrackerMessage; readonly text: string; readonly fields: Readonly<Record<string, unknown>> }[] = [
  { name: 'a connection request', bytes: '0000041727101980 00000000 01020304', value: { type: 'connectRequest', transaction: 0x0102_0304 }, text: 'Connection Request', fields: { 'bt-tracker.msg_type': 0, 'bt-tracker.proto_id': 0x417_2710_1980, 'bt-tracker.action': 0, 'bt-tracker.transaction_id': 0x0102_0304 } },
  { name: 'a connection response', bytes: '00000000 01020304 1122334455667788', value: { type: 'connectResponse', transaction: 0x0102_0304, connection: 0x1122_3344_5566_7788n }, text: 'Connection Response', fields: { 'bt-tracker.connection_id': '1234605616436508552' } },
  {
    name: 'an announce', text: 'Announce Request started', value: ANNOUNCE,
    bytes: `1122334455667788 00000001 01020304 ${toHex(HASH)} ${toHex(PEER)} 0000000000000000 000000012a05f200 0000000000004000 00000002 00000000 0000cafe ffffffff 1ae1`,
    fields: {
      'bt-tracker.info_hash': HASH, 'bt-tracker.peer_id': PEER, 'bt-tracker.downloaded': 0, 'bt-tracker.left': 5_000_000_000, 'bt-tracker.uploaded': 16_384, 'bt-tracker.event': 2, 'bt-tracker.ip_address': '0.0.0.0', 'bt-tracker.key': 0xcafe,
      'bt-tracker.num_want': -1, 'bt-tracker.port': 6881,
    },
  },
  {
    name: 'an answer with peers', bytes: '00000001 01020304 00000708 00000001 00000002 7f004602 1ae1 7f004603 1ae2', text: 'Announce Response 2 peers',
    value: { type: 'announceResponse', transaction: 0x0102_0304, interval: 1800, leechers: 1, seeders: 2, family: 'ipv4', peers: [{ address: '127.0.70.2', port: 6881 }, { address: '127.0.70.3', port: 6882 }] },
    fields: { 'bt-tracker.interval': 1800, 'bt-tracker.leechers': 1, 'bt-tracker.seeders': 2, 'bt-tracker.tracker.ip': '127.0.70.2', 'bt-tracker.tracker.port': 6881 },
  },
  { name: 'a scrape', bytes: `1122334455667788 00000002 01020304 ${toHex(HASH)}`, text: 'Scrape Request 1', value: { type: 'scrapeRequest', connection: ANNOUNCE.connection, transaction: 0x0102_0304, infoHashes: [HASH] }, fields: { 'bt-tracker.info_hash': HASH } },
  {
    name: 'its answer', bytes: '00000002 01020304 00000003 0000000a 00000004', text: 'Scrape Response 1', value: { type: 'scrapeResponse', transaction: 0x0102_0304, torrents: [{ seeders: 3, completed: 10, leechers: 4 }] },
    fields: { 'bt-tracker.seeders': 3, 'bt-tracker.completed': 10, 'bt-tracker.leechers': 4 },
  },
  { name: 'an error', bytes: '00000003 01020304 756e6b6e6f776e', text: 'Error Response unknown', value: { type: 'error', transaction: 0x0102_0304, message: 'unknown' }, fields: { 'bt-tracker.error_msg': 'unknown', 'bt-tracker.action': 3 } },
];

describe.each(GOLDEN)('$name', ({ bytes, value, text, fields }) => {
  const golden = fromHex(bytes);
  const way = /Request/.test(value.type) ? 'request' : 'response';

  it('is decoded, encoded, said and shown', () => {
    expect(codec.decode(golden, {})).toMatchObject({ status: 'complete', value, length: golden.length });
    expect(decodeTracker(golden, { way })).toEqual(value);
    expect(toHex(codec.encode(value, new Uint8Array(0), {}))).toBe(toHex(golden));
    expect(trackerText(value)).toBe(text);
    const tree = codec.fields(golden, {}, 40);
    expect(tree).toMatchObject({ start: 40, length: golden.length });
    for (const [name, expected] of Object.entries(fields)) expect(findField(tree, name)?.value, name).toEqual(expected);
  });

  it('asks for more at every prefix of what it has at least, and shows every byte', () => {
    for (let end = 0; end <= golden.length; end++) {
      const answer = codec.decode(golden.subarray(0, end), {});
      if (end < LEAST[value.type]) expect(answer.status, `after ${end}`).toBe('incomplete');
      if (answer.status === 'incomplete') expect(answer.need).toBeGreaterThan(end);
      const covered = new Set<number>();
      for (const { node } of walkFields(codec.fields(golden.subarray(0, end), {}, 0))) {
        expect(node.start + node.length).toBeLessThanOrEqual(end);
        if (node.value !== null) for (let i = 0; i < node.length; i++) covered.add(node.start + i);
      }
      expect(covered.size, `of ${end}`).toBe(end);
    }
    // Nobody waits for the rest of a datagram that is all there.
    expect(codec.decode(golden.subarray(0, 7), { missing: 0 }).status).toBe('malformed');
  });
});

describe('which way a datagram goes', () => {
  const answer = (interval: number, count: number): Uint8Array => encodeTracker({ type: 'announceResponse', transaction: 9, interval, leechers: 0, seeders: 1, family: 'ipv4', peers: Array.from({ length: count }, () => ({ address: '127.0.70.2', port: 6881 })) });

  it('is told by its numbers', () => {
    expect(trackerType(answer(1800, 3))).toBe('announceResponse');
    expect(trackerType(answer(1, 0))).toBe('announceResponse');
    expect(trackerType(answer(1, 13))).toBe('announceResponse');
    expect(trackerType(encodeTracker({ ...ANNOUNCE, connection: 1n << 32n }))).toBe('announceRequest');
    expect(trackerType(encodeTracker({ ...ANNOUNCE, connection: 7n }))).toBe('announceRequest');
    expect(trackerType(encodeTracker({ type: 'scrapeRequest', connection: 7n, transaction: 1, infoHashes: [HASH] }))).toBe('scrapeRequest');
    expect(trackerType(new Uint8Array(7))).toBeNull();
  });

  it('is believed from who knows', () => {
    expect(trackerType(answer(1, 13), 'request')).toBe('announceRequest');
    expect(trackerType(encodeTracker({ ...ANNOUNCE, connection: 1n << 32n }), 'response')).toBe('announceResponse');
    expect(trackerType(fromHex('0000000000000000 00000000 01020304'), 'request')).toBeNull();
  });
});

it('peers of IPv6 are as long as their addresses', () => {
  const value: TrackerMessage = { type: 'announceResponse', transaction: 1, interval: 60, leechers: 0, seeders: 1, family: 'ipv6', peers: [{ address: '::1', port: 6881 }] };
  const bytes = encodeTracker(value);
  expect(decodeTracker(bytes, { way: 'response', family: 'ipv6' })).toEqual(value);
  expect(findField(fieldsOfTracker(bytes, { family: 'ipv6' }), 'bt-tracker.tracker.ip6')?.value).toBe('::1');
  expect(decodeTracker(bytes.subarray(0, 30), { family: 'ipv6' })).toEqual({ status: 'malformed', at: 20, why: 'a peer is cut off' });
});

it('keeps what follows an announce (BEP 41)', () => {
  const bytes = encodeTracker({ ...ANNOUNCE, options: fromHex('02 09 2f616e6e6f756e6365') });
  expect(decodeTracker(bytes)).toMatchObject({ type: 'announceRequest', options: fromHex('02092f616e6e6f756e6365') });
  expect(findField(fieldsOfTracker(bytes), 'bt-tracker.unknown')).toMatchObject({ start: 98, length: 11 });
});

it('cannot write what has no bytes', () => {
  expect(() => encodeTracker({ ...ANNOUNCE, infoHash: new Uint8Array(19) })).toThrow(RangeError);
  expect(() => encodeTracker({ ...ANNOUNCE, left: -1n })).toThrow(RangeError);
  expect(() => encodeTracker({ ...ANNOUNCE, left: 1n << 64n })).toThrow(RangeError);
  expect(() => encodeTracker({ ...ANNOUNCE, port: 65_536 })).toThrow(RangeError);
});

it('shows a bounded tree of the largest datagram, and reads a bounded number of peers', () => {
  const bytes = concatBytes(fromHex('00000001 00000000 00000708 00000001 00000002'), new Uint8Array(65_484));
  expect([...walkFields(codec.fields(bytes, {}, 0))].length).toBeLessThanOrEqual(TRACKER_LIMITS.treeItems);
  expect(decodeTracker(bytes)).toMatchObject({ peers: { length: TRACKER_LIMITS.peers } });
  expect(decodeTracker(concatBytes(fromHex('00000002 00000000'), new Uint8Array(12 * 500)))).toMatchObject({ status: 'malformed' });
});

it('is found by its port, or by one that stands for it', () => {
  const context = { network: { source: '127.0.70.1', destination: '127.0.70.2' } };
  const frame = (port: number): Uint8Array => assemble([part(ipv4, { ...context.network, protocol: 17 }), part(udp, { sourcePort: 40_000, destinationPort: port }, context)], encodeTracker(ANNOUNCE));
  expect(dissect(frame(6969), LINK_TYPE.ipv4).map(({ protocol }) => protocol)).toEqual(['ip', 'udp', 'bt-tracker']);
  expect(dissect(frame(7001), LINK_TYPE.ipv4, 0, new Map([['udp.port:7001', 6969]])).map(({ protocol }) => protocol)).toEqual(['ip', 'udp', 'bt-tracker']);
});
