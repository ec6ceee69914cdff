// The first message of each side (BEP 3): who speaks which protocol, about which torrent, and what else it knows (reserved bits). Its
// parts come one after the other: a peer may be told by its info hash before its id has come.

import { concatBytes, equalBytes } from '../../base/bytes';
import { keyBytes } from '../bencode/value';
import { incomplete, malformed, type Incomplete, type Malformed } from '../codec';
import { RESERVED } from './names';

/** BEP 3: a length of 19, and the name. */
export const PROTOCOL = keyBytes('\x13BitTorrent protocol');
export const HANDSHAKE = { reserved: 20, infoHash: 28, peerId: 48, end: 68 } as const;

export interface Handshake {
  readonly type: 'handshake';
  /** Eight bytes, as sent. */
  readonly reserved: Uint8Array;
  /** SHA-1 of the info dictionary: 20 bytes. */
  readonly infoHash: Uint8Array;
  /** 20 bytes. */
  readonly peerId: Uint8Array;
}

/** True when these bytes are the beginning of a handshake, as far as they go. */
export function looksLikeHandshake(bytes: Uint8Array): boolean {
  const here = bytes.subarray(0, PROTOCOL.length);
  return here.length > 0 && equalBytes(here, PROTOCOL.subarray(0, here.length));
}

export function decodeHandshake(bytes: Uint8Array): Handshake | Incomplete | Malformed {
  for (let at = 0; at < Math.min(bytes.length, PROTOCOL.length); at++) if (bytes[at] !== PROTOCOL[at]) return malformed(at, 'not a handshake of BitTorrent');
  if (bytes.length < HANDSHAKE.end) return incomplete(HANDSHAKE.end);
  const part = (from: number, to: number): Uint8Array => bytes.slice(from, to);
  return { type: 'handshake', reserved: part(HANDSHAKE.reserved, HANDSHAKE.infoHash), infoHash: part(HANDSHAKE.infoHash, HANDSHAKE.peerId), peerId: part(HANDSHAKE.peerId, HANDSHAKE.end) };
}

/** Throws RangeError for parts of other lengths. */
export function encodeHandshake({ reserved, infoHash, peerId }: Omit<Handshake, 'type'>): Uint8Array<ArrayBuffer> {
  if (reserved.length !== 8 || infoHash.length !== 20 || peerId.length !== 20) throw new RangeError(`a handshake of ${reserved.length}, ${infoHash.length} and ${peerId.length} bytes`);
  return concatBytes(PROTOCOL, reserved, infoHash, peerId);
}

export type Feature = keyof typeof RESERVED;

/** What its sender knows beside BEP 3. */
export const knows = (reserved: Uint8Array, feature: Feature): boolean => ((reserved[RESERVED[feature].at] ?? 0) & RESERVED[feature].mask) !== 0;

/** Reserved bytes that say so. */
export function reservedFor(features: readonly Feature[]): Uint8Array<ArrayBuffer> {
  const reserved = new Uint8Array(8);
  for (const feature of features) reserved[RESERVED[feature].at] = (reserved[RESERVED[feature].at] ?? 0) | RESERVED[feature].mask;
  return reserved;
}
