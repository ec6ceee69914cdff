// Where the chunks of a chunked body lie (RFC 9112 7.1): for the marks that the view draws. Finds boundaries only; the codec judges.

/** Chunks shown of one body at most. */
const MAX_CHUNKS = 10_000;
const LF = 10;

export interface Chunk {
  /** Bytes of data. */
  readonly size: number;
  /** First byte of its data in the message, and in the body. */
  readonly at: number;
  readonly start: number;
}

/** Chunks of a message whose body begins at `from`, without the last one, which is empty; as far as the bytes go. */
export function chunksOf(bytes: Uint8Array, from: number): Chunk[] {
  const chunks: Chunk[] = [];
  let [at, start] = [from, 0];
  while (at < bytes.length && chunks.length < MAX_CHUNKS) {
    const lineEnd = bytes.indexOf(LF, at);
    if (lineEnd < 0) break;
    const line = String.fromCharCode(...bytes.subarray(at, Math.min(lineEnd, at + 20)));
    const size = Number.parseInt(/^[0-9a-f]+/iu.exec(line)?.[0] ?? '', 16);
    if (!Number.isSafeInteger(size) || size === 0) break;
    chunks.push({ size, at: lineEnd + 1, start });
    start += size;
    // The data and the CRLF after it.
    at = lineEnd + 1 + size + 2;
  }
  return chunks;
}
