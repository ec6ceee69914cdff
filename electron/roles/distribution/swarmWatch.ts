// What a swarm knows of itself while it is measured: who has which pieces, who has asked whom for what, who lets whom wait. Kept from the
// notes that its peers make anyway. Says what an idle link waits for; knows nothing of bytes and times.

import type { Note } from '../../../shared/trace/notes';
import type { RoleContext } from '../lab';
import type { IdleCause } from './causes';

interface Watched {
  readonly address: string;
  readonly has: Uint8Array;
  count: number;
  /** Piece -> addresses of those that it has asked for it, and who have not choked it since. */
  readonly asked: ReadonlySet<string>[];
  /** It has asked somebody for something. */
  begun: boolean;
  /** Addresses that it gives upload slots. */
  readonly gives: Set<string>;
}

export class SwarmWatch {
  private readonly peers: Watched[] = [];

  /** Peers are told apart by their addresses: without an address of their own (macOS) no one knows who is choked by whom. */
  constructor(private readonly pieces: number, private readonly ownAddresses: boolean) {}

  /** The role, with its notes seen; `seed`: it has everything; it comes first. Peers are numbered in the order of these calls. */
  watch(role: RoleContext, seed: boolean): RoleContext {
    const has = new Uint8Array(this.pieces).fill(seed ? 1 : 0);
    const peer: Watched = { address: role.host.address, has, count: seed ? this.pieces : 0, asked: Array.from({ length: this.pieces }, () => new Set<string>()), begun: false, gives: new Set() };
    this.peers.push(peer);
    return {
      ...role,
      note: (note) => {
        this.hear(peer, note);
        role.note(note);
      },
    };
  }

  /**
   * Why the up-link of that peer is idle, if it is:
   * - 'start-up': it has no piece yet, or nobody who lacks something of it has begun to ask, or what it has is had or under way everywhere
   *   while some piece is still the seed's alone: the file has not come into the swarm yet;
   * - 'choking': somebody lacks a piece that it has and has asked nobody for it, and this peer lets it wait (connections begin so, BEP 3);
   * - 'last-piece': everybody has, or is getting from others, what it has, and every piece is in the swarm: not enough is left to do;
   * - 'machine': somebody could ask for a piece and has not yet: messages are on their way, or the processor is busy.
   */
  upIdle(index: number): IdleCause {
    const giver = this.peers[index];
    if (giver === undefined || giver.count === 0) return 'start-up';
    const takers = this.peers.filter((each) => each !== giver && this.lacks(each, giver));
    if (takers.length > 0 && takers.every(({ begun }) => !begun)) return 'start-up';
    const open = takers.filter((taker) => taker.begun && this.wants(taker, giver));
    if (open.length === 0) return this.lacking();
    return open.some((taker) => this.chokes(giver, taker)) ? 'choking' : 'machine';
  }

  /** Why its down-link is idle: as above, seen from the other side. */
  downIdle(index: number): IdleCause {
    const taker = this.peers[index];
    if (taker === undefined || !taker.begun) return 'start-up';
    const open = this.peers.filter((giver) => giver !== taker && this.wants(taker, giver));
    if (open.length === 0) return this.lacking();
    return open.every((giver) => this.chokes(giver, taker)) ? 'choking' : 'machine';
  }

  private hear(peer: Watched, note: Note): void {
    switch (note.topic) {
      case 'bt.chose':
        peer.begun = true;
        peer.asked[note.piece] = new Set(peer.asked[note.piece]).add(addressOf(note.from));
        return;
      case 'bt.have':
        if (peer.has[note.piece] === 0) peer.count++;
        peer.has[note.piece] = 1;
        return;
      case 'bt.choke': {
        const other = addressOf(note.peer);
        if (note.what === 'unchoke') return void peer.gives.add(other);
        peer.gives.delete(other);
        // What it was asked for by that peer is open again.
        const taker = this.ownAddresses ? this.peers.find(({ address }) => address === other) : undefined;
        if (taker !== undefined) taker.asked.forEach((of, piece) => (taker.asked[piece] = new Set([...of].filter((address) => address !== peer.address))));
        return;
      }
      default:
    }
  }

  /** When there is nothing to ask for: not yet, or not any more. */
  private lacking(): IdleCause {
    const all = this.peers[0]?.has.every((_, piece) => this.peers.some(({ has }, index) => index > 0 && has[piece] === 1)) ?? true;
    return all ? 'last-piece' : 'start-up';
  }

  private lacks(taker: Watched, giver: Watched): boolean {
    return taker.count < this.pieces && giver.has.some((has, piece) => has === 1 && taker.has[piece] === 0);
  }

  /** Something that it has asked nobody for. */
  private wants(taker: Watched, giver: Watched): boolean {
    return taker.count < this.pieces && giver.has.some((has, piece) => has === 1 && taker.has[piece] === 0 && taker.asked[piece]?.size === 0);
  }

  private chokes(giver: Watched, taker: Watched): boolean {
    return this.ownAddresses && !giver.gives.has(taker.address);
  }
}

/** Of 'address:port'. */
const addressOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf(':')));
