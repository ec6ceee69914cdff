// Datagrams of a tracker (BEP 15), both ways: connect, announce, scrape and error. Nothing in a datagram says which way it goes; who knows
// it says so, else it is told by its numbers, as Wireshark does.

import { concatBytes, readUint, writeUint } from '../../base/bytes';
import { utf8Bytes, utf8Text } from '../../base/bytesText';
import { never } from '../../base/assert';
import { ipv4Bytes, ipv4Text } from '../address';
import { decodePeers, encodePeers, STRIDE, type Family, type PeerAddress } from '../bittorrent/peers';
import { incomplete, malformed, type Incomplete, type Malformed } from '../codec';
import { TRACKER_LIMITS } from './limits';

export const ACTION = { connect: 0, announce: 1, scrape: 2, error: 3 } as const;
/** BEP 15: the protocol's number, in place of a connection id. */
export const PROTOCOL_ID = 0x417_2710_1980n;
export const EVENTS = ['none', 'completed', 'started', 'stopped'] as const;
export type TrackerEvent = (typeof EVENTS)[number];

export interface AnnounceRequest {
  readonly type: 'announceRequest';
  /** 64 bits that the tracker gave. */
  readonly connection: bigint;
  /** 32 bits that the asker chose. */
  readonly transaction: number;
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  /** Bytes. */
  readonly downloaded: bigint;
  readonly left: bigint;
  readonly uploaded: bigint;
  readonly event: number;
  /** '0.0.0.0': where the datagram comes from. */
  readonly address: string;
  readonly key: number;
  /** Peers that are wanted; -1: as many as the tracker likes. */
  readonly want: number;
  readonly port: number;
  /** BEP 41: what follows, as it is. */
  readonly options: Uint8Array;
}

export interface ScrapedTorrent {
  readonly seeders: number;
  readonly completed: number;
  readonly leechers: number;
}

export type TrackerMessage =
  | { readonly type: 'connectRequest'; readonly transaction: number }
  | { readonly type: 'connectResponse'; readonly transaction: number; readonly connection: bigint }
  | AnnounceRequest
  /** `interval` in seconds. */
  | { readonly type: 'announceResponse'; readonly transaction: number; readonly interval: number; readonly leechers: number; readonly seeders: number; readonly family: Family; readonly peers: readonly PeerAddress[] }
  | { readonly type: 'scrapeRequest'; readonly connection: bigint; readonly transaction: number; readonly infoHashes: readonly Uint8Array[] }
  | { readonly type: 'scrapeResponse'; readonly transaction: number; readonly torrents: readonly ScrapedTorrent[] }
  | { readonly type: 'error'; readonly transaction: number; readonly message: string };
export type TrackerType = TrackerMessage['type'];

export interface TrackerWay {
  /** To the tracker, or from it. */
  readonly way?: 'request' | 'response' | undefined;
  /** Of the datagram's addresses, which decide how peers are written. */
  readonly family?: Family | undefined;
}

/** Bytes that each kind has at least. */
export const LEAST: Readonly<Record<TrackerType, number>> = {
  connectRequest: 16, connectResponse: 16, announceRequest: 98, announceResponse: 20, scrapeRequest: 36, scrapeResponse: 8, error: 8,
};

const u64 = (bytes: Uint8Array, at: number): bigint => (BigInt(readUint(bytes, at, 4)) << 32n) | BigInt(readUint(bytes, at + 4, 4));
const REQUESTS: readonly TrackerType[] = ['connectRequest', 'announceRequest', 'scrapeRequest'];
const RESPONSES: readonly TrackerType[] = ['connectResponse', 'announceResponse', 'scrapeResponse', 'error'];

/** Which kind the datagram is; null when it is none, or too short to tell. */
export function trackerType(bytes: Uint8Array, way?: 'request' | 'response'): TrackerType | null {
  if (bytes.length < 8) return null;
  const answers = RESPONSES[readUint(bytes, 0, 4)] ?? null;
  if (way === 'response' || bytes.length < 12) return way === 'request' ? null : answers;
  const said = REQUESTS[readUint(bytes, 8, 4)] ?? null;
  if (said === 'connectRequest' && u64(bytes, 0) === PROTOCOL_ID) return said;
  const asks = said === 'connectRequest' ? null : said;
  if (way === 'request' || answers === null) return asks;
  if (asks === null || !fits(asks, bytes.length)) return answers;
  // Both could be: a small connection id, where they should be random, or an interval of a second or two.
  const asking = !fits(answers, bytes.length) || answers === 'error' || (asks === 'announceRequest' && readUint(bytes, 80, 4) < EVENTS.length);
  return asking ? asks : answers;
}

/** True when a datagram of this kind may have that length. */
function fits(type: TrackerType, length: number): boolean {
  const rest = length - LEAST[type];
  switch (type) {
    case 'connectRequest': case 'connectResponse': return rest === 0;
    case 'announceRequest': case 'error': return rest >= 0;
    case 'announceResponse': return rest >= 0 && rest % STRIDE.ipv4 === 0;
    case 'scrapeRequest': return rest >= 0 && rest % 20 === 0;
    case 'scrapeResponse': return rest >= 0 && rest % 12 === 0;
    default: return never(type);
  }
}

