// Who sent the wrong bytes of a piece whose hash was wrong (BEP 3 leaves that open): with one sender it is clear at once; with several, the
// blocks' hashes are kept until the piece has come whole from one peer, and compared. Honest peers that sent the rest are not blamed.

import { equalBytes } from '../../../shared/base/bytes';
import { sha1 } from './metainfo';

export interface SentBlock {
  readonly begin: number;
  readonly from: number;
  readonly bytes: Uint8Array;
}

interface Remembered {
  readonly begin: number;
  readonly from: number;
  readonly hash: Uint8Array;
}

export class Suspects {
  private readonly pieces = new Map<number, readonly Remembered[]>();

  /** Whether the piece was wrong before, and has not come right since. */
  has(piece: number): boolean {
    return this.pieces.has(piece);
  }

  /** Who is known at once to have sent wrong bytes. The latest attempt of several is remembered. */
  wrong(piece: number, blocks: readonly SentBlock[]): number[] {
    const senders = [...new Set(blocks.map(({ from }) => from))];
    const before = this.pieces.get(piece);
    if (senders.length > 1 || before === undefined) this.pieces.set(piece, senders.length === 1 ? [] : blocks.map(({ begin, from, bytes }) => ({ begin, from, hash: sha1(bytes) })));
    return senders.length === 1 ? senders : [];
  }

  /** The piece is right now: who sent other bytes for it before. */
  right(piece: number, blocks: readonly SentBlock[]): number[] {
    const before = this.pieces.get(piece);
    if (before === undefined) return [];
    this.pieces.delete(piece);
    const byBegin = new Map(blocks.map(({ begin, bytes }) => [begin, sha1(bytes)]));
    const liars = before.filter(({ begin, hash }) => !equalBytes(hash, byBegin.get(begin) ?? hash));
    return [...new Set(liars.map(({ from }) => from))];
  }
}
