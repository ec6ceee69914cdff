// The wire between peers: golden bytes both ways, every prefix, a direction read message by message however it is cut, and all that a
// peer may not say.

import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../base/cpuTime.fixture';
import { concatBytes, fromHex, toHex } from '../../base/bytes';
import { keyBytes } from '../bencode/value';
import { dissect, LINK_TYPE } from '../dissect';
import { assemble, part } from '../assemble';
import { findField, walkFields } from '../field';
import { codec as ipv4 } from '../ipv4/codec';
import { codec as tcp } from '../tcp/codec';
import { codec } from './codec';
import { decodeExtended, encodeExchange, encodeExtendedHandshake, encodeMetadata } from './extended';
import { fieldsOfMessage } from './fields';
import { encodeHandshake, knows, reservedFor, type Handshake } from './handshake';
import { BITTORRENT_LIMITS } from './limits';
import { countBits, encodeMessage, hasPiece, type PeerMessage } from './message';
import { clientOf, peerIdText } from './names';
import { decodePeers, encodePeers } from './peers';
import { BitTorrentStreamReader, type ReadMessage } from './stream';
import { messageText } from './summary';

const ascii = keyBytes;
const INFO_HASH = fromHex('aabbccddeeff00112233445566778899aabbccdd');
const HANDSHAKE: Handshake = { type: 'handshake', reserved: fromHex('0000000000100005'), infoHash: INFO_HASH, peerId: ascii('-TR3000-abcdefghijkl') };
const SHAKEN = encodeHandshake(HANDSHAKE);
const EXTENDED = ascii('d1:md11:ut_metadatai2e6:ut_pexi1ee13:metadata_sizei91e1:pi6881e4:reqqi255e1:v17:Transmission 3.00e');

