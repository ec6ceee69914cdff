// A followed stream for reading: pieces of one direction that come after each other are one turn of the talk, shown as text or as hex. Pure.

import { utf8Text } from '../../../shared/base/bytesText';
import { byteSign, visibleText } from '../../../shared/codec/text';
import type { CodedBody, FollowedStream, StreamPiece } from '../../../shared/packets/session';

export interface StreamTurn {
  readonly dir: 'up' | 'down';
  /** Of its first byte in its direction. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Bytes before it that are not in the capture. */
  readonly gap: number;
  /** The packet that brought its first piece, and its time: ns since the capture's first packet. */
  readonly packet: number;
  readonly time: number;
  readonly pieces: number;
  /** Bodies that came in a coding, in their order. */
  readonly coded: readonly CodedBody[];
}

/** Turns, or each piece for itself. A gap begins a new turn. */
export function turnsOf({ pieces }: FollowedStream, joined: boolean): StreamTurn[] {
  const turns: StreamTurn[] = [];
  let open: StreamPiece[] = [];
  const close = (): void => {
    const [first] = open;
    if (first === undefined) return;
    const bytes = new Uint8Array(open.reduce((sum, piece) => sum + piece.bytes.length, 0));
    let at = 0;
    for (const piece of open) {
      bytes.set(piece.bytes, at);
      at += piece.bytes.length;
    }
    turns.push({ dir: first.dir, offset: first.offset, bytes, gap: first.gap, packet: first.packet, time: first.time, pieces: open.length, coded: open.flatMap(({ coded }) => (coded === undefined ? [] : [coded])) });
    open = [];
  };
  for (const piece of pieces) {
    if (!joined || open[0]?.dir !== piece.dir || piece.gap > 0) close();
    open.push(piece);
  }
  close();
  return turns;
}

/** Lines of text: what ends a line does, all else that is not seen is a sign. */
export const textLines = (bytes: Uint8Array): string => utf8Text(bytes).split(/\r?\n/u).map(visibleText).join('\n');

/** Sixteen bytes a line: offset, hex, signs. `offset`: of the first byte. */
export function hexLines(bytes: Uint8Array, offset: number): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.subarray(at, at + 16);
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0'));
    lines.push(`${(offset + at).toString(16).padStart(6, '0')}  ${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}  ${Array.from(part, byteSign).join('')}`);
  }
  return lines.join('\n');
}
