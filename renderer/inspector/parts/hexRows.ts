// A hex dump as rows of cells, each byte with its layer. Pure: bytes and layers in, rows out; the view draws only the rows it is asked
// for, so 64 KiB of payload cost nothing until someone wants to see them.

import type { Layer } from '../../../shared/codec/codec';
import { byteSign } from '../../../shared/codec/text';

/** Bytes of a layer's header, or of the data. */
export interface ByteSpan {
  readonly layer: Layer;
  readonly start: number;
  readonly end: number;
}

export interface HexCell {
  readonly at: number;
  readonly hex: string;
  readonly sign: string;
  readonly layer: Layer | null;
  /** False: made by us, as the system must have made it. */
  readonly seen: boolean;
}

export interface HexRow {
  readonly offset: string;
  readonly cells: readonly HexCell[];
}

/** Rows `from` up to, not including, `to`. Later spans win (a packet within a packet). Bytes from `seenFrom` on were seen. */
export function hexRows(bytes: Uint8Array, spans: readonly ByteSpan[], seenFrom: number, perRow: number, from: number, to: number): HexRow[] {
  const rows: HexRow[] = [];
  const last = Math.min(to, Math.ceil(bytes.length / perRow));
  for (let row = from; row < last; row++) {
    const start = row * perRow;
    const cells = Array.from(bytes.subarray(start, start + perRow), (byte, i): HexCell => {
      const at = start + i;
      return { at, hex: byte.toString(16).padStart(2, '0'), sign: byteSign(byte), layer: layerAt(spans, at), seen: at >= seenFrom };
    });
    rows.push({ offset: start.toString(16).padStart(4, '0'), cells });
  }
  return rows;
}

function layerAt(spans: readonly ByteSpan[], at: number): Layer | null {
  for (let i = spans.length - 1; i >= 0; i--) {
    const span = spans[i];
    if (span !== undefined && at >= span.start && at < span.end) return span.layer;
  }
  return null;
}

/** Where the byte cursor goes on a key; null: the dump does not use it. */
export function hexMove(at: number, pressed: string, perRow: number, count: number): number | null {
  const within = (target: number): number => Math.min(Math.max(target, 0), count - 1);
  switch (pressed) {
    case 'ArrowRight': return within(at + 1);
    case 'ArrowLeft': return within(at - 1);
    case 'ArrowDown': return at + perRow < count ? at + perRow : at;
    case 'ArrowUp': return at - perRow >= 0 ? at - perRow : at;
    case 'Home': return at - (at % perRow);
    case 'End': return within(at - (at % perRow) + perRow - 1);
    case 'PageDown': return within(at + perRow * 8);
    case 'PageUp': return within(at - perRow * 8);
    default: return null;
  }
}
