// The head of a WebSocket frame (RFC 6455 5.2) and its mask (5.3): what the codec and its tree share.

import { readUint } from '../../base/bytes';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** From this number on a frame is a control (5.5). */
export const CONTROL = 8;
/** RFC 6455 5.2: below this the length is in the second byte; these two say that it is in the next two or eight. */
export const SHORT = 126;
export const LONG = 127;

interface FrameHead {
  /** Bytes before the payload, and of it. */
  readonly length: number;
  readonly payload: number;
  readonly mask: Uint8Array | null;
}

/** The lengths of the frame that begins here. Null: they are not there yet, `need` bytes must be. */
export function headOf(bytes: Uint8Array): FrameHead | { readonly need: number } {
  if (bytes.length < 2) return { need: 2 };
  const second = bytes[1] ?? 0;
  const small = second & 0x7f;
  const extended = small === SHORT ? 2 : small === LONG ? 8 : 0;
  const masked = (second & 0x80) !== 0;
  const length = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < length) return { need: length };
  const payload = extended === 0 ? small : extended === 2 ? readUint(bytes, 2, 2) : readUint(bytes, 2, 4) * 2 ** 32 + readUint(bytes, 6, 4);
  return { length, payload, mask: masked ? bytes.subarray(length - 4, length) : null };
}

/** Masks, or unmasks: the same (5.3). */
export function maskedWith(bytes: Uint8Array, mask: Uint8Array | null): Uint8Array {
  return mask === null ? bytes.slice() : bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
}
