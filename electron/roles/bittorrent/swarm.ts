// What a peer does with its connections: whom it asks for what, whom it gives upload slots, whom it cuts. The decisions are those of
// downloads.ts and choker.ts; here they meet the wire, and are noted. Whom to dial, the tracker and the role's life: peer.ts.

import type { CutWhy, Note } from '../../../shared/trace/notes';
import { NO_BYTES } from '../../../shared/base/bytes';
import type { Random } from '../../../shared/base/random';
import { Choker, type Rival, type Verdict } from './choker';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import { idText, type Connection, type ConnectionEvents } from './connection';
import { Downloads, type Whole } from './downloads';
import { BT_LIMITS } from './limits';
import type { PieceStore } from './pieceStore';
import { Availability, type Strategy } from './picker';

export interface SwarmOptions {
  readonly peerId: Uint8Array;
  readonly strategy: Strategy;
  readonly randomFirst: number;
  readonly blockLength: number;
  readonly endGame?: boolean;
  readonly slots: number;
  /** ms between two rounds of choking, and that a peer may let us wait for a block. */
  readonly chokeInterval: number;
  readonly snubTime: number;
  readonly random: Random;
  readonly now: () => number;
  readonly note: (note: Note) => void;
  /** What the peer sends for a block: itself, unless it is hostile. */
  readonly upload: (block: Uint8Array) => Uint8Array;
  /** The file is whole. */
  readonly onDone: () => void;
  /** Somebody has more pieces than before. */
  readonly onGained: () => void;
  /** A connection ended; `cut`: why we ended it. */
  readonly onEnded: (connection: Connection, cut: CutWhy | null) => void;
}

/** An optimistic unchoke lasts three rounds; who came within them is more likely to get the next one. */
const FRESH_ROUNDS = 3;
/** Who was cut for one of these may come again: it did nothing wrong, or began with an encrypted handshake, which we do not speak. */
const BLAMELESS: ReadonlySet<CutWhy> = new Set(['full', 'self', 'twice', 'both-seed', 'silent', 'handshake-timeout', 'banned', 'not-loopback', 'bad-handshake']);

export class Swarm implements ConnectionEvents {
  readonly downloads: Downloads;
  readonly availability: Availability;
  /** Those whose handshake is not done too. */
  readonly connections = new Map<number, Connection>();
  private readonly byPeerId = new Map<string, Connection>();
  /** Names of connections, those that are over too: blocks of theirs may be part of a piece. */
  private readonly names = new Map<number, string>();
  /** Peer ids, and endpoints where such peers listened. */
  private readonly banned = new Set<string>();
  private readonly badPieces = new Map<string, number>();
  private readonly choker: Choker;
  private readonly began: number;
  private roundAt = 0;

  constructor(readonly store: PieceStore, private readonly options: SwarmOptions) {
    this.availability = new Availability(store.torrent.pieceCount);
    this.downloads = new Downloads(store, this.availability, options);
    this.choker = new Choker(options.slots, options.random);
    this.began = options.now();
  }

  /** Time goes by: rounds of choking, peers that let us wait, connections that have had their time. */
  tick(now: number): void {
    for (const connection of [...this.connections.values()]) {
      connection.tick(now);
      if (!connection.snubbed && !connection.peerChoking && this.downloads.owed(connection.id) > 0 && now - connection.progressed > this.options.snubTime) this.snub(connection, true);
    }
    if (now < this.roundAt) return;
    this.roundAt = now + this.options.chokeInterval;
    this.apply(this.choker.round(this.rivals(now)));
  }

  /** Upload slots from now on: those that are too many are taken back in the next round. */
  set slots(slots: number) {
    this.choker.slots = slots;
    this.fill();
  }

  closeAll(): void {
    for (const connection of this.connections.values()) connection.close();
    this.connections.clear();
    this.byPeerId.clear();
  }

  joined(connection: Connection): CutWhy | null {
    const [id, mine] = [idText(connection.peerId ?? NO_BYTES), idText(this.options.peerId)];
    if (id === mine) return 'self';
    if (this.banned.has(id)) return 'banned';
    const other = this.byPeerId.get(id);
    if (other !== undefined) {
      // Two peers that dial each other at once must agree on which connection goes: the one that the smaller id dialled stays.
      if (connection.dialled === other.dialled || connection.dialled !== mine < id) return 'twice';
      other.cut('twice');
    }
    this.byPeerId.set(id, connection);
    this.names.set(connection.id, connection.name);
    const [oldest] = this.names.keys();
    if (this.names.size > BT_LIMITS.remembered && oldest !== undefined) this.names.delete(oldest);
    return null;
  }

  gained(connection: Connection, pieces: readonly number[]): void {
    for (const piece of pieces) this.availability.add(piece);
    this.options.onGained();
    if (this.store.complete && connection.has.complete) return connection.cut('both-seed');
    connection.interested(connection.wanted > 0);
    this.ask(connection);
  }

  choked(connection: Connection): void {
    this.downloads.release(connection.id);
    connection.snubbed = false;
    this.askAll();
  }

  unchoked(connection: Connection): void {
    this.ask(connection);
  }

  interest(): void {
    this.fill();
  }

