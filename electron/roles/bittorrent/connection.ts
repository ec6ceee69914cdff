// What one peer says and what we say to it (BEP 3, 10): its state, and the checks of every message. What breaks the protocol ends the
// connection with a reason; what achieves nothing spends its patience. What to ask and whom to give: swarm.ts.

import { equalBytes, toHex } from '../../../shared/base/bytes';
import { decodeExtended, encodeExtendedHandshake } from '../../../shared/codec/bittorrent/extended';
import { encodeHandshake, knows, reservedFor, type Handshake } from '../../../shared/codec/bittorrent/handshake';
import type { BlockRange, SmallMessage } from '../../../shared/codec/bittorrent/message';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { Endpoint } from '../../../shared/trace/event';
import type { CutWhy } from '../../../shared/trace/notes';
import type { StreamSocket } from '../host';
import { Bitfield } from './bitfield';
import { Budget } from './budget';
import { BT_LIMITS } from './limits';
import type { Block } from './downloads';
import { lengthOfPiece } from './metainfo';
import type { PieceStore } from './pieceStore';
import { RateMeter } from './rate';
import { Wire, type Links, type WireEnd } from './wire';

/** Told of what the peer did, when it has its effect on the state. */
export interface ConnectionEvents {
  /** Its handshake is right. A reason: it is not wanted. */
  joined(connection: Connection): CutWhy | null;
  /** It has these pieces, too. */
  gained(connection: Connection, pieces: readonly number[]): void;
  choked(connection: Connection): void;
  unchoked(connection: Connection): void;
  interest(connection: Connection): void;
  /** A block; what it is worth. */
  block(connection: Connection, piece: number, begin: number, block: Uint8Array): 'kept' | 'unasked' | 'wrong';
  /** The bytes that the peer is sent. */
  upload(block: Uint8Array): Uint8Array;
  /** Once. `cut`: why we ended it; null: the peer did. */
  ended(connection: Connection, cut: CutWhy | null): void;
}

export interface Me {
  readonly peerId: Uint8Array;
  readonly port: number;
  readonly store: PieceStore;
  readonly links: Links;
  /** ms that rates are averaged over. */
  readonly window: number;
  readonly handshakeTime: number;
  readonly now: () => number;
}

/** What messages cost of the patience (BT_LIMITS.useless); to change one's mind costs little, but a flood of that is one too. */
const COST = { message: 1, block: 5, absent: 10, change: 0.1 } as const;

export class Connection {
  readonly name: string;
  /** What the peer has. */
  readonly has: Bitfield;
  peerId: Uint8Array | null = null;
  /** Where it listens: as dialled, or as it said (BEP 10 `p`). */
  listens: Endpoint | null;
  amChoking = true;
  amInterested = false;
  peerChoking = true;
  peerInterested = false;
  snubbed = false;
  /** Pieces that it has and we lack. */
  wanted = 0;
  /** Bytes of blocks: from it, to it. */
  readonly down: RateMeter;
  readonly up: RateMeter;
  readonly since: number;
  /** When a part of a block came last, or when the first was asked for. */
  progressed: number;
  private heard: number;
  private spoke: number;
  private shaken = false;
  private first = true;
  private over = false;
  private readonly wire: Wire;
  private readonly patience: Budget;

  constructor(readonly id: number, readonly remote: Endpoint, readonly dialled: boolean, socket: StreamSocket, private readonly me: Me, private readonly events: ConnectionEvents) {
    const now = me.now();
    const pieces = me.store.torrent.pieceCount;
    this.name = formatEndpoint(remote);
    this.listens = dialled ? remote : null;
    this.has = new Bitfield(pieces);
    this.down = new RateMeter(me.window, now);
    this.up = new RateMeter(me.window, now);
    this.since = this.heard = this.spoke = this.progressed = now;
    this.patience = new Budget(BT_LIMITS.useless.burst, BT_LIMITS.useless.perSecond, now);
    // The longest that makes sense: a block with its head, or the bitfield.
    const most = Math.max(BT_LIMITS.block + 9, Math.ceil(pieces / 8) + 1);
    this.wire = new Wire(socket, me.links, most, {
      handshake: (handshake) => this.onHandshake(handshake),
      message: (message) => this.onMessage(message),
      block: (piece, begin, block) => this.onBlock(piece, begin, block),
      progress: () => (this.progressed = this.heard = me.now()),
      fetch: (range) => this.fetch(range),
      ended: (end) => this.onEnded(end),
    });
    if (dialled) this.shake();
    this.wire.start();
  }

