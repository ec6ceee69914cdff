// One frame of HTTP/2 (RFC 9113 4.1, 6) as a value and as bytes. Keeps what a frame says beside what it means (reserved bits, unknown
// flags, padding), so that it is written back as it was read. Header blocks stay bytes here: hpack/ reads them.

import { never } from '../../base/assert';
import { byteAt, concatBytes, readUint, writeUint } from '../../base/bytes';
import { FLAGS, FRAME_TYPES, frameType } from './names';

export const FRAME_HEAD = 9;
/** RFC 9113 3.4. */
export const PREFACE = Uint8Array.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', (sign) => sign.charCodeAt(0));

export interface Priority {
  readonly exclusive: boolean;
  readonly dependsOn: number;
  /** 1 to 256. */
  readonly weight: number;
}
export interface Setting {
  readonly id: number;
  readonly value: number;
}

/** Null padding: the frame is not padded. */
export type FramePayload =
  | { readonly type: 'DATA'; readonly padding: Uint8Array | null; readonly data: Uint8Array }
  | { readonly type: 'HEADERS'; readonly padding: Uint8Array | null; readonly priority: Priority | null; readonly fragment: Uint8Array }
  | { readonly type: 'PRIORITY'; readonly priority: Priority }
  | { readonly type: 'RST_STREAM'; readonly error: number }
  | { readonly type: 'SETTINGS'; readonly settings: readonly Setting[] }
  | { readonly type: 'PUSH_PROMISE'; readonly padding: Uint8Array | null; readonly promised: number; readonly promisedReserved: boolean; readonly fragment: Uint8Array }
  | { readonly type: 'PING'; readonly data: Uint8Array }
  | { readonly type: 'GOAWAY'; readonly lastStream: number; readonly lastReserved: boolean; readonly error: number; readonly debug: Uint8Array }
  | { readonly type: 'WINDOW_UPDATE'; readonly increment: number; readonly incrementReserved: boolean }
  | { readonly type: 'CONTINUATION'; readonly fragment: Uint8Array }
  | { readonly type: 'OTHER'; readonly number: number; readonly bytes: Uint8Array };

/** `flags`: all eight bits. Writing adds PADDED and PRIORITY where the payload has them. */
export type Http2Frame = FramePayload & { readonly flags: number; readonly reserved: boolean; readonly streamId: number };

export type Http2Error = 'PROTOCOL_ERROR' | 'FRAME_SIZE_ERROR' | 'COMPRESSION_ERROR' | 'FLOW_CONTROL_ERROR' | 'ENHANCE_YOUR_CALM';
/** A frame that breaks a rule: which error the receiver owes, where in the frame, and whether it ends the stream or the connection. */
export interface FrameFault {
  readonly error: Http2Error;
  readonly at: number;
  readonly why: string;
  readonly ends: 'stream' | 'connection';
}
const fault = (error: Http2Error, at: number, why: string, ends: 'stream' | 'connection' = 'connection'): FrameFault => ({ error, at, why, ends });

const HIGH = 0x8000_0000;
const low = (bytes: Uint8Array, at: number): number => readUint(bytes, at, 4) % HIGH;
const high = (bytes: Uint8Array, at: number): boolean => byteAt(bytes, at) >= 0x80;
const word = (value: number, top: boolean): Uint8Array => {
  if (!Number.isInteger(value) || value < 0 || value >= HIGH) throw new RangeError(`${value} has no 31 bits`);
  const bytes = new Uint8Array(4);
  writeUint(bytes, 0, 4, value + (top ? HIGH : 0));
  return bytes;
};
const full = (value: number, length: number): Uint8Array => {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new RangeError(`${value} does not fit into ${length} bytes`);
  const bytes = new Uint8Array(length);
  writeUint(bytes, 0, length, value);
  return bytes;
};

const readPriority = (bytes: Uint8Array, at: number): Priority => ({ exclusive: high(bytes, at), dependsOn: low(bytes, at), weight: byteAt(bytes, at + 4) + 1 });
const writePriority = ({ exclusive, dependsOn, weight }: Priority): Uint8Array => concatBytes(word(dependsOn, exclusive), full(weight - 1, 1));

/** Where the parts of a padded payload lie in the frame; `start` is behind the length of the padding. */
export function paddedParts(frame: Uint8Array, flags: number): { readonly start: number; readonly end: number; readonly padded: boolean } | null {
  const padded = (flags & FLAGS.PADDED) !== 0;
  const start = FRAME_HEAD + (padded ? 1 : 0);
  const end = frame.length - (padded ? (frame[FRAME_HEAD] ?? 0) : 0);
  return start > frame.length || end < start ? null : { start, end, padded };
}

/** One whole frame. Its byte arrays are views of `bytes`. */
export function decodeFrame(bytes: Uint8Array): { readonly frame: Http2Frame } | { readonly fault: FrameFault } {
  const flags = byteAt(bytes, 4);
  const payload = decodePayload(byteAt(bytes, 3), flags, bytes);
  return 'error' in payload && 'ends' in payload ? { fault: payload } : { frame: { ...payload, flags, reserved: high(bytes, 5), streamId: low(bytes, 5) } };
}

