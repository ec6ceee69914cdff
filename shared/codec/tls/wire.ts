// Numbers and vectors of TLS as bytes (RFC 8446 3.3, 3.4): what encoders are made of.

import { concatBytes, writeUint } from '../../base/bytes';

/** `length` bytes that hold a number. Throws RangeError when it does not fit. */
export function uintBytes(value: number, length: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new RangeError(`${value} does not fit into ${length} bytes`);
  const bytes = new Uint8Array(length);
  writeUint(bytes, 0, length, value);
  return bytes;
}

/** The content with its length, in `length` bytes, before it. */
export const vectorBytes = (content: Uint8Array, length: number): Uint8Array<ArrayBuffer> => concatBytes(uintBytes(content.length, length), content);
