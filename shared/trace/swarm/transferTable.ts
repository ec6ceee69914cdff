// The blocks of a swarm, on their way or arrived, as columns: a row for each in order of discovery, and their order by departure, which is
// how readers see them. A hundred thousand of them cost no objects but for those that are asked for.

import { micros } from '../../base/brand';
import { F64List, I32List } from '../../base/lists';
import type { Table } from '../story';
import type { BlockTransfer } from './swarmStory';

/** What is known of a block when it is first heard of. */
export interface NewBlock {
  readonly link: number;
  readonly from: number;
  readonly to: number;
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
  readonly askedAt: number | null;
  readonly depart: number;
  readonly message: number;
  readonly request: number;
}

export class TransferTable implements Table<BlockTransfer> {
  readonly link = new I32List();
  readonly from = new I32List();
  readonly to = new I32List();
  readonly piece = new I32List();
  readonly length = new I32List();
  readonly depart = new F64List();
  /** When it was read at the other end; of a receiver that is not ours: when it was sent whole. NaN: not (yet). */
  readonly settled = new F64List();
  private readonly begin = new I32List();
  private readonly asked = new F64List();
  private readonly message = new I32List();
  private readonly request = new I32List();
  /** 1: `settled` is an arrival. */
  private readonly arrived = new I32List();
  /** Rows by departure, and the place of each in that. */
  private readonly order = new I32List();
  private readonly place = new I32List();
  /** By message: the row of its block, -1 without. */
  private readonly ofMessage = new I32List();

  get count(): number {
    return this.order.length;
  }

  at(index: number): BlockTransfer {
    const row = this.order.at(index);
    const asked = this.asked.at(row);
    return {
      index, link: this.link.at(row), from: this.from.at(row), to: this.to.at(row), piece: this.piece.at(row), begin: this.begin.at(row), length: this.length.at(row),
      askedAt: Number.isNaN(asked) ? null : micros(asked), depart: micros(this.depart.at(row)), arrive: this.arrived.at(row) === 1 ? micros(this.settled.at(row)) : null,
      message: this.message.at(row), request: this.request.at(row),
    };
  }

  /** The row of a message's block; -1 when it has none. */
  rowOf(message: number): number {
    return message >= 0 && message < this.ofMessage.length ? this.ofMessage.at(message) : -1;
  }

  /** Where a row stands in the order of departure. */
  indexOf(row: number): number {
    return this.place.at(row);
  }

  /** The row of index `index`. */
  rowAt(index: number): number {
    return this.order.at(index);
  }

  add(block: NewBlock): number {
    const row = this.link.length;
    this.link.push(block.link);
    this.from.push(block.from);
    this.to.push(block.to);
    this.piece.push(block.piece);
    this.begin.push(block.begin);
    this.length.push(block.length);
    this.asked.push(block.askedAt ?? Number.NaN);
    this.depart.push(block.depart);
    this.settled.push(Number.NaN);
    this.message.push(block.message);
    this.request.push(block.request);
    this.arrived.push(0);
    this.enter(row, block.depart);
    this.points(block.message, row);
    if (block.request >= 0) this.points(block.request, row);
    return row;
  }

  /** It has come, or left whole for a receiver that is not ours. */
  settle(row: number, t: number, arrived: boolean): void {
    this.settled.set(row, t);
    this.arrived.set(row, arrived ? 1 : 0);
  }

  private enter(row: number, depart: number): void {
    let place = this.order.length;
    while (place > 0 && this.depart.at(this.order.at(place - 1)) > depart) place--;
    this.place.push(place);
    if (place === this.order.length) return this.order.push(row);
    this.order.insert(place, row);
    for (let n = place + 1; n < this.order.length; n++) this.place.set(this.order.at(n), n);
  }

  private points(message: number, row: number): void {
    while (this.ofMessage.length <= message) this.ofMessage.push(-1);
    this.ofMessage.set(message, row);
  }
}