  block(connection: Connection, piece: number, begin: number, block: Uint8Array): 'kept' | 'unasked' | 'wrong' {
    const arrival = this.downloads.arrived(connection, piece, begin, block);
    if (arrival.kind !== 'kept') return arrival.kind;
    connection.down.add(block.length, this.options.now());
    if (connection.snubbed) this.snub(connection, false);
    const others = arrival.cancel.flatMap((id) => this.connections.get(id) ?? []);
    for (const other of others) other.cancel({ piece, begin, length: block.length });
    if (arrival.whole !== null) this.whole(arrival.whole);
    this.ask(connection);
    for (const other of others) this.ask(other);
    return 'kept';
  }

  upload(block: Uint8Array): Uint8Array {
    return this.options.upload(block);
  }

  ended(connection: Connection, cut: CutWhy | null): void {
    this.connections.delete(connection.id);
    const id = connection.peerId === null ? '' : idText(connection.peerId);
    if (this.byPeerId.get(id) === connection) this.byPeerId.delete(id);
    this.downloads.release(connection.id);
    this.availability.addAll(connection.has, -1);
    if (cut !== null) {
      this.options.note({ topic: 'bt.cut', peer: connection.name, why: cut });
      if (!BLAMELESS.has(cut)) this.ban(id, connection.listens === null ? '' : formatEndpoint(connection.listens));
    }
    this.options.onEnded(connection, cut);
    this.fill();
    this.askAll();
  }

  isBanned(endpoint: string): boolean {
    return this.banned.has(endpoint);
  }

  private ban(...names: readonly string[]): void {
    for (const name of names) if (name !== '' && this.banned.size < BT_LIMITS.banned) this.banned.add(name);
  }

  private snub(connection: Connection, late: boolean): void {
    connection.snubbed = late;
    this.downloads.late(connection.id, late);
    this.options.note({ topic: 'bt.snub', peer: connection.name, snubbed: late });
    if (late) this.askAll();
  }

  private askAll(): void {
    for (const connection of this.connections.values()) this.ask(connection);
  }

  /** Fills the pipeline of requests, when the peer lets us. */
  private ask(connection: Connection): void {
    if (this.store.complete || connection.peerChoking || !connection.ready || connection.wanted === 0) return;
    const { note, now } = this.options;
    for (let owed = this.downloads.owed(connection.id), depth = this.depth(connection); owed < depth; owed++) {
      const asked = this.downloads.next(connection);
      if (asked === null) return;
      // It has its time from the first request on.
      if (owed === 0) connection.progressed = now();
      if (asked.chose !== null) note({ topic: 'bt.chose', piece: asked.block.piece, from: connection.name, ...asked.chose });
      connection.request(asked.block);
    }
  }

  /** Requests that keep the peer busy for about a second, as long as it goes on as it does. */
  private depth(connection: Connection): number {
    const { least, most } = BT_LIMITS.pipeline;
    return connection.snubbed ? 1 : Math.min(most, least + Math.ceil(connection.down.rate(this.options.now()) / this.options.blockLength));
  }

  private whole({ piece, right, from, liars }: Whole): void {
    const { store, options } = this;
    const names = from.map((id) => this.names.get(id) ?? '?');
    if (right) {
      options.note({ topic: 'bt.have', piece, have: store.have.count, of: store.torrent.pieceCount, from: names });
      for (const connection of this.connections.values()) {
        if (!connection.ready) continue;
        connection.have(piece);
        if (connection.has.has(piece)) connection.wanted--;
        connection.interested(connection.wanted > 0);
      }
    } else options.note({ topic: 'bt.bad', piece, from: names });
    for (const id of liars) this.blame(this.connections.get(id));
    if (!right) return this.askAll();
    if (store.complete) this.done();
  }

  private blame(connection: Connection | undefined): void {
    if (connection?.peerId === null || connection === undefined) return;
    const id = idText(connection.peerId);
    const count = (this.badPieces.get(id) ?? 0) + 1;
    if (this.badPieces.size < BT_LIMITS.banned) this.badPieces.set(id, count);
    if (count >= BT_LIMITS.badPieces) connection.cut('bad-hash');
  }

  private done(): void {
    const { note, now } = this.options;
    note({ topic: 'bt.done', pieces: this.store.torrent.pieceCount, ms: Math.round(now() - this.began) });
    for (const connection of [...this.connections.values()]) if (connection.ready && connection.has.complete) connection.cut('both-seed');
    this.options.onDone();
  }

  private rivals(now: number): Rival[] {
    const fresh = now - FRESH_ROUNDS * this.options.chokeInterval;
    const seeding = this.store.complete;
    return [...this.connections.values()].filter(({ ready }) => ready).map((each) => ({
      id: each.id, interested: each.peerInterested, choked: each.amChoking, snubbed: each.snubbed && !seeding, fresh: each.since > fresh,
      rate: (seeding ? each.up : each.down).rate(now),
    }));
  }

  private fill(): void {
    this.apply(this.choker.fill(this.rivals(this.options.now())));
  }

  private apply(verdicts: readonly Verdict[]): void {
    for (const { id, what, why, rate } of verdicts) {
      const connection = this.connections.get(id);
      if (connection === undefined) continue;
      this.options.note({ topic: 'bt.choke', peer: connection.name, what, why, rate: Math.round(rate) });
      connection.choke(what === 'choke');
    }
  }
}
