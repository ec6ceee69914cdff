// What is known of the torrent: from the first peer that tells it (bt.peer); until then how many pieces there are, as those say that got
// one (bt.have), and how long a piece is, by the blocks that were seen.

import type { SwarmStory } from './swarmStory';

export class TorrentTold {
  pieces = 0;
  private size = 0;
  private pieceLength = 0;
  private known: SwarmStory['torrent'] = null;
  private sure = false;

  get told(): SwarmStory['torrent'] {
    if (this.pieces === 0) return null;
    this.known ??= Object.freeze({ pieces: this.pieces, pieceLength: this.pieceLength, size: this.size });
    return this.known;
  }

  /** bt.peer */
  tells(pieces: number, pieceLength: number, size: number): void {
    if (this.sure || pieces <= 0) return;
    this.sure = true;
    this.pieces = pieces;
    this.pieceLength = pieceLength;
    this.size = size;
    this.known = null;
  }

  /** bt.have */
  counts(of: number): void {
    if (this.sure || of <= this.pieces) return;
    this.pieces = of;
    this.known = null;
  }

  /** A block that ends there in piece `piece` was sent. */
  block(piece: number, end: number): void {
    if (this.sure) return;
    const pieceLength = Math.max(this.pieceLength, end);
    const size = Math.max(this.size, piece * pieceLength + end);
    if (pieceLength === this.pieceLength && size === this.size) return;
    this.pieceLength = pieceLength;
    this.size = size;
    this.known = null;
  }
}
