// The blocks that are under way, as places on the canvas: on the lane from giver to receiver, as far as their time has come. Filled anew
// each frame into arrays that are kept. Pure; drawBlocks.ts paints them.

import type { BlockTransfer, SwarmLink, SwarmNow, SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import type { Table } from '../../../shared/trace/story';
import type { Lanes, Point } from './lanes';

export const LOOK = { plain: 0, chosen: 1, bad: 2, unknown: 3 } as const;

/** What decides how a block looks. */
export interface BlockChoice {
  /** Piece whose blocks stand out; -1: none. */
  readonly piece: number;
  /** The one block that is chosen or pointed at; -1: none. */
  readonly transfer: number;
  /** By peer: it is known by now to do wrong. */
  readonly hostile: Uint8Array;
}

/** Part of the way at which a block is shown of which nobody tells when it arrived. */
const HALFWAY = 0.5;

/** What is asked of a block in every frame, as columns: a table may make an object for each answer. */
class Columns {
  lane = new Int32Array(0);
  piece = new Int32Array(0);
  from = new Int32Array(0);
  depart = new Float64Array(0);
  /** NaN: not known. */
  arrive = new Float64Array(0);
  private known = new Uint8Array(0);
  private version = -1;
  private of: Table<BlockTransfer> | null = null;

  follow(transfers: Table<BlockTransfer>, version: number): void {
    if (this.of === transfers && this.version === version) return;
    [this.of, this.version] = [transfers, version];
    if (transfers.count > this.known.length) {
      const size = Math.max(1024, transfers.count * 2);
      [this.lane, this.piece, this.from] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
      [this.depart, this.arrive, this.known] = [new Float64Array(size), new Float64Array(size), new Uint8Array(size)];
    } else this.known.fill(0);
  }

  load(index: number, transfers: Table<BlockTransfer>, links: readonly SwarmLink[], lanes: Lanes): void {
    if (this.known[index] === 1) return;
    const { link, from, piece, depart, arrive } = transfers.at(index);
    this.known[index] = 1;
    this.lane[index] = lanes.laneOf(link, from === links[link]?.a);
    this.piece[index] = piece;
    this.from[index] = from;
    this.depart[index] = depart;
    this.arrive[index] = arrive ?? Number.NaN;
  }
}

export class Blocks {
  count = 0;
  x = new Int16Array(256);
  y = new Int16Array(256);
  look = new Uint8Array(256);
  /** Index of the transfer, and its piece. */
  transfer = new Int32Array(256);
  piece = new Int32Array(256);
  private readonly at: Point = { x: 0, y: 0 };
  private readonly columns = new Columns();

  /** `apart`: px by which blocks that would lie upon one another are moved aside. */
  fill(now: Pick<SwarmNow, 't' | 'moving'>, swarm: Pick<SwarmStory, 'transfers' | 'links' | 'version'>, lanes: Lanes, chosen: BlockChoice, apart: number): void {
    const { t, moving } = now;
    if (moving.length > this.x.length) this.grow(moving.length);
    const { at, columns } = this;
    columns.follow(swarm.transfers, swarm.version);
    this.count = 0;
    for (const index of moving) {
      columns.load(index, swarm.transfers, swarm.links, lanes);
      const n = this.count++;
      const [depart, arrive, piece] = [columns.depart[index] as number, columns.arrive[index] as number, columns.piece[index] as number];
      const unknown = Number.isNaN(arrive);
      const part = unknown ? HALFWAY : (t - depart) / (arrive - depart || 1);
      lanes.pointAt(columns.lane[index] as number, part < 0 ? 0 : part > 1 ? 1 : part, at);
      this.x[n] = apart === 0 ? at.x : at.x + ((index % 5) - 2) * apart;
      this.y[n] = apart === 0 ? at.y : at.y + (((index * 7) % 5) - 2) * apart;
      this.look[n] = index === chosen.transfer || piece === chosen.piece ? LOOK.chosen : chosen.hostile[columns.from[index] as number] === 1 ? LOOK.bad : unknown ? LOOK.unknown : LOOK.plain;
      this.transfer[n] = index;
      this.piece[n] = piece;
    }
  }

  /** The block under a point, the topmost first, as index of the transfer; -1: none. `reach`: half of a block's size. */
  under(x: number, y: number, reachX: number, reachY: number): number {
    for (let n = this.count - 1; n >= 0; n--) if (Math.abs((this.x[n] ?? 0) - x) <= reachX && Math.abs((this.y[n] ?? 0) - y) <= reachY) return this.transfer[n] ?? -1;
    return -1;
  }

  private grow(least: number): void {
    const size = 2 ** Math.ceil(Math.log2(least));
    this.x = new Int16Array(size);
    this.y = new Int16Array(size);
    this.look = new Uint8Array(size);
    this.transfer = new Int32Array(size);
    this.piece = new Int32Array(size);
  }
}
