// The peers of a swarm: our roles, from what they note, and programs that are not ours, from the id in their handshake (BEP 3). A role that
// tells of itself again after it had a link begins anew as another peer. Says which pieces each has, and since when; not with whom it is.

import { micros, type EventSeq, type HostIx, type Micros, type RoleIx } from '../../base/brand';
import type { Story } from '../story';
import { EVENT, type EventLog } from './eventLog';
import type { PeerTold } from './readNote';
import type { PieceGained, SwarmPeer } from './swarmStory';

export class PeerRow implements SwarmPeer {
  listens = '';
  left: SwarmPeer['left'] = null;
  up = 0;
  down = 0;
  began: readonly number[] = [];
  readonly gained: PieceGained[] = [];
  hostile = false;
  /** It has told of itself (bt.peer), or its first bitfield has: `began` is right. */
  told = false;
  beganKnown = false;
  /** Pieces that it has, or had at its end. */
  readonly has = new Set<number>();
  openLinks = 0;
  linked = false;
  lastClosed = -1;

  constructor(readonly index: number, readonly role: RoleIx | null, readonly host: HostIx, readonly id: string, public joinedAt: Micros) {}
}

export class PeerTable {
  readonly rows: PeerRow[] = [];
  /** Peers of a role in order of time: usually one. */
  private readonly ofRole = new Map<RoleIx, PeerRow[]>();
  private readonly foreign = new Map<string, PeerRow>();
  /** 'address:port' where somebody listens or has dialled from. */
  private readonly endpoints = new Map<string, PeerRow>();
  /** Ours that have not left. */
  private here: PeerRow[] = [];

  constructor(private readonly story: Story, private readonly events: EventLog) {}

  get(index: number): PeerRow | null {
    return this.rows[index] ?? null;
  }

  /** The peer that a role is at time `t`; made when it was none before. Null: no such role. */
  role(role: RoleIx, t: number): PeerRow | null {
    const known = this.ofRole.get(role);
    if (known !== undefined) return known.findLast(({ joinedAt }) => joinedAt <= t) ?? known[0] ?? null;
    const model = this.story.role(role);
    if (model === null) return null;
    const row = this.add(new PeerRow(this.rows.length, role, model.host, model.id, model.startedAt));
    this.ofRole.set(role, [row]);
    this.here.push(row);
    this.events.add(row.joinedAt, EVENT.join, row.index);
    return row;
  }

  /** bt.peer */
  tells(role: RoleIx, t: Micros, seq: EventSeq, said: PeerTold): PeerRow | null {
    let row = this.role(role, t);
    if (row === null) return null;
    if (row.told && row.linked) row = this.again(row, role, t, seq);
    else if (!row.told) {
      this.events.remove(row.joinedAt, EVENT.join, row.index);
      row.joinedAt = t;
      this.events.add(t, EVENT.join, row.index);
    }
    row.told = true;
    row.up = said.up;
    row.down = said.down;
    this.listens(row, said.listens);
    if (row.beganKnown) return row;
    if (said.have === 0) row.beganKnown = true;
    else if (said.have === said.pieces) this.began(row, Array.from({ length: said.pieces }, (_, piece) => piece));
    return row;
  }

  private again(before: PeerRow, role: RoleIx, t: Micros, seq: EventSeq): PeerRow {
    this.leaves(before, { at: t, seq, how: 'left' });
    const row = this.add(new PeerRow(this.rows.length, role, before.host, before.id, t));
    this.ofRole.get(role)?.push(row);
    this.here.push(row);
    this.events.add(t, EVENT.join, row.index);
    return row;
  }

  /** A program that is not ours, by the id in its handshake. */
  stranger(key: string, host: HostIx, endpoint: string, t: Micros): PeerRow {
    const known = this.foreign.get(key);
    if (known !== undefined) return known;
    const row = this.add(new PeerRow(this.rows.length, null, host, endpoint, t));
    this.foreign.set(key, row);
    return row;
  }

  private add(row: PeerRow): PeerRow {
    this.rows.push(row);
    return row;
  }

  listens(row: PeerRow, endpoint: string): void {
    if (endpoint === '') return;
    if (row.listens === '') row.listens = endpoint;
    this.endpoints.set(endpoint, row);
  }

  dials(row: PeerRow, endpoint: string): void {
    this.endpoints.set(endpoint, row);
  }

  at(endpoint: string): PeerRow | null {
    return this.endpoints.get(endpoint) ?? null;
  }

  last(role: RoleIx): PeerRow | null {
    return this.ofRole.get(role)?.at(-1) ?? null;
  }

  /** The pieces that it began with, ascending. */
  began(row: PeerRow, pieces: readonly number[]): void {
    row.beganKnown = true;
    row.began = pieces;
    for (const piece of pieces) row.has.add(piece);
    if (pieces.length > 0) this.events.add(row.joinedAt, EVENT.began, row.index);
  }

  gains(row: PeerRow, gained: PieceGained): void {
    if (row.has.has(gained.piece)) return;
    row.has.add(gained.piece);
    row.gained.push(gained);
    this.events.add(gained.at, EVENT.gained, row.index, gained.piece);
  }

  /** Programs that have ended take their peers with them. True when there was one. */
  ends(): boolean {
    const stays = this.here.filter((row) => {
      const ended = row.role === null ? null : (this.story.role(row.role)?.ended ?? null);
      if (ended !== null) this.leaves(row, { at: ended.at, seq: ended.seq, how: ended.how === 'done' ? 'left' : ended.how }, false);
      return ended === null;
    });
    const some = stays.length < this.here.length;
    if (some) this.here = stays;
    return some;
  }

  private leaves(row: PeerRow, left: NonNullable<SwarmPeer['left']>, forget = true): void {
    row.left = left;
    this.events.add(left.at, EVENT.leave, row.index);
    if (forget) this.here = this.here.filter((one) => one !== row);
  }

  opened(row: PeerRow): void {
    row.openLinks++;
    row.linked = true;
    if (row.role === null) row.left = null;
  }

  /** One that is not ours is gone with its last connection. */
  closed(row: PeerRow, t: number): void {
    row.openLinks--;
    row.lastClosed = Math.max(row.lastClosed, t);
    if (row.role === null && row.openLinks === 0) row.left = { at: micros(row.lastClosed), seq: null, how: 'gone' };
  }
}
