// The header of a packet of QUIC (RFC 8999; lengths of versions 1 and 2: RFC 9000 17.2, RFC 9369 3): where its parts lie, and where it ends.

import { readUint } from '../../base/bytes';
import { incomplete, malformed, type Incomplete, type Malformed } from '../codec';

export const LONG = 0x80;
/** RFC 9000 17.2: set in every packet of versions 1 and 2, so that QUIC can be told from others on its port. */
export const FIXED = 0x40;
export const VERSIONS: ReadonlyMap<number, string> = new Map([[0, 'Version negotiation'], [1, '1'], [0x6b3343cf, '2'], [0xff00001d, 'draft-29']]);
/** The types of long headers, as version 1 numbers them. */
export const PACKET = { initial: 0, zeroRtt: 1, handshake: 2, retry: 3 } as const;
export const VERSION_2 = 0x6b3343cf;
/** Ids of versions 1 and 2 (RFC 9000 17.2); others may have up to 255 bytes. */
const ID_LIMIT = 20;

/** True for the versions whose packets say how long they are. */
export const hasLengths = (version: number): boolean => version === 1 || version === VERSION_2 || (version >>> 8 === 0xff0000 && (version & 0xff) >= 27);

/** The type of a long header, as version 1 numbers them (RFC 9369 3.2 turns them by one). */
export function packetType(first: number, version: number): number {
  const type = (first >> 4) & 3;
  return version === VERSION_2 ? (type + 3) % 4 : type;
}

/** A number of 1, 2, 4 or 8 bytes (RFC 9000 16); null: not all there. */
export function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly length: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  const length = 1 << (first >> 6);
  if (at + length > bytes.length) return null;
  const high = first & 0x3f;
  if (length === 8) return { value: ((high * 2 ** 24 + readUint(bytes, at + 1, 3)) * 2 ** 32) + readUint(bytes, at + 4, 4), length };
  return { value: length === 1 ? high : high * 256 ** (length - 1) + readUint(bytes, at + 1, length - 1), length };
}

interface LongHeader {
  readonly version: number;
  readonly destination: readonly [number, number];
  readonly source: readonly [number, number];
  /** Where the packet ends. */
  readonly end: number;
}

/** The places of a long header (RFC 8999 5.1). */
export function longHeader(bytes: Uint8Array): LongHeader | Incomplete | Malformed {
  if (bytes.length < 6) return incomplete(6);
  const version = readUint(bytes, 1, 4);
  const limited = hasLengths(version);
  if (limited && ((bytes[0] ?? 0) & FIXED) === 0) return malformed(0, 'the fixed bit is not set');
  const destinationEnd = 6 + (bytes[5] ?? 0);
  if (limited && (bytes[5] ?? 0) > ID_LIMIT) return malformed(5, `an id of ${bytes[5] ?? 0} bytes`);
  if (bytes.length <= destinationEnd) return incomplete(destinationEnd + 1);
  const size = bytes[destinationEnd] ?? 0;
  if (limited && size > ID_LIMIT) return malformed(destinationEnd, `an id of ${size} bytes`);
  const sourceEnd = destinationEnd + 1 + size;
  if (bytes.length < sourceEnd) return incomplete(sourceEnd);
  const end = endOf(bytes, version, sourceEnd);
  return typeof end === 'number' ? { version, destination: [6, destinationEnd], source: [destinationEnd + 1, sourceEnd], end } : end;
}

/** RFC 9000 17.2.2 to 17.2.4: a token before the length in the first packets; other versions and a retry fill the datagram. */
function endOf(bytes: Uint8Array, version: number, from: number): number | Incomplete {
  const type = packetType(bytes[0] ?? 0, version);
  if (!hasLengths(version) || type === PACKET.retry) return bytes.length;
  let at = from;
  if (type === PACKET.initial) {
    const token = varint(bytes, at);
    if (token === null) return incomplete(bytes.length + 1);
    at += token.length + token.value;
  }
  const length = varint(bytes, at);
  if (length === null) return incomplete(Math.max(at, bytes.length) + 1);
  const end = at + length.length + length.value;
  return end > bytes.length ? incomplete(end) : end;
}