  /** Handshakes are done. */
  get ready(): boolean {
    return this.peerId !== null && !this.over;
  }

  get closed(): boolean {
    return this.over;
  }

  /** Ends the connection because of what the peer is or did. */
  cut(why: CutWhy): void {
    this.finish(why);
  }

  /** Ends it without a word. */
  close(): void {
    this.over = true;
    this.wire.close();
  }

  have(piece: number): void {
    this.say({ type: 'have', piece });
  }

  request({ piece, begin, length }: Block): void {
    this.say({ type: 'request', piece, begin, length });
  }

  cancel({ piece, begin, length }: Block): void {
    this.say({ type: 'cancel', piece, begin, length });
  }

  choke(on: boolean): void {
    if (this.amChoking === on) return;
    this.amChoking = on;
    if (on) this.wire.unqueueAll();
    this.say({ type: on ? 'choke' : 'unchoke' });
  }

  /** Says what has changed. */
  interested(on: boolean): void {
    if (this.amInterested === on) return;
    this.amInterested = on;
    this.say({ type: on ? 'interested' : 'notInterested' });
  }

  /** Time goes by: handshakes and silence have their ends, and our own silence is broken. */
  tick(now: number): void {
    if (this.over) return;
    if (!this.ready && now - this.since > this.me.handshakeTime) return this.cut('handshake-timeout');
    if (now - this.heard > BT_LIMITS.silence) return this.cut('silent');
    if (this.ready && now - this.spoke > BT_LIMITS.keepAlive) this.say({ type: 'keepAlive' });
  }

  private say(message: SmallMessage): void {
    this.spoke = this.me.now();
    this.wire.send(message);
  }

  private shake(): void {
    const { me } = this;
    this.shaken = true;
    this.wire.sendBytes(encodeHandshake({ reserved: reservedFor(['extended']), infoHash: me.store.torrent.infoHash, peerId: me.peerId }));
  }

  private onHandshake({ infoHash, peerId, reserved }: Handshake): void {
    const { me } = this;
    this.heard = me.now();
    if (!equalBytes(infoHash, me.store.torrent.infoHash)) return this.cut('wrong-torrent');
    this.peerId = peerId.slice();
    const unwanted = this.events.joined(this);
    if (unwanted !== null) return this.cut(unwanted);
    if (!this.shaken) this.shake();
    // BEP 3: the bitfield is the first message, and may be left out by who has nothing.
    if (me.store.have.count > 0) this.say({ type: 'bitfield', bits: me.store.have.bytes() });
    if (knows(reserved, 'extended')) {
      const payload = encodeExtendedHandshake({ messages: new Map(), client: 'Looplab', port: me.port, requests: BT_LIMITS.queuedRequests, metadataSize: null });
      this.say({ type: 'extended', id: 0, payload });
    }
  }

  private onMessage(message: SmallMessage): void {
    this.heard = this.me.now();
    const first = this.first;
    this.first = false;
    switch (message.type) {
      case 'choke': case 'unchoke': return this.onChoke(message.type === 'choke');
      case 'interested': case 'notInterested': return this.onInterest(message.type === 'interested');
      case 'have': return this.onHave(message.piece);
      case 'bitfield': return this.onBitfield(message.bits, first);
      case 'request': return this.onRequest(message);
      case 'cancel': return this.wire.unqueue(message) ? undefined : this.useless(COST.message);
      case 'extended':
        // BEP 10 allows another handshake at any time; ours names no message that could come.
        if (message.id === 0) this.onExtended(message.payload);
        return this.useless(COST.message);
      default: return this.useless(COST.message);
    }
  }

