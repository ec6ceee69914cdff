// The notes of peers (bt.*), read with care: a trace may come from a file, and only the topic of a note has been checked. What is missing
// reads as nothing: '', 0, an empty list.

import type { Note } from '../notes';

export interface PeerTold {
  readonly listens: string;
  readonly size: number;
  readonly pieces: number;
  readonly pieceLength: number;
  readonly have: number;
  readonly up: number;
  readonly down: number;
}

/** A torrent of more pieces is not taken for one: each peer has a byte for each. */
const MOST_PIECES = 1 << 20;

export const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);
/** A count or an index that is no such thing is -1. */
export const index = (value: unknown): number => (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_PIECES ? value : -1);

export const peerTold = (note: Extract<Note, { topic: 'bt.peer' }>): PeerTold => ({
  listens: text(note.listens), size: number(note.size), pieces: Math.max(0, index(note.pieces)), pieceLength: number(note.pieceLength), have: index(note.have), up: number(note.up), down: number(note.down),
});
