// One message behind the handshake (BEP 3, 5, 6, 10): four bytes of length, one of type, and what the type says. As a value and as bytes.
// Lengths that do not fit their type are refused, as every peer should; payloads of extensions stay bytes (extended.ts reads them).

import { never } from '../../base/assert';
import { byteAt, concatBytes, readUint, writeUint } from '../../base/bytes';
import { incomplete, malformed, type Incomplete, type Malformed } from '../codec';
import { BITTORRENT_LIMITS } from './limits';
import { MESSAGE, messageName } from './names';

/** Bytes of the length, and with the type behind it. */
export const LENGTH = 4;
export const MESSAGE_HEAD = 5;
/** Of a piece: where its block begins. */
export const PIECE_HEAD = 13;

/** A part of a piece: which, from where on, how many bytes. */
export interface BlockRange {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

type Signal = 'choke' | 'unchoke' | 'interested' | 'notInterested' | 'haveAll' | 'haveNone';
type OfPiece = 'have' | 'suggest' | 'allowedFast';
type OfBlock = 'request' | 'cancel' | 'reject';

export type SmallMessage =
  | { readonly type: 'keepAlive' }
  | { readonly type: Signal }
  | { readonly type: OfPiece; readonly piece: number }
  /** The highest bit of the first byte is piece 0. */
  | { readonly type: 'bitfield'; readonly bits: Uint8Array }
  | ({ readonly type: OfBlock } & BlockRange)
  | { readonly type: 'port'; readonly port: number }
  /** `id` 0 is the extended handshake; others are those that the receiver's handshake gave. */
  | { readonly type: 'extended'; readonly id: number; readonly payload: Uint8Array }
  | { readonly type: 'other'; readonly number: number; readonly payload: Uint8Array };

export type PeerMessage = SmallMessage | { readonly type: 'piece'; readonly piece: number; readonly begin: number; readonly block: Uint8Array };

/** The lengths that a type may have, its own byte counted. */
function lengthOf(number: number): { readonly least: number; readonly most: number } {
  const type = messageName(number);
  switch (type) {
    case 'choke': case 'unchoke': case 'interested': case 'notInterested': case 'haveAll': case 'haveNone': return { least: 1, most: 1 };
    case 'have': case 'suggest': case 'allowedFast': return { least: 5, most: 5 };
    case 'request': case 'cancel': case 'reject': return { least: 13, most: 13 };
    case 'port': return { least: 3, most: 3 };
    case 'piece': return { least: 9, most: BITTORRENT_LIMITS.message };
    case 'extended': return { least: 2, most: BITTORRENT_LIMITS.held };
    case 'bitfield': case null: return { least: 1, most: BITTORRENT_LIMITS.held };
    default: return never(type);
  }
}

/** Why a length and a type do not fit; null when they do. */
export function headFault(length: number, number: number): string | null {
  const { least, most } = lengthOf(number);
  return length >= least && length <= most ? null : `${messageName(number) ?? `a message of type ${number}`} of ${length} bytes`;
}

/** The message that begins with the bytes. Parts of it are views of them. */
export function decodeMessage(bytes: Uint8Array): PeerMessage | Incomplete | Malformed {
  if (bytes.length < LENGTH) return incomplete(LENGTH);
  const length = readUint(bytes, 0, LENGTH);
  if (length === 0) return { type: 'keepAlive' };
  if (length > BITTORRENT_LIMITS.message) return malformed(0, `a message of ${length} bytes`);
  if (bytes.length < MESSAGE_HEAD) return incomplete(MESSAGE_HEAD);
  const fault = headFault(length, byteAt(bytes, LENGTH));
  if (fault !== null) return malformed(0, fault);
  return bytes.length < LENGTH + length ? incomplete(LENGTH + length) : bodyOf(bytes.subarray(0, LENGTH + length));
}

/** A message that is whole, with a length that fits its type. */
function bodyOf(bytes: Uint8Array): PeerMessage {
  const number = byteAt(bytes, LENGTH);
  const type = messageName(number);
  const word = (at: number): number => readUint(bytes, at, 4);
  switch (type) {
    case 'choke': case 'unchoke': case 'interested': case 'notInterested': case 'haveAll': case 'haveNone': return { type };
    case 'have': case 'suggest': case 'allowedFast': return { type, piece: word(5) };
    case 'request': case 'cancel': case 'reject': return { type, piece: word(5), begin: word(9), length: word(13) };
    case 'bitfield': return { type, bits: bytes.subarray(MESSAGE_HEAD) };
    case 'piece': return { type, piece: word(5), begin: word(9), block: bytes.subarray(PIECE_HEAD) };
    case 'port': return { type, port: readUint(bytes, 5, 2) };
    case 'extended': return { type, id: byteAt(bytes, 5), payload: bytes.subarray(6) };
    case null: return { type: 'other', number, payload: bytes.subarray(MESSAGE_HEAD) };
    default: return never(type);
  }
}

/** Bytes of the message. Throws RangeError for numbers that do not fit theirs. */
export function encodeMessage(message: PeerMessage): Uint8Array<ArrayBuffer> {
  const { type } = message;
  switch (type) {
    case 'keepAlive': return new Uint8Array(LENGTH);
    case 'choke': case 'unchoke': case 'interested': case 'notInterested': case 'haveAll': case 'haveNone': return built(MESSAGE[type], []);
    case 'have': case 'suggest': case 'allowedFast': return built(MESSAGE[type], [message.piece]);
    case 'request': case 'cancel': case 'reject': return built(MESSAGE[type], [message.piece, message.begin, message.length]);
    case 'bitfield': return built(MESSAGE.bitfield, [], message.bits);
    case 'piece': return built(MESSAGE.piece, [message.piece, message.begin], message.block);
    case 'port': return built(MESSAGE.port, [], numberBytes(message.port, 2));
    case 'extended': return built(MESSAGE.extended, [], concatBytes(numberBytes(message.id, 1), message.payload));
    case 'other': return built(message.number, [], message.payload);
    default: return never(type);
  }
}

const NOTHING = new Uint8Array(0);

function built(number: number, words: readonly number[], rest: Uint8Array = NOTHING): Uint8Array<ArrayBuffer> {
  return concatBytes(numberBytes(1 + words.length * 4 + rest.length, 4), numberBytes(number, 1), ...words.map((word) => numberBytes(word, 4)), rest);
}

function numberBytes(value: number, length: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new RangeError(`${value} does not fit into ${length} bytes`);
  const bytes = new Uint8Array(length);
  writeUint(bytes, 0, length, value);
  return bytes;
}

/** Pieces that a bitfield says are there. */
export function countBits(bits: Uint8Array): number {
  let count = 0;
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count++;
  return count;
}

/** True when the bitfield says that piece `index` is there. */
export const hasPiece = (bits: Uint8Array, index: number): boolean => ((bits[index >>> 3] ?? 0) & (0x80 >>> (index & 7))) !== 0;
