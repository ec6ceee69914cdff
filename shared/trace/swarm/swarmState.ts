// The swarm at one place of its event log: what each peer has, what has been given, which links are open, which blocks are under way. One
// step forward for each event; it can be copied to another state, which is how jumps in time are cheap (swarmPlayer.ts).

import { EVENT, grown, type EventLog } from './eventLog';
import { OPEN, type LinkTable } from './linkTable';
import type { PeerTable } from './peerTable';
import { LINK } from './swarmStory';
import type { TransferTable } from './transferTable';

/** What the events are about. */
export interface SwarmTables {
  readonly events: EventLog;
  readonly peers: PeerTable;
  readonly links: LinkTable;
  readonly transfers: TransferTable;
  /** The peer of each choice. */
  chooser(choice: number): number;
}

/** The numbers of peers and pieces, which say how big a state is. */
export interface SwarmSize {
  readonly peers: number;
  readonly pieces: number;
}

export class SwarmState {
  /** Events that it has played. */
  played = 0;
  readonly present: Uint8Array;
  readonly have: Uint32Array;
  readonly has: Uint8Array;
  readonly availability: Uint16Array;
  readonly given: Float64Array;
  readonly got: Float64Array;
  readonly helped: Float64Array;
  readonly lastChoice: Int32Array;
  /** By link: bits of LINK, and OPEN while it is. */
  bits = new Uint8Array(64);
  /** Counts changes of `bits`, and of what is under way. */
  linkTurns = 0;
  /** Rows of transfers that have departed, in that order; those that have settled may still be among them until swept. */
  under: Int32Array = new Int32Array(64);
  underCount = 0;
  private settledSince = 0;
  private readonly openLinks: Int32Array;

  constructor(private readonly tables: SwarmTables, readonly size: SwarmSize) {
    const { peers, pieces } = size;
    this.present = new Uint8Array(peers);
    this.have = new Uint32Array(peers);
    this.has = new Uint8Array(peers * pieces);
    this.availability = new Uint16Array(pieces);
    this.given = new Float64Array(peers);
    this.got = new Float64Array(peers);
    this.helped = new Float64Array(peers * peers);
    this.lastChoice = new Int32Array(peers).fill(-1);
    this.openLinks = new Int32Array(peers);
  }

  /** Bytes that a copy of it takes. */
  get weight(): number {
    return this.has.length + 8 * this.helped.length + 32 * this.size.peers + 2 * this.size.pieces + this.bits.length + 4 * this.under.length;
  }

  /** Plays the events up to place `end` of the log. */
  play(end: number): void {
    const { kinds, a, b } = this.tables.events;
    for (let n = this.played; n < end; n++) this.step(kinds[n] as number, a[n] as number, b[n] as number);
    this.played = end;
  }

  /** Becomes what `other` is; both of one size. */
  become(other: SwarmState): void {
    this.played = other.played;
    this.present.set(other.present);
    this.have.set(other.have);
    this.has.set(other.has);
    this.availability.set(other.availability);
    this.given.set(other.given);
    this.got.set(other.got);
    this.helped.set(other.helped);
    this.lastChoice.set(other.lastChoice);
    this.openLinks.set(other.openLinks);
    if (this.bits.length !== other.bits.length) this.bits = new Uint8Array(other.bits.length);
    this.bits.set(other.bits);
    this.linkTurns++;
    if (this.under.length < other.underCount) this.under = new Int32Array(other.under.length);
    this.under.set(other.under.subarray(0, other.underCount));
    this.underCount = other.underCount;
    this.settledSince = other.settledSince;
  }

  /** Time at which the last event that it has played happened. */
  private get now(): number {
    return this.played === 0 ? 0 : (this.tables.events.times[this.played - 1] as number);
  }

  /** Takes out of `under` what is not under way any more: settled, or lost with its link. */
  sweep(): void {
    const { transfers } = this.tables;
    const { now } = this;
    let kept = 0;
    for (let n = 0; n < this.underCount; n++) {
      const row = this.under[n] as number;
      const settled = transfers.settled.at(row);
      // What a closed connection still carried may be read later: it is lost when nobody ever did.
      const lost = Number.isNaN(settled) && ((this.bits[transfers.link.at(row)] ?? 0) & OPEN) === 0;
      if (settled <= now || lost) continue;
      this.under[kept++] = row;
    }
    this.underCount = kept;
    this.settledSince = 0;
  }

  private step(kind: number, a: number, b: number): void {
    switch (kind) {
      case EVENT.join: return this.appears(a, true);
      case EVENT.leave: return this.appears(a, false);
      case EVENT.began:
        for (const piece of this.tables.peers.rows[a]?.began ?? []) this.gains(a, piece);
        return;
      case EVENT.gained: return this.gains(a, b);
      case EVENT.open: return this.opens(a, true);
      case EVENT.close: return this.opens(a, false);
      case EVENT.say: {
        const bits = this.bits[a] ?? 0;
        if ((bits & OPEN) === 0) return;
        this.bits[a] = b > 0 ? bits | b : bits & ~-b;
        this.linkTurns++;
        return;
      }
      case EVENT.depart: return this.departs(a);
      case EVENT.arrive: return this.arrives(a);
      case EVENT.chose:
        this.lastChoice[this.tables.chooser(a)] = a;
        return;
      default:
    }
  }

  private appears(peer: number, here: boolean): void {
    const bit = here ? 1 : 0;
    if (this.present[peer] === bit) return;
    this.present[peer] = bit;
    const { pieces } = this.size;
    const { has, availability } = this;
    for (let piece = 0, at = peer * pieces; piece < pieces; piece++, at++) {
      if (has[at] === 1) availability[piece] = (availability[piece] as number) + (here ? 1 : -1);
    }
  }

  private gains(peer: number, piece: number): void {
    if (piece >= this.size.pieces) return;
    const at = peer * this.size.pieces + piece;
    if (this.has[at] === 1) return;
    this.has[at] = 1;
    this.have[peer] = (this.have[peer] as number) + 1;
    if (this.present[peer] === 1) this.availability[piece] = (this.availability[piece] as number) + 1;
  }

  private opens(link: number, open: boolean): void {
    while (this.bits.length <= link) this.bits = grown(this.bits, new Uint8Array(this.bits.length * 2));
    this.bits[link] = open ? OPEN | LINK.aChokes | LINK.bChokes : 0;
    this.linkTurns++;
    const row = this.tables.links.rows[link];
    if (row === undefined) return;
    for (const peer of [row.a, row.b]) {
      const count = (this.openLinks[peer] as number) + (open ? 1 : -1);
      this.openLinks[peer] = count;
      // One that is not ours is here as long as it has a connection.
      if (this.tables.peers.rows[peer]?.role === null) this.appears(peer, count > 0);
    }
  }

  private departs(row: number): void {
    if (this.underCount === this.under.length) {
      if (this.settledSince * 2 > this.underCount) this.sweep();
      if (this.underCount * 2 > this.under.length) this.under = grown(this.under, new Int32Array(this.under.length * 2));
    }
    this.under[this.underCount++] = row;
  }

  private arrives(row: number): void {
    const { transfers } = this.tables;
    const from = transfers.from.at(row);
    const to = transfers.to.at(row);
    const size = transfers.length.at(row);
    this.given[from] = (this.given[from] as number) + size;
    this.got[to] = (this.got[to] as number) + size;
    const pair = from * this.size.peers + to;
    this.helped[pair] = (this.helped[pair] as number) + size;
    this.settledSince++;
  }
}
