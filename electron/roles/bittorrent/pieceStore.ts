// The pieces that a peer has, in memory, each one verified against the torrent's hashes before it counts (BEP 3). What is only begun
// lies in downloads.ts.

import { Bitfield } from './bitfield';
import { isPiece, lengthOfPiece, type Torrent } from './metainfo';

export class PieceStore {
  readonly have: Bitfield;
  private readonly file: Uint8Array;

  /**
   * With the whole file a peer begins as a seeder; the file is verified and taken as it is, not copied. `pieces`: it has only these of it, and
   * gets a copy. Throws RangeError when the file is another.
   */
  constructor(readonly torrent: Torrent, file: Uint8Array | null, pieces: readonly number[] | null = null) {
    this.have = new Bitfield(torrent.pieceCount);
    this.file = file === null || pieces !== null ? new Uint8Array(torrent.length) : file;
    if (file === null) return;
    if (file.length !== torrent.length) throw new RangeError(`a file of ${file.length} bytes for a torrent of ${torrent.length}`);
    for (const piece of pieces ?? Array.from({ length: torrent.pieceCount }, (_, i) => i)) {
      if (pieces !== null) this.whole(piece).set(this.whole(piece, file));
      if (!isPiece(torrent, piece, this.whole(piece))) throw new RangeError(`piece ${piece} of the file has another hash`);
      this.have.add(piece);
    }
  }

  get complete(): boolean {
    return this.have.complete;
  }

  /** Bytes that are not there yet (`left` of announces). */
  get left(): number {
    const { torrent, have } = this;
    const last = torrent.pieceCount - 1;
    const got = have.has(last) ? (have.count - 1) * torrent.pieceLength + lengthOfPiece(torrent, last) : have.count * torrent.pieceLength;
    return torrent.length - got;
  }

  /** A part of a piece that is there; null for one that is not, or that reaches beyond its end. */
  read(piece: number, begin: number, length: number): Uint8Array | null {
    if (piece >= this.torrent.pieceCount || !this.have.has(piece) || begin + length > lengthOfPiece(this.torrent, piece)) return null;
    const at = piece * this.torrent.pieceLength + begin;
    return this.file.subarray(at, at + length);
  }

  /** False, and nothing changed, when the bytes are not that piece. */
  add(piece: number, bytes: Uint8Array): boolean {
    if (!isPiece(this.torrent, piece, bytes)) return false;
    if (this.have.add(piece)) this.file.set(bytes, piece * this.torrent.pieceLength);
    return true;
  }

  /** The file; its gaps are zeros while it is not complete. */
  get bytes(): Uint8Array {
    return this.file;
  }

  private whole(piece: number, file = this.file): Uint8Array {
    const at = piece * this.torrent.pieceLength;
    return file.subarray(at, at + lengthOfPiece(this.torrent, piece));
  }
}
