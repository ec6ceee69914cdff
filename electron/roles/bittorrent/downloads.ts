// The pieces that are begun: which block to ask of which peer next, what comes of a block that arrives, and whose blocks made a piece
// whose hash is wrong. Finishes what is begun before it begins more (BEP 3, "strict priority"); the end game asks several for the same.

import type { PieceWhy } from '../../../shared/trace/notes';
import type { Random } from '../../../shared/base/random';
import type { Bitfield } from './bitfield';
import { BT_LIMITS } from './limits';
import { lengthOfPiece } from './metainfo';
import type { PieceStore } from './pieceStore';
import { pickPiece, type Availability, type Strategy } from './picker';
import { Suspects } from './suspects';

/** Of whom blocks are asked. */
export interface Source {
  readonly id: number;
  readonly has: Bitfield;
}

export interface Block {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

export interface Asked {
  readonly block: Block;
  /** Why this piece of this peer, at its first block; null for the others. */
  readonly chose: { readonly why: PieceWhy; readonly copies: number } | null;
}

export type Arrival =
  /** Not what was asked of this peer: `wrong` when there is no such block at all. */
  | { readonly kind: 'unasked' | 'wrong' }
  /** Kept; the others of whom it was asked too may forget it. */
  | { readonly kind: 'kept'; readonly cancel: readonly number[]; readonly whole: Whole | null };

/** A piece whose blocks are all there: right, or wrong and forgotten. `liars`: who is known now to have sent wrong bytes. */
export interface Whole {
  readonly piece: number;
  readonly right: boolean;
  readonly from: readonly number[];
  readonly liars: readonly number[];
}

interface Part extends Block {
  readonly of: Begun;
  /** Of whom it is asked, those that let us wait too long too. */
  readonly askedOf: Set<number>;
  /** Who sent it; 0: nobody yet. */
  from: number;
}

interface Begun {
  readonly piece: number;
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
  readonly chosen: Set<number>;
  /** Its hash was wrong before: all of it is asked of one peer. */
  readonly alone: boolean;
}

export interface DownloadOptions {
  strategy: Strategy;
  /** Pieces that are chosen by chance before the rarest are. */
  readonly randomFirst: number;
  /** Bytes of a block. */
  readonly blockLength: number;
  /** Default true: the last blocks are asked of several peers. */
  readonly endGame?: boolean;
  readonly random: Random;
}

export class Downloads {
  private readonly begun = new Map<number, Begun>();
  private readonly asked = new Map<number, Set<Part>>();
  private readonly overdue = new Set<number>();
  private readonly suspects = new Suspects();

  constructor(private readonly store: PieceStore, private readonly availability: Availability, readonly options: DownloadOptions) {}

  /** Blocks that this peer owes us. */
  owed(id: number): number {
    return this.asked.get(id)?.size ?? 0;
  }

  /** The next block to ask of the peer; null when it has nothing for us now. Counts as asked. */
  next(source: Source): Asked | null {
    return this.ofBegun(source) ?? this.ofNew(source) ?? this.ofEndGame(source);
  }

  /** `block`: used, and copied, before this returns. */
  arrived(source: Source, piece: number, begin: number, block: Uint8Array): Arrival {
    const { torrent } = this.store;
    if (piece >= torrent.pieceCount || begin % this.options.blockLength !== 0 || block.length !== this.lengthAt(piece, begin)) return { kind: 'wrong' };
    const begun = this.begun.get(piece);
    const part = begun?.parts[begin / this.options.blockLength];
    if (begun === undefined || part === undefined || !part.askedOf.has(source.id)) return { kind: 'unasked' };
    begun.bytes.set(block, begin);
    part.from = source.id;
    const cancel = [...part.askedOf].filter((id) => id !== source.id);
    for (const id of part.askedOf) this.asked.get(id)?.delete(part);
    part.askedOf.clear();
    return { kind: 'kept', cancel, whole: begun.parts.every(({ from }) => from !== 0) ? this.finish(begun) : null };
  }

  /** The peer choked us, or is gone: others may be asked for what it owes. */
  release(id: number): void {
    this.giveUp(id);
    for (const part of this.asked.get(id) ?? []) part.askedOf.delete(id);
    this.asked.delete(id);
    this.overdue.delete(id);
  }

  /** The peer lets us wait (true): what it owes may be asked of others too. Or it gives again. */
  late(id: number, late: boolean): void {
    if (late) this.giveUp(id);
    if (late) this.overdue.add(id);
    else this.overdue.delete(id);
  }

