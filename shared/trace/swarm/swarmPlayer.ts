// Plays a swarm to any instant: forward from where it is when that is nearer, else from the last copy of the state before it. Copies are
// made on the way, so that a jump costs a bounded number of events; how many there are is bounded in bytes.

import { micros, type Micros } from '../../base/brand';
import { OPEN } from './linkTable';
import { SwarmState, type SwarmTables } from './swarmState';
import type { SwarmNow } from './swarmStory';

export interface PlayerLimits {
  /** Events between two copies, at the least. */
  readonly stride: number;
  /** Of all copies. */
  readonly bytes: number;
}

export const PLAYER: PlayerLimits = { stride: 16_384, bytes: 64 * 1024 * 1024 };

type OpenLink = { readonly link: number; bits: number };
type Now = { -readonly [K in keyof SwarmNow]: SwarmNow[K] };

export class SwarmPlayer {
  private state: SwarmState;
  /** States after so many events, ascending in that. */
  private copies: SwarmState[] = [];
  private stride: number;
  private readonly open: OpenLink[] = [];
  private readonly openPool: OpenLink[] = [];
  private readonly moving: number[] = [];
  private turn = -1;
  private now: Now;

  constructor(private readonly tables: SwarmTables, private readonly pieces: () => number, private readonly limits: PlayerLimits) {
    this.stride = limits.stride;
    this.state = this.fresh();
    this.now = this.told();
  }

  /** The swarm at `t`; the same object each time. */
  at(t: Micros): SwarmNow {
    const { events, peers } = this.tables;
    const { size } = this.state;
    if (size.peers !== peers.rows.length || size.pieces !== this.pieces()) this.begin();
    else this.forget();
    const end = events.after(t);
    this.to(end);
    this.state.sweep();
    this.links();
    this.blocks();
    this.now.t = t;
    return this.now;
  }

  /** Another number of peers or pieces: every state has another size. */
  private begin(): void {
    this.copies = [];
    this.stride = this.limits.stride;
    this.state = this.fresh();
    this.turn = -1;
    this.now = this.told();
    this.tables.events.changedFrom = this.tables.events.count;
  }

  private fresh(): SwarmState {
    return new SwarmState(this.tables, { peers: this.tables.peers.rows.length, pieces: this.pieces() });
  }

  private told(): Now {
    const { present, have, has, availability, given, got, helped, lastChoice } = this.state;
    return { t: micros(0), present, have, has, availability, given, got, helped, links: this.open, moving: this.moving, lastChoice };
  }

  /** States that have played what has changed since are no good. */
  private forget(): void {
    const { events } = this.tables;
    const from = events.changedFrom;
    events.changedFrom = events.count;
    while ((this.copies.at(-1)?.played ?? 0) > from) this.copies.pop();
    if (this.state.played > from) this.back(from);
  }

  /** The state becomes the last copy with at most `end` events, or the beginning. */
  private back(end: number): void {
    const copy = this.copies.findLast(({ played }) => played <= end);
    this.state.become(copy ?? this.fresh());
  }

  private to(end: number): void {
    const { state } = this;
    const nearest = this.copies.findLast(({ played }) => played <= end);
    if (state.played > end || (nearest !== undefined && nearest.played > state.played)) this.back(end);
    for (let next = this.nextCopy(); next <= end; next = this.nextCopy()) {
      state.play(next);
      this.copy();
    }
    state.play(end);
  }

  private nextCopy(): number {
    return (this.copies.at(-1)?.played ?? 0) + this.stride;
  }

  private copy(): void {
    const { state } = this;
    state.sweep();
    const copy = this.fresh();
    copy.become(state);
    this.copies.push(copy);
    if ((this.copies.length + 1) * state.weight <= this.limits.bytes) return;
    this.copies = this.copies.filter((_, n) => n % 2 === 1);
    this.stride *= 2;
  }

  private links(): void {
    const { bits, linkTurns } = this.state;
    if (this.turn === linkTurns) return;
    this.turn = linkTurns;
    this.open.length = 0;
    const count = this.tables.links.rows.length;
    while (this.openPool.length < count) this.openPool.push({ link: this.openPool.length, bits: 0 });
    for (let link = 0; link < count; link++) {
      const state = bits[link] ?? 0;
      if ((state & OPEN) === 0) continue;
      const told = this.openPool[link] as OpenLink;
      told.bits = state & ~OPEN;
      this.open.push(told);
    }
  }

  private blocks(): void {
    const { under, underCount } = this.state;
    const { transfers } = this.tables;
    this.moving.length = underCount;
    for (let n = 0; n < underCount; n++) this.moving[n] = transfers.indexOf(under[n] as number);
  }
}
