// What is known of one byte of a direction when a fact has happened: for the read-out, in words and for the ear. Pure.

import { pieceAt, type Fate, type Lane, type Piece } from './pieces';
import type { Ruler } from './ruler';
import { isSaid } from './taken';

export interface ByteRow {
  readonly lane: Lane;
  /** Null: none that is known, or none yet. */
  readonly piece: Piece | null;
  /** Part of a key of the catalogue: '_line', '_datagram', or '' . */
  readonly kind: string;
  readonly evidence: Piece['evidence'] | null;
}

export interface ByteFacts {
  readonly offset: number;
  readonly byte: number;
  /** Null: it has been read. */
  readonly fate: Fate | null;
  readonly rows: readonly (ByteRow | { readonly lane: Fate; readonly piece: null; readonly kind: ''; readonly evidence: null })[];
}

export function factsOfByte(ruler: Ruler, offset: number, seq: number): ByteFacts {
  const fate = ruler.regionsAt(seq).find((region) => region.start <= offset && offset < region.end)?.fate ?? null;
  const row = (lane: Lane): ByteRow => {
    const found = pieceAt(ruler.lanes[lane], offset);
    const piece = found !== null && lane === 'messages' && !isSaid(found, seq) ? null : found;
    return { lane, piece, kind: lane === 'messages' ? (ruler.messageKind === 'lines' ? '_line' : ruler.messageKind === 'taken' ? '_taken' : '') : ruler.datagrams ? '_datagram' : '', evidence: piece?.evidence ?? null };
  };
  const bare = { piece: null, kind: '', evidence: null } as const;
  return {
    offset, byte: ruler.byteAt(offset), fate,
    rows: [
      ...(fate === 'future' ? [{ lane: 'future' as const, ...bare }] : []), row('writes'), row('segments'),
      fate === null ? row('reads') : fate === 'future' ? null : { lane: fate, ...bare }, ruler.messageKind === 'none' ? null : row('messages'),
    ].filter((one) => one !== null),
  };
}
