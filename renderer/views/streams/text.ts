// The bytes of a direction as far as the trace keeps them, and the lines that they make when they are text. Pure.

import { utf8Text } from '../../../shared/base/bytesText';
import type { TraceStore } from '../../../shared/trace/store';
import { firstEndingAfter, type Piece } from './pieces';

/** Bytes that are looked through for lines, and those by which it is told whether they are text. */
const LOOKED = 256 * 1024;
const SAMPLE = 2048;

export interface KnownBytes {
  /** The byte; -1 when it is not kept. */
  at(offset: number): number;
}

export function bytesOf(trace: TraceStore, writes: readonly Piece[], reads: readonly Piece[]): KnownBytes {
  const from = (pieces: readonly Piece[], offset: number): number => {
    const piece = pieces[firstEndingAfter(pieces, offset)];
    if (piece?.target?.type !== 'fact' || piece.start > offset) return -1;
    return trace.payload(piece.target.seq)[offset - piece.start] ?? -1;
  };
  return {
    at: (offset) => {
      const written = from(writes, offset);
      return written >= 0 ? written : from(reads, offset);
    },
  };
}

/** Lines, each with the LF that ends it; the last may have none. Empty when the bytes are no text, or one piece without a LF. */
export function linesOf(bytes: KnownBytes, total: number): readonly Piece[] {
  const lines: Piece[] = [];
  const sample: number[] = [];
  let [start, offset] = [0, 0];
  const add = (end: number): void => void lines.push({ number: lines.length + 1, start, end, target: null, evidence: 'observed', name: '' });
  for (const end = Math.min(total, LOOKED); offset < end; offset++) {
    const byte = bytes.at(offset);
    if (byte < 0) break;
    if (sample.length < SAMPLE) sample.push(byte);
    if (sample.length === Math.min(SAMPLE, end) && offset === sample.length - 1 && !isText(sample)) return [];
    if (byte !== 0x0a) continue;
    add(offset + 1);
    start = offset + 1;
  }
  if (lines.length === 0 || !isText(sample)) return [];
  if (start < offset) add(offset);
  return lines;
}

/** UTF-8 without controls but those that space text. */
function isText(bytes: readonly number[]): boolean {
  // A character may be cut at the end of the sample.
  const text = utf8Text(new Uint8Array(bytes.slice(0, bytes.lastIndexOf(0x0a) + 1)));
  return !text.includes('\ufffd') && !/[^\P{Cc}\n\r\t]/u.test(text);
}