export function decodeTracker(bytes: Uint8Array, { way, family = 'ipv4' }: TrackerWay = {}): TrackerMessage | Incomplete | Malformed {
  const type = trackerType(bytes, way);
  if (type === null) return bytes.length < 16 ? incomplete(16) : malformed(0, 'no message of a tracker');
  if (bytes.length < LEAST[type]) return incomplete(LEAST[type]);
  const word = (at: number): number => readUint(bytes, at, 4);
  switch (type) {
    case 'connectRequest': return { type, transaction: word(12) };
    case 'connectResponse': return { type, transaction: word(4), connection: u64(bytes, 8) };
    case 'announceRequest': return announce(bytes);
    case 'announceResponse': {
      if ((bytes.length - 20) % STRIDE[family] !== 0) return malformed(bytes.length - ((bytes.length - 20) % STRIDE[family]), 'a peer is cut off');
      return { type, transaction: word(4), interval: word(8), leechers: word(12), seeders: word(16), family, peers: decodePeers(bytes.subarray(20), family, TRACKER_LIMITS.peers) };
    }
    case 'scrapeRequest': {
      const count = (bytes.length - 16) / 20;
      if (!Number.isInteger(count)) return malformed(16 + Math.floor(count) * 20, 'an info hash is cut off');
      if (count > TRACKER_LIMITS.torrents) return malformed(16, `more than ${TRACKER_LIMITS.torrents} torrents`);
      return { type, connection: u64(bytes, 0), transaction: word(12), infoHashes: Array.from({ length: count }, (_, i) => bytes.slice(16 + i * 20, 36 + i * 20)) };
    }
    case 'scrapeResponse': {
      const count = (bytes.length - 8) / 12;
      if (!Number.isInteger(count)) return malformed(8 + Math.floor(count) * 12, 'the numbers of a torrent are cut off');
      if (count > TRACKER_LIMITS.torrents) return malformed(8, `more than ${TRACKER_LIMITS.torrents} torrents`);
      const torrent = (at: number): ScrapedTorrent => ({ seeders: word(at), completed: word(at + 4), leechers: word(at + 8) });
      return { type, transaction: word(4), torrents: Array.from({ length: count }, (_, i) => torrent(8 + i * 12)) };
    }
    case 'error': return { type, transaction: word(4), message: utf8Text(bytes.subarray(8, 8 + TRACKER_LIMITS.reason)) };
    default: return never(type);
  }
}

function announce(bytes: Uint8Array): AnnounceRequest {
  const word = (at: number): number => readUint(bytes, at, 4);
  return {
    type: 'announceRequest', connection: u64(bytes, 0), transaction: word(12), infoHash: bytes.slice(16, 36), peerId: bytes.slice(36, 56), downloaded: u64(bytes, 56), left: u64(bytes, 64),
    uploaded: u64(bytes, 72), event: word(80), address: ipv4Text(bytes.subarray(84, 88)), key: word(88), want: word(92) | 0, port: readUint(bytes, 96, 2), options: bytes.slice(98),
  };
}

/** The datagram. Throws RangeError for what does not fit its bytes. */
export function encodeTracker(message: TrackerMessage): Uint8Array<ArrayBuffer> {
  const { type, transaction } = message;
  switch (type) {
    case 'connectRequest': return asked(PROTOCOL_ID, ACTION.connect, transaction);
    case 'connectResponse': return concatBytes(number(ACTION.connect), number(transaction), long(message.connection));
    case 'announceRequest': {
      const { infoHash, peerId, want } = message;
      if (infoHash.length !== 20 || peerId.length !== 20) throw new RangeError('an info hash and a peer id have 20 bytes');
      return concatBytes(
        asked(message.connection, ACTION.announce, transaction), infoHash, peerId, long(message.downloaded), long(message.left), long(message.uploaded), number(message.event), ipv4Bytes(message.address),
        number(message.key), number(want < 0 ? want + 2 ** 32 : want), number(message.port, 2), message.options,
      );
    }
    case 'announceResponse': return concatBytes(number(ACTION.announce), number(transaction), number(message.interval), number(message.leechers), number(message.seeders), encodePeers(message.peers, message.family));
    case 'scrapeRequest':
      if (message.infoHashes.some(({ length }) => length !== 20)) throw new RangeError('an info hash has 20 bytes');
      return concatBytes(asked(message.connection, ACTION.scrape, transaction), ...message.infoHashes);
    case 'scrapeResponse': return concatBytes(number(ACTION.scrape), number(transaction), ...message.torrents.flatMap(({ seeders, completed, leechers }) => [seeders, completed, leechers].map((value) => number(value))));
    case 'error': return concatBytes(number(ACTION.error), number(transaction), utf8Bytes(message.message));
    default: return never(type);
  }
}

const asked = (connection: bigint, action: number, transaction: number): Uint8Array<ArrayBuffer> => concatBytes(long(connection), number(action), number(transaction));

function number(value: number, length = 4): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new RangeError(`${value} does not fit into ${length} bytes`);
  const bytes = new Uint8Array(length);
  writeUint(bytes, 0, length, value);
  return bytes;
}

function long(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 64n) throw new RangeError(`${value} does not fit into 8 bytes`);
  return concatBytes(number(Number(value >> 32n)), number(Number(value & 0xffff_ffffn)));
}