function decodePayload(number: number, flags: number, bytes: Uint8Array): FramePayload | FrameFault {
  const type = frameType(number);
  const size = bytes.length - FRAME_HEAD;
  const at = FRAME_HEAD;
  if (type === null) return { type: 'OTHER', number, bytes: bytes.subarray(at) };
  switch (type) {
    case 'DATA': case 'HEADERS': case 'PUSH_PROMISE': return decodePadded(type, flags, bytes);
    case 'PRIORITY': return size === 5 ? { type, priority: readPriority(bytes, at) } : fault('FRAME_SIZE_ERROR', 0, `a PRIORITY of ${size} bytes, not 5`, 'stream');
    case 'RST_STREAM': return size === 4 ? { type, error: readUint(bytes, at, 4) } : fault('FRAME_SIZE_ERROR', 0, `an RST_STREAM of ${size} bytes, not 4`);
    case 'SETTINGS': {
      if (size % 6 !== 0) return fault('FRAME_SIZE_ERROR', 0, `SETTINGS of ${size} bytes, not a multiple of 6`);
      return { type, settings: Array.from({ length: size / 6 }, (_, i) => ({ id: readUint(bytes, at + i * 6, 2), value: readUint(bytes, at + i * 6 + 2, 4) })) };
    }
    case 'PING': return size === 8 ? { type, data: bytes.subarray(at) } : fault('FRAME_SIZE_ERROR', 0, `a PING of ${size} bytes, not 8`);
    case 'GOAWAY': {
      if (size < 8) return fault('FRAME_SIZE_ERROR', 0, `a GOAWAY of ${size} bytes, at least 8`);
      return { type, lastStream: low(bytes, at), lastReserved: high(bytes, at), error: readUint(bytes, at + 4, 4), debug: bytes.subarray(at + 8) };
    }
    case 'WINDOW_UPDATE': {
      if (size !== 4) return fault('FRAME_SIZE_ERROR', 0, `a WINDOW_UPDATE of ${size} bytes, not 4`);
      return { type, increment: low(bytes, at), incrementReserved: high(bytes, at) };
    }
    case 'CONTINUATION': return { type, fragment: bytes.subarray(at) };
    default: return never(type);
  }
}

function decodePadded(type: 'DATA' | 'HEADERS' | 'PUSH_PROMISE', flags: number, bytes: Uint8Array): FramePayload | FrameFault {
  const parts = paddedParts(bytes, flags);
  if (bytes.length === FRAME_HEAD && (flags & FLAGS.PADDED) !== 0) return fault('FRAME_SIZE_ERROR', 0, 'padded, without the length of the padding');
  if (parts === null) return fault('PROTOCOL_ERROR', FRAME_HEAD, 'more padding than payload');
  const { start, end } = parts;
  const padding = parts.padded ? bytes.subarray(end) : null;
  if (type === 'DATA') return { type, padding, data: bytes.subarray(start, end) };
  const prioritised = type === 'HEADERS' && (flags & FLAGS.PRIORITY) !== 0;
  const least = type === 'PUSH_PROMISE' ? 4 : prioritised ? 5 : 0;
  if (end - start < least) return fault('FRAME_SIZE_ERROR', 0, `${type} of ${end - start} bytes, at least ${least}`);
  if (type === 'HEADERS') return { type, padding, priority: prioritised ? readPriority(bytes, start) : null, fragment: bytes.subarray(start + least, end) };
  return { type, padding, promised: low(bytes, start), promisedReserved: high(bytes, start), fragment: bytes.subarray(start + 4, end) };
}

/** Throws RangeError for numbers that have no room. */
export function encodeFrame(frame: Http2Frame): Uint8Array<ArrayBuffer> {
  const padding = 'padding' in frame ? frame.padding : null;
  const priority = frame.type === 'HEADERS' && frame.priority !== null;
  const payload = encodePayload(frame);
  const body = padding === null ? payload : concatBytes(full(padding.length, 1), payload, padding);
  const flags = frame.flags | (padding === null ? 0 : FLAGS.PADDED) | (priority ? FLAGS.PRIORITY : 0);
  const number = frame.type === 'OTHER' ? frame.number : FRAME_TYPES[frame.type];
  return concatBytes(full(body.length, 3), full(number, 1), full(flags, 1), word(frame.streamId, frame.reserved), body);
}

function encodePayload(frame: FramePayload): Uint8Array {
  switch (frame.type) {
    case 'DATA': case 'PING': return frame.data;
    case 'HEADERS': return frame.priority === null ? frame.fragment : concatBytes(writePriority(frame.priority), frame.fragment);
    case 'PRIORITY': return writePriority(frame.priority);
    case 'RST_STREAM': return full(frame.error, 4);
    case 'SETTINGS': return concatBytes(...frame.settings.map(({ id, value }) => concatBytes(full(id, 2), full(value, 4))));
    case 'PUSH_PROMISE': return concatBytes(word(frame.promised, frame.promisedReserved), frame.fragment);
    case 'GOAWAY': return concatBytes(word(frame.lastStream, frame.lastReserved), full(frame.error, 4), frame.debug);
    case 'WINDOW_UPDATE': return word(frame.increment, frame.incrementReserved);
    case 'CONTINUATION': return frame.fragment;
    case 'OTHER': return frame.bytes;
    default: return never(frame);
  }
}
