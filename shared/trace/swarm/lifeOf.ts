// A piece's life through the swarm, in order of time: who began with it, who chose it, the blocks of it, who got it whole.

import { micros } from '../../base/brand';
import type { PieceLife, SwarmStory } from './swarmStory';
import type { TransferTable } from './transferTable';

/** What comes first of one instant. */
const RANK: Readonly<Record<PieceLife['what'], number>> = { began: 0, chosen: 1, block: 2, gained: 3, bad: 4 };
const NOTHING = { seq: null, from: -1, why: null, copies: 0, transfer: -1 } as const;

/** `peer`: only what happened to that one; null: to all. Blocks stand where they came, those on their way where they left. */
export function lifeOf(swarm: Pick<SwarmStory, 'peers' | 'choices' | 'bad'>, transfers: TransferTable, piece: number, peer: number | null): readonly PieceLife[] {
  const life: PieceLife[] = [];
  const concerns = (one: number): boolean => peer === null || peer === one;
  for (const { index, began, gained, joinedAt } of swarm.peers) {
    if (!concerns(index)) continue;
    if (began.includes(piece)) life.push({ ...NOTHING, at: joinedAt, what: 'began', peer: index });
    const got = gained.find((one) => one.piece === piece);
    if (got !== undefined) life.push({ ...NOTHING, at: got.at, seq: got.seq, what: 'gained', peer: index, from: got.from[0] ?? -1 });
  }
  for (const { at, seq, peer: to, piece: chosen, from, why, copies } of swarm.choices) {
    if (chosen === piece && concerns(to)) life.push({ ...NOTHING, at, seq, what: 'chosen', peer: to, from, why, copies });
  }
  for (const { at, seq, peer: to, piece: wrong, from } of swarm.bad) {
    if (wrong === piece && concerns(to)) life.push({ ...NOTHING, at, seq, what: 'bad', peer: to, from: from[0] ?? -1 });
  }
  for (let index = 0; index < transfers.count; index++) {
    const row = transfers.rowAt(index);
    const to = transfers.to.at(row);
    if (transfers.piece.at(row) !== piece || !concerns(to)) continue;
    const settled = transfers.settled.at(row);
    life.push({ ...NOTHING, at: micros(Number.isNaN(settled) ? transfers.depart.at(row) : settled), what: 'block', peer: to, from: transfers.from.at(row), transfer: index });
  }
  return life.sort((one, other) => one.at - other.at || RANK[one.what] - RANK[other.what]);
}