  /** Pieces that nobody else may add to would wait for ever: they are begun anew. */
  private giveUp(id: number): void {
    for (const { piece, alone, chosen, parts } of this.begun.values()) {
      if (!alone || !chosen.has(id)) continue;
      this.begun.delete(piece);
      for (const part of parts) this.asked.get(id)?.delete(part);
    }
  }

  private ofBegun(source: Source): Asked | null {
    for (const begun of this.begun.values()) {
      if (!source.has.has(begun.piece) || (begun.alone && begun.chosen.size > 0 && !begun.chosen.has(source.id))) continue;
      const part = begun.parts.find((each) => this.isFree(each) && !each.askedOf.has(source.id));
      if (part !== undefined) return this.ask(source, part, 'started');
    }
    return null;
  }

  private ofNew(source: Source): Asked | null {
    const { have, torrent } = this.store;
    if (have.count + this.begun.size === torrent.pieceCount) return null;
    const choice = pickPiece({
      ...this.options, pieces: torrent.pieceCount, availability: this.availability, begun: have.count + this.begun.size,
      wanted: (piece) => source.has.has(piece) && !have.has(piece) && !this.begun.has(piece),
    });
    const part = choice === null ? undefined : this.begin(choice.piece).parts[0];
    return choice === null || part === undefined ? null : this.ask(source, part, choice.why);
  }

  /** BEP 3: when every block that is missing is asked of somebody, the last ones are asked of everybody. */
  private ofEndGame(source: Source): Asked | null {
    if (this.options.endGame === false || !this.isEndGame()) return null;
    let best: Part | null = null;
    for (const begun of this.begun.values()) {
      if (begun.alone || !source.has.has(begun.piece)) continue;
      for (const part of begun.parts) {
        if (part.from !== 0 || part.askedOf.has(source.id) || part.askedOf.size >= BT_LIMITS.endGameCopies) continue;
        if (best === null || part.askedOf.size < best.askedOf.size) best = part;
      }
    }
    return best === null ? null : this.ask(source, best, 'endgame');
  }

  private isEndGame(): boolean {
    const { have, torrent } = this.store;
    for (const { parts } of this.begun.values()) if (parts.some((part) => this.isFree(part))) return false;
    // What no peer of ours has cannot be asked for, and is not waited for.
    for (let piece = 0; piece < torrent.pieceCount; piece++) if (!have.has(piece) && !this.begun.has(piece) && this.availability.of(piece) > 0) return false;
    return true;
  }

  private isFree({ from, askedOf }: Part): boolean {
    if (from !== 0) return false;
    for (const id of askedOf) if (!this.overdue.has(id)) return false;
    return true;
  }

  private ask(source: Source, part: Part, why: PieceWhy): Asked {
    const { piece, begin, length, of } = part;
    const first = !of.chosen.has(source.id) || (why === 'endgame' && part.askedOf.size > 0 && this.isNewToEndGame(of, source.id));
    of.chosen.add(source.id);
    part.askedOf.add(source.id);
    const owed = this.asked.get(source.id) ?? new Set();
    this.asked.set(source.id, owed.add(part));
    return { block: { piece, begin, length }, chose: first ? { why, copies: this.availability.of(piece) } : null };
  }

  /** True at the first block of a piece that is asked of this peer while another owes it too. */
  private isNewToEndGame({ parts }: Begun, id: number): boolean {
    return !parts.some(({ askedOf }) => askedOf.size > 1 && askedOf.has(id));
  }

  private begin(piece: number): Begun {
    const length = lengthOfPiece(this.store.torrent, piece);
    const parts: Part[] = [];
    const begun: Begun = { piece, bytes: new Uint8Array(length), parts, chosen: new Set(), alone: this.suspects.has(piece) };
    for (let begin = 0; begin < length; begin += this.options.blockLength) parts.push({ piece, begin, length: this.lengthAt(piece, begin), of: begun, askedOf: new Set(), from: 0 });
    this.begun.set(piece, begun);
    return begun;
  }

  private lengthAt(piece: number, begin: number): number {
    return Math.min(this.options.blockLength, lengthOfPiece(this.store.torrent, piece) - begin);
  }

  private finish({ piece, bytes, parts }: Begun): Whole {
    const blocks = parts.map(({ begin, length, from }) => ({ begin, from, bytes: bytes.subarray(begin, begin + length) }));
    const right = this.store.add(piece, bytes);
    this.begun.delete(piece);
    return { piece, right, from: [...new Set(parts.map(({ from }) => from))], liars: right ? this.suspects.right(piece, blocks) : this.suspects.wrong(piece, blocks) };
  }
}