interface Golden {
  readonly name: string;
  readonly bytes: string | Uint8Array;
  readonly value: Handshake | PeerMessage;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** As BEP 3, 5, 6 and 10 lay them out, and as aria2 and Transmission send them. */
const GOLDEN: readonly Golden[] = [
  {
    name: 'a handshake', bytes: `13 426974546f7272656e742070726f746f636f6c 0000000000100005 ${toHex(INFO_HASH)} ${toHex(HANDSHAKE.peerId)}`, value: HANDSHAKE, text: '',
    fields: {
      'bittorrent.protocol.name.length': 19, 'bittorrent.protocol.name': 'BitTorrent protocol', 'bittorrent.reserved': HANDSHAKE.reserved, 'bittorrent.reserved.extended': true, 'bittorrent.reserved.fast': true,
      'bittorrent.reserved.dht': true, 'bittorrent.info_hash': INFO_HASH, 'bittorrent.peer_id': HANDSHAKE.peerId, 'bittorrent.version': 'Transmission 3.00',
    },
  },
  { name: 'a keep-alive', bytes: '00000000', value: { type: 'keepAlive' }, text: 'Keep-alive', fields: { 'bittorrent.msg.length': 0 } },
  { name: 'choke', bytes: '00000001 00', value: { type: 'choke' }, text: 'Choke', fields: { 'bittorrent.msg.type': 0 } },
  { name: 'unchoke', bytes: '00000001 01', value: { type: 'unchoke' }, text: 'Unchoke', fields: { 'bittorrent.msg.type': 1 } },
  { name: 'interested', bytes: '00000001 02', value: { type: 'interested' }, text: 'Interested', fields: { 'bittorrent.msg.length': 1 } },
  { name: 'not interested', bytes: '00000001 03', value: { type: 'notInterested' }, text: 'Not interested', fields: {} },
  { name: 'have', bytes: '00000005 04 00000007', value: { type: 'have', piece: 7 }, text: 'Have 7', fields: { 'bittorrent.piece.index': 7 } },
  { name: 'a bitfield', bytes: '00000003 05 e080', value: { type: 'bitfield', bits: fromHex('e080') }, text: 'Bitfield 4/16', fields: { 'bittorrent.msg.bitfield': fromHex('e080') } },
  {
    name: 'a request', bytes: '0000000d 06 00000003 00004000 00004000', value: { type: 'request', piece: 3, begin: 16_384, length: 16_384 }, text: 'Request piece 3 offset 16384 16 KiB',
    fields: { 'bittorrent.piece.index': 3, 'bittorrent.piece.begin': 16_384, 'bittorrent.piece.length': 16_384 },
  },
  {
    name: 'a piece', bytes: '0000000e 07 00000003 00000000 68656c6c6f', value: { type: 'piece', piece: 3, begin: 0, block: ascii('hello') }, text: 'Piece 3 offset 0 5 B',
    fields: { 'bittorrent.piece.index': 3, 'bittorrent.piece.begin': 0, 'bittorrent.piece.data': ascii('hello') },
  },
  { name: 'cancel', bytes: '0000000d 08 00000001 00000000 00002000', value: { type: 'cancel', piece: 1, begin: 0, length: 8192 }, text: 'Cancel piece 1 offset 0 8 KiB', fields: { 'bittorrent.piece.length': 8192 } },
  { name: 'port', bytes: '00000003 09 1ae1', value: { type: 'port', port: 6881 }, text: 'Port 6881', fields: { 'bittorrent.port': 6881 } },
  { name: 'suggest', bytes: '00000005 0d 00000002', value: { type: 'suggest', piece: 2 }, text: 'Suggest 2', fields: { 'bittorrent.piece.index': 2 } },
  { name: 'have all', bytes: '00000001 0e', value: { type: 'haveAll' }, text: 'Have all', fields: {} },
  { name: 'have none', bytes: '00000001 0f', value: { type: 'haveNone' }, text: 'Have none', fields: {} },
  { name: 'reject', bytes: '0000000d 10 00000001 00000000 00004000', value: { type: 'reject', piece: 1, begin: 0, length: 16_384 }, text: 'Reject piece 1 offset 0 16 KiB', fields: { 'bittorrent.msg.type': 16 } },
  { name: 'allowed fast', bytes: '00000005 11 00000009', value: { type: 'allowedFast', piece: 9 }, text: 'Allowed fast 9', fields: {} },
  {
    name: 'an extended handshake', bytes: concatBytes(fromHex('0000006a 14 00'), EXTENDED), value: { type: 'extended', id: 0, payload: EXTENDED }, text: 'Extended handshake Transmission 3.00',
    fields: { 'bittorrent.extended.id': 0, 'bencode.str.length': 1, 'bencode.str': 'm' },
  },
  {
    name: 'metadata', bytes: concatBytes(fromHex('00000030 14 02'), ascii('d8:msg_typei1e5:piecei0e10:total_sizei3eeabc')), value: { type: 'extended', id: 2, payload: ascii('d8:msg_typei1e5:piecei0e10:total_sizei3eeabc') },
    text: 'Metadata data 0', fields: { 'bittorrent.extended.id': 2, 'bittorrent.extended': ascii('d8:msg_typei1e5:piecei0e10:total_sizei3eeabc'), 'bittorrent.extended.data': ascii('abc') },
  },
  { name: 'a message of BEP 52', bytes: '00000003 15 0102', value: { type: 'other', number: 21, payload: fromHex('0102') }, text: 'Hash Request', fields: { 'bittorrent.continuous_data': fromHex('0102') } },
];
// The length of the payload is what it is.
const goldenBytes = ({ bytes }: Golden): Uint8Array<ArrayBuffer> => {
  const raw = typeof bytes === 'string' ? fromHex(bytes) : concatBytes(bytes);
  if (typeof bytes !== 'string') new DataView(raw.buffer).setUint32(0, raw.length - 4);
  return raw;
};

describe.each(GOLDEN)('$name', (golden) => {
  const bytes = goldenBytes(golden);
  const { value } = golden;

  it('is decoded, encoded, said and shown', () => {
    expect(codec.decode(bytes, {})).toMatchObject({ status: 'complete', value, length: bytes.length, next: ['app:bittorrent'] });
    expect(toHex(codec.encode(value, new Uint8Array(0), {}))).toBe(toHex(bytes));
    const tree = codec.fields(bytes, {}, 40);
    expect(tree).toMatchObject({ start: 40, length: bytes.length });
    for (const [name, expected] of Object.entries(golden.fields)) expect(findField(tree, name)?.value, name).toEqual(expected);
    if (value.type === 'handshake') return;
    expect(messageText(value.type === 'piece' ? { ...value, length: value.block.length } : value)).toBe(golden.text);
  });

  it('asks for more at every prefix, and shows every byte that is there', () => {
    for (let end = 0; end <= bytes.length; end++) {
      const answer = codec.decode(bytes.subarray(0, end), {});
      expect(answer.status, `after ${end} bytes`).toBe(end < bytes.length ? 'incomplete' : 'complete');
      if (answer.status === 'incomplete') {
        expect(answer.need).toBeGreaterThan(end);
        expect(answer.need).toBeLessThanOrEqual(bytes.length);
      }
      const covered = new Set<number>();
      for (const { node } of walkFields(codec.fields(bytes.subarray(0, end), {}, 0))) {
        expect(node.start + node.length).toBeLessThanOrEqual(end);
        // A dictionary is a node of its own: nothing else has its first and last sign.
        if ((node.value !== null || node.name === 'bencode.dict') && node.generated === undefined) for (let i = 0; i < node.length; i++) covered.add(node.start + i);
      }
      expect(covered.size).toBe(end);
    }
  });
});

it('a handshake says what its sender knows and who it is', () => {
  expect(reservedFor(['extended', 'fast'])).toEqual(fromHex('0000000000100004'));
  expect((['extended', 'fast', 'dht'] as const).map((feature) => knows(fromHex('0000000000100001'), feature))).toEqual([true, false, true]);
  expect(['-TR3000-abcdefghijkl', 'A2-1-36-0-\x01\x02abcdefgh', '-LT2090-zzzzzzzzzzzz', 'M7-9-2--abcdefghijkl', 'anything but a client', '-qB4650-            '].map((id) => clientOf(ascii(id)))).toEqual([
    'Transmission 3.00', 'aria2 1.36.0', 'libtorrent 2.0.9', 'Mainline 7.9.2', '', 'qBittorrent 4.6.5',
  ]);
  expect(peerIdText(ascii('-LL0001-\x00\xff'))).toBe('-LL0001-··');
  expect(() => encodeHandshake({ ...HANDSHAKE, infoHash: new Uint8Array(19) })).toThrow(RangeError);
});

it('a bitfield has its first piece in the highest bit', () => {
  expect([0, 1, 2, 7, 8, 15, 16].map((index) => hasPiece(fromHex('a101'), index))).toEqual([true, false, true, true, false, true, false]);
  expect(countBits(fromHex('a101ff'))).toBe(12);
  expect(messageText({ type: 'bitfield', bits: fromHex('fff0') }, null, 12)).toBe('Bitfield 12/12');
});

describe('extensions', () => {
  it('handshakes name their messages, with bounds', () => {
    expect(decodeExtended(0, EXTENDED)).toEqual({ type: 'handshake', messages: new Map([['ut_metadata', 2], ['ut_pex', 1]]), client: 'Transmission 3.00', port: 6881, requests: 255, metadataSize: 91 });
    const said = { messages: new Map([['ut_pex', 1]]), client: '', port: null, requests: 64, metadataSize: null };
    expect(decodeExtended(0, encodeExtendedHandshake(said))).toEqual({ type: 'handshake', ...said });
    const many = Array.from({ length: 200 }, (_, i) => [`x${String(i).padStart(3, '0')}`, i] as const);
    expect(decodeExtended(0, encodeExtendedHandshake({ ...said, messages: new Map(many) }))).toMatchObject({ messages: { size: BITTORRENT_LIMITS.extensions } });
    expect(decodeExtended(0, ascii('d1:md6:ut_pexi999e4:evil3:abcee'))).toMatchObject({ messages: new Map() });
    expect(decodeExtended(0, ascii('d1:mi1e'))).toEqual({ type: 'malformed', at: 0, why: 'the dictionary is cut off' });
    expect(decodeExtended(0, ascii('le'))).toEqual({ type: 'malformed', at: 0, why: 'not a dictionary' });
  });

  it('metadata comes behind its dictionary', () => {
    expect(decodeExtended(3, encodeMetadata('data', 1, 20_000, ascii('abc')), 'ut_metadata')).toEqual({ type: 'metadata', action: 'data', piece: 1, totalSize: 20_000, data: ascii('abc') });
    expect(messageText({ type: 'extended', id: 3, payload: encodeMetadata('request', 0, null, new Uint8Array(0)) })).toBe('Metadata request 0');
  });

  it('peers come compact', () => {
    const added = [{ address: '127.0.70.2', port: 6881 }, { address: '127.0.70.3', port: 6882 }];
    const payload = encodeExchange(added, [{ address: '127.0.70.4', port: 1 }]);
    expect(decodeExtended(1, payload)).toEqual({ type: 'exchange', added, dropped: [{ address: '127.0.70.4', port: 1 }] });
    expect(messageText({ type: 'extended', id: 1, payload })).toBe('Peer exchange +2 -1');
    expect(decodePeers(encodePeers([{ address: '::1', port: 6881 }], 'ipv6'), 'ipv6', 10)).toEqual([{ address: '::1', port: 6881 }]);
    expect(decodePeers(new Uint8Array(6000), 'ipv4', 3)).toHaveLength(3);
    expect(() => encodePeers([{ address: '127.0.0.1', port: 65_536 }], 'ipv4')).toThrow(RangeError);
  });

  it('others are named by what the handshake called them', () => {
    const message = { type: 'extended', id: 7, payload: fromHex('00000001') } as const;
    expect(messageText(message)).toBe('Extended 7');
    expect(messageText(message, 'lt_donthave')).toBe('Extended lt_donthave');
    expect(messageText({ ...message, payload: ascii('x') }, 'ut_pex')).toBe('Extended ut_pex malformed');
  });
});

describe('a direction of a connection', () => {
  const block = Uint8Array.from({ length: 16_384 }, (_, i) => i * 7);
  const messages: PeerMessage[] = [
    { type: 'bitfield', bits: fromHex('ffff') }, { type: 'extended', id: 0, payload: EXTENDED }, { type: 'interested' }, { type: 'keepAlive' }, { type: 'request', piece: 1, begin: 0, length: 16_384 },
    { type: 'piece', piece: 2, begin: 16_384, block }, { type: 'piece', piece: 3, begin: 0, block: new Uint8Array(0) }, { type: 'have', piece: 9 },
  ];
  const stream = concatBytes(SHAKEN, ...messages.map(encodeMessage));
  const titles = (read: readonly ReadMessage[]): string[] => read.map(({ start, end, message }) => `${start}-${end} ${message.type === 'handshake' ? 'Handshake' : messageText(message)}`);
  const WHOLE = [
    '0-68 Handshake', '68-75 Bitfield 16/16', '75-179 Extended handshake Transmission 3.00', '179-184 Interested', '184-188 Keep-alive', '188-205 Request piece 1 offset 0 16 KiB',
    '205-16602 Piece 2 offset 16384 16 KiB', '16602-16615 Piece 3 offset 0 0 B', '16615-16624 Have 9',
  ];

  it('is read as messages with their places', () => {
    const reader = new BitTorrentStreamReader();
    const read = reader.push(stream);
    expect(titles(read)).toEqual(WHOLE);
    expect(read[0]?.message).toEqual(HANDSHAKE);
    expect(reader.failure).toBeNull();
    expect(reader.partial).toBeNull();
    const piece = read[6];
    if (piece?.message.type !== 'piece') throw new Error('no piece');
    expect(stream.subarray(piece.end - piece.message.length, piece.end)).toEqual(block);
  });

  it('is the same however its bytes are cut, also where blocks are only counted', () => {
    const whole = new BitTorrentStreamReader().push(stream);
    for (const size of [1, 2, 3, 5, 13, 64, 1000, 16_384]) {
      const reader = new BitTorrentStreamReader();
      const read: ReadMessage[] = [];
      for (let at = 0; at < stream.length; at += size) {
        const count = Math.min(size, stream.length - at);
        read.push(...(reader.skippable >= count ? reader.skip(count) : reader.push(stream.slice(at, at + count))));
      }
      expect(read).toEqual(whole);
    }
    expect(() => new BitTorrentStreamReader().skip(1)).toThrow(RangeError);
  });

  it('says what has begun, from any place in a stream', () => {
    const reader = new BitTorrentStreamReader({ offset: 1000 });
    reader.push(stream.subarray(0, 30));
    expect(reader.partial).toEqual({ start: 1000, have: 30, need: 68, piece: null });
    reader.push(stream.subarray(30, 70));
    expect(reader.partial).toEqual({ start: 1068, have: 2, need: 4, piece: null });
    const later = new BitTorrentStreamReader({ handshake: false });
    later.push(encodeMessage({ type: 'piece', piece: 5, begin: 0, block }).subarray(0, 12));
    expect(later.partial).toEqual({ start: 0, have: 12, need: 13, piece: null });
    expect(later.push(block.subarray(0, 1001))).toEqual([]);
    expect(later.partial).toMatchObject({ start: 0, have: 1013, need: 16_397, piece: { piece: later.partial?.piece?.piece, length: 16_384 } });
    expect(later.skippable).toBe(16_397 - 1013);
  });

  it('keeps no block: a thousand of them come in as little as one', () => {
    const reader = new BitTorrentStreamReader({ handshake: false });
    const one = encodeMessage({ type: 'piece', piece: 1, begin: 0, block });
    const before = cpuTime();
    let count = 0;
    for (let i = 0; i < 1000; i++) for (let at = 0; at < one.length; at += 1448) count += reader.push(one.subarray(at, at + 1448)).length;
    expect(count).toBe(1000);
    expect(before()).toBeLessThan(5000);
  });

  it('does not hang on the bytes it was given', () => {
    const reader = new BitTorrentStreamReader({ handshake: false });
    const bytes = encodeMessage({ type: 'request', piece: 1, begin: 2, length: 3 });
    const part1 = bytes.slice(0, 9);
    reader.push(part1);
    part1.fill(0xff);
    expect(reader.push(bytes.slice(9))).toMatchObject([{ message: { type: 'request', piece: 1, begin: 2, length: 3 } }]);
  });

  it.each([
    ['another protocol', '474554202f', 'not a handshake of BitTorrent', 0],
    ['a handshake that goes wrong', '1342697454ff', 'not a handshake of BitTorrent', 5],
  ])('%s ends it', (_name, hex, why, at) => {
    const reader = new BitTorrentStreamReader();
    expect(reader.push(fromHex(hex))).toEqual([]);
    expect(reader.failure).toEqual({ at, why });
    expect(reader.push(SHAKEN)).toEqual([]);
    expect(reader.partial).toBeNull();
  });

  it.each([
    ['choke with a payload', '00000002 00 00', 'choke of 2 bytes'], ['have of four bytes', '00000004 04 000000', 'have of 4 bytes'], ['have of six bytes', '00000006 04 0000000000', 'have of 6 bytes'],
    ['a request of twelve bytes', '0000000c 06', 'request of 12 bytes'], ['a piece without a place', '00000008 07', 'piece of 8 bytes'], ['a port of one byte', '00000002 09 00', 'port of 2 bytes'],
    ['a bitfield of 2 MB', '00200000 05', 'bitfield of 2097152 bytes'], ['an unknown message of 2 MB', '00200000 77', 'a message of type 119 of 2097152 bytes'],
    ['a piece of 4 GB', 'ffffffff 07', 'a message of 4294967295 bytes where 16777215 are allowed'], ['extended without a number', '00000001 14', 'extended of 1 bytes'],
  ])('%s ends it at once, where it begins', (_name, hex, why) => {
    const reader = new BitTorrentStreamReader();
    expect(reader.push(concatBytes(SHAKEN, encodeMessage({ type: 'unchoke' }), fromHex(hex)))).toHaveLength(2);
    expect(reader.failure).toEqual({ at: 73, why });
    const problems = [...walkFields(fieldsOfMessage(fromHex(hex)))].flatMap(({ node }) => node.problem ?? []);
    expect(problems).toEqual([why.replace(/ where .*/, '')]);
  });

  it('takes no more than its reader allows', () => {
    const reader = new BitTorrentStreamReader({ handshake: false, most: 16_384 + 9 });
    expect(reader.push(encodeMessage({ type: 'piece', piece: 0, begin: 0, block }))).toHaveLength(1);
    reader.push(fromHex('0000400a 07'));
    expect(reader.failure?.why).toBe('a message of 16394 bytes where 16393 are allowed');
  });
});

describe('in a frame', () => {
  const frame = (payload: Uint8Array, port = 6881): Uint8Array => {
    const context = { network: { source: '127.0.70.1', destination: '127.0.70.2' } };
    return assemble([part(ipv4, { ...context.network, protocol: 6 }), part(tcp, { sourcePort: 50_000, destinationPort: port, sequence: 1, flags: 0x18 }, context)], payload);
  };
  const protocols = (payload: Uint8Array): string[] => dissect(frame(payload), LINK_TYPE.ipv4).slice(2).map(({ protocol, status }) => `${protocol} ${status.status}`);

  it('messages follow each other, the last one perhaps cut', () => {
    expect(protocols(concatBytes(SHAKEN, encodeMessage({ type: 'have', piece: 1 }), fromHex('0000400907')))).toEqual(['bittorrent complete', 'bittorrent complete', 'bittorrent incomplete']);
  });

  it('the middle of a block is data', () => {
    expect(protocols(new Uint8Array(1448).fill(0x61))).toEqual(['data complete']);
    expect(protocols(new Uint8Array(1448))).toEqual(['data complete']);
  });

  it('a port that stands for 6881 does as well', () => {
    expect(dissect(frame(SHAKEN, 7001), LINK_TYPE.ipv4, 0, new Map([['tcp.port:7001', 6881]])).map(({ protocol }) => protocol)).toEqual(['ip', 'tcp', 'bittorrent']);
  });
});