  private onChoke(on: boolean): void {
    if (this.peerChoking === on) return this.useless(COST.message);
    this.peerChoking = on;
    if (on) this.events.choked(this);
    else this.events.unchoked(this);
    this.useless(COST.change);
  }

  private onInterest(on: boolean): void {
    if (this.peerInterested === on) return this.useless(COST.message);
    this.peerInterested = on;
    this.events.interest(this);
    this.useless(COST.change);
  }

  private onHave(piece: number): void {
    if (piece >= this.has.size) return this.cut('bad-piece');
    if (!this.gain([piece])) this.useless(COST.message);
  }

  /** BEP 3 has it right behind the handshake; aria2 sends one later in place of many `have`, and takes nothing back with it. */
  private onBitfield(bits: Uint8Array, first: boolean): void {
    const field = Bitfield.from(bits, this.has.size);
    if (field === null) return this.cut('bad-length');
    const fresh: number[] = [];
    for (let piece = 0; piece < field.size; piece++) if (field.has(piece) && !this.has.has(piece)) fresh.push(piece);
    if (!this.gain(fresh) || !first) this.useless(COST.block);
  }

  /** False when none of them is new. */
  private gain(pieces: readonly number[]): boolean {
    const fresh = pieces.filter((piece) => this.has.add(piece));
    if (fresh.length === 0) return false;
    this.wanted += fresh.filter((piece) => !this.me.store.have.has(piece)).length;
    this.events.gained(this, fresh);
    return true;
  }

  private onRequest(range: BlockRange): void {
    const { store } = this.me;
    const { piece, begin, length } = range;
    if (piece >= this.has.size || length === 0 || length > BT_LIMITS.block || begin + length > lengthOfPiece(store.torrent, piece)) return this.cut('bad-request');
    if (!store.have.has(piece)) return this.useless(COST.absent);
    if (this.amChoking) return this.useless(COST.message); // it crossed our choke
    if (this.wire.queued >= BT_LIMITS.queuedRequests) return this.cut('flood');
    this.wire.queue(range);
  }

  private onBlock(piece: number, begin: number, block: Uint8Array): void {
    switch (this.events.block(this, piece, begin, block)) {
      case 'wrong': return this.cut('bad-length');
      case 'unasked': return this.useless(COST.block);
      case 'kept': return;
    }
  }

  private onExtended(payload: Uint8Array): void {
    const said = decodeExtended(0, payload);
    if (said.type === 'handshake' && said.port !== null && said.port > 0 && said.port <= 0xffff && !this.dialled) this.listens = { address: this.remote.address, port: said.port };
  }

  private fetch({ piece, begin, length }: BlockRange): Uint8Array | null {
    const block = this.amChoking ? null : this.me.store.read(piece, begin, length);
    if (block === null) return null;
    this.up.add(length, this.me.now());
    return this.events.upload(block);
  }

  private useless(cost: number): void {
    if (!this.patience.spend(cost, this.me.now())) this.cut('flood');
  }

  private onEnded({ how }: WireEnd): void {
    if (how === 'malformed') this.finish(this.peerId === null ? 'bad-handshake' : 'bad-length');
    else this.finish(how === 'unread' ? 'not-reading' : null);
  }

  private finish(cut: CutWhy | null): void {
    if (this.over) return;
    this.over = true;
    // That a peer has everything is news to the other, too.
    if (cut === 'both-seed') this.wire.finish();
    else this.wire.close();
    this.events.ended(this, cut);
  }
}

/** The name of a peer in Maps. */
export const idText = (peerId: Uint8Array): string => toHex(peerId);
