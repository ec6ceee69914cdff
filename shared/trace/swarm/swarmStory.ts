// What a swarm did, derived from an application story: peers, their links, every block on its way, every choice with its reason. Types that
// swarmOf (swarmBuilder.ts) makes and the swarm view reads. What a program decided stands in its notes (bt.*); what went over the wire, in
// its messages; of peers that are not ours only the latter is known.

import type { ConnId, EventSeq, HostIx, Micros, RoleIx } from '../../base/brand';
import type { ChokeWhy, CutWhy, PieceWhy } from '../notes';
import type { Table } from '../story';

export interface SwarmPeer {
  /** Place in SwarmStory.peers; how everything else names it. */
  readonly index: number;
  /** Null: a peer that is not ours (aria2). */
  readonly role: RoleIx | null;
  readonly host: HostIx;
  /** The role's id; 'address:port' of a foreign one, where its first connection came from or went to. */
  readonly id: string;
  /** Where it listens ('address:port'); '' when that is not known. */
  readonly listens: string;
  /** It told of itself (bt.peer; when it does so again after it had a link, it joins again as another peer), else its program began; a foreign one's first handshake. */
  readonly joinedAt: Micros;
  /** It left (its program ended), crashed, or its last connection ended when it is not ours. */
  readonly left: { readonly at: Micros; readonly seq: EventSeq | null; readonly how: 'left' | 'killed' | 'failed' | 'gone' } | null;
  /** Caps of its links, bytes a second; 0: none, or not known. */
  readonly up: number;
  readonly down: number;
  /** The pieces that it began with, ascending: all of a seeder. When it has not told, those of its first bitfield. */
  readonly began: readonly number[];
  /** Pieces that became whole and right, in order. `at`: for a foreign peer, when it first said so. */
  readonly gained: readonly PieceGained[];
  /** It has said or shown that it does wrong: bad hashes and broken rules of which others noted so. */
  readonly hostile: boolean;
}

export interface PieceGained {
  readonly piece: number;
  readonly at: Micros;
  /** Its note; the message that said so for a foreign peer has none. */
  readonly seq: EventSeq | null;
  /** Peers (indices) whose blocks made it. */
  readonly from: readonly number[];
}

/** A connection between two peers whose handshakes are known, at least one. `a` dialled. */
export interface SwarmLink {
  readonly index: number;
  readonly conn: ConnId;
  readonly a: number;
  readonly b: number;
  readonly openedAt: Micros;
  readonly closedAt: Micros | null;
  /** Choke and interest, as said on the wire; at first both choke and none is interested (BEP 3). In order of `at`: when it left. */
  readonly changes: readonly LinkChange[];
  /** One of ours ended it for a reason. */
  readonly cut: { readonly at: Micros; readonly seq: EventSeq; readonly by: number; readonly why: CutWhy } | null;
}

export interface LinkChange {
  readonly at: Micros;
  /** The peer that says it. */
  readonly by: number;
  readonly what: 'choke' | 'unchoke' | 'interested' | 'notInterested';
  /** The message (AppStory.message). */
  readonly message: number;
}

/** One block on its way (BEP 3 `piece`). */
export interface BlockTransfer {
  readonly index: number;
  readonly link: number;
  readonly from: number;
  readonly to: number;
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
  /** When the `request` for it left; null when it is not known. */
  readonly askedAt: Micros | null;
  /** First byte given to the kernel; last byte read at the other end, null: not (yet), or that end is not ours. */
  readonly depart: Micros;
  readonly arrive: Micros | null;
  /** Messages: the `piece`, the `request` (-1: not known). */
  readonly message: number;
  readonly request: number;
}

/** Why this piece from this peer now (bt.chose). */
export interface PieceChoice {
  readonly seq: EventSeq;
  readonly at: Micros;
  readonly peer: number;
  readonly piece: number;
  /** -1: a peer that the story does not know. */
  readonly from: number;
  readonly why: PieceWhy;
  /** How many of the peers that it knows have the piece. */
  readonly copies: number;
}

/** An upload slot given or taken (bt.choke). */
export interface SlotChange {
  readonly seq: EventSeq;
  readonly at: Micros;
  readonly peer: number;
  readonly to: number;
  readonly what: 'choke' | 'unchoke';
  readonly why: ChokeWhy;
  /** Bytes a second. */
  readonly rate: number;
}

/** A piece that came with a wrong hash (bt.bad). */
export interface BadPiece {
  readonly seq: EventSeq;
  readonly at: Micros;
  readonly peer: number;
  readonly piece: number;
  readonly from: readonly number[];
}

export interface SwarmStory {
  /** Grows with every change: the lists and their objects stay the same ones and grow with it. */
  readonly version: number;
  /** Null while no peer has told; sizes in bytes, 0 while nobody has said or shown them. */
  readonly torrent: { readonly pieces: number; readonly pieceLength: number; readonly size: number } | null;
  readonly peers: readonly SwarmPeer[];
  readonly links: readonly SwarmLink[];
  /** In order of `depart`. */
  readonly transfers: Table<BlockTransfer>;
  readonly choices: readonly PieceChoice[];
  readonly slots: readonly SlotChange[];
  readonly bad: readonly BadPiece[];
  /** The peer of a role, or of an 'address:port' (either end of a connection, or where it listens); null: none. */
  peerOf(given: RoleIx | string): SwarmPeer | null;
  /** The block that a message carries or asks for; null: none. */
  transferOf(message: number): BlockTransfer | null;
  /** The swarm at time `t`. Cheap for times that go forward, and within a frame for any jump. The answer is reused: read it before the next call. */
  at(t: Micros): SwarmNow;
  /** A piece's life: who got it, when, from whom, in order of time; for `peer` only when given. */
  lifeOf(piece: number, peer?: number): readonly PieceLife[];
}

export interface PieceLife {
  readonly at: Micros;
  readonly seq: EventSeq | null;
  readonly what: 'began' | 'chosen' | 'block' | 'gained' | 'bad';
  /** To whom it happened, and from whom (-1: nobody). */
  readonly peer: number;
  readonly from: number;
  /** Of 'chosen'. */
  readonly why: PieceWhy | null;
  readonly copies: number;
  /** Of 'block'. */
  readonly transfer: number;
}

/** The swarm at an instant. */
export interface SwarmNow {
  readonly t: Micros;
  /** By peer: here now (joined and not left). */
  readonly present: Uint8Array;
  /** By peer: how many pieces it has. */
  readonly have: Uint16Array | Uint32Array;
  /** 1 when peer has piece: [peer * pieces + piece]. */
  readonly has: Uint8Array;
  /** By piece: how many of those that are here have it. */
  readonly availability: Uint16Array;
  /** Bytes of blocks that have arrived, by peer: given and got. Of a receiver that is not ours: that were given whole to the kernel. */
  readonly given: Float64Array;
  readonly got: Float64Array;
  /** Bytes of blocks from peer a that b has read: [a * peers + b]. */
  readonly helped: Float64Array;
  /** Links that are open: index, and bits as `LINK`. */
  readonly links: readonly { readonly link: number; readonly bits: number }[];
  /** Blocks under way: departed, not arrived, and not lost with their link. Indices of transfers, ascending. */
  readonly moving: readonly number[];
  /** The last choice of each peer until now, as index of `choices`; -1: none yet. */
  readonly lastChoice: Int32Array;
}

/** Bits of a link's state. */
export const LINK = { aChokes: 1, bChokes: 2, aInterested: 4, bInterested: 8 } as const;
