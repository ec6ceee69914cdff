// How a net.Socket's writes look from inside, where taps stand: `_writeGeneric` of the one object, its data and the bytes of it that a
// trace keeps. Shared by the taps of TCP (tcpTap.ts) and of TLS's plaintext (tlsTap.ts).

import { LIMITS } from '../../shared/trace/limits';

export type WriteDone = (error?: Error | null) => void;
interface Chunk {
  readonly chunk: Uint8Array | string;
  readonly encoding: BufferEncoding;
}
export type Gathered = readonly Chunk[] & { readonly allBuffers?: boolean };
export type WriteGeneric = (gather: boolean, data: Uint8Array | string | Gathered, encoding: BufferEncoding, done: WriteDone) => unknown;

/** A net.Socket seen from inside. `_writeGeneric` is where every write passes once the socket is connected. */
export interface Inside {
  _writeGeneric?: WriteGeneric;
}

export const NO_BYTES = new Uint8Array(0);

const chunkBytes = (data: Uint8Array | string, encoding: BufferEncoding): Uint8Array => (typeof data === 'string' ? Buffer.from(data, encoding) : data);

export const sizeOf = (gathered: Gathered): number =>
  gathered.reduce((sum, each) => sum + (typeof each.chunk === 'string' ? Buffer.byteLength(each.chunk, each.encoding) : each.chunk.length), 0);

/** The bytes of a write; of a gathered one as many as a trace keeps. */
export function bytesOf(data: Uint8Array | string | Gathered, encoding: BufferEncoding): Uint8Array {
  if (typeof data === 'string' || data instanceof Uint8Array) return chunkBytes(data, encoding);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const each of data) {
    if (size >= LIMITS.payloadPreview) break;
    const part = chunkBytes(each.chunk, each.encoding);
    parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts);
}
