// What peers say to each other on the wire (BEP 3), read into the swarm: whose connection it is, choke and interest, blocks and the requests
// for them. Of a peer that is not ours this is all that is known: its pieces are those that it says it has.

import { micros, type Micros } from '../../base/brand';
import { NO_BYTES, toHex } from '../../base/bytes';
import { HANDSHAKE } from '../../codec/bittorrent/handshake';
import type { AppMessage, AppStory, PeerWords } from '../app/appStory';
import { formatEndpoint } from '../endpoint';
import type { ConnectionModel, Story } from '../story';
import { EVENT, type EventLog } from './eventLog';
import type { LinkRow, LinkTable, Waiting } from './linkTable';
import type { PeerRow, PeerTable } from './peerTable';
import type { TorrentTold } from './torrentTold';
import type { TransferTable } from './transferTable';

export interface MessageContext {
  readonly app: AppStory;
  readonly story: Story;
  readonly events: EventLog;
  readonly peers: PeerTable;
  readonly links: LinkTable;
  readonly transfers: TransferTable;
  readonly torrent: TorrentTold;
}

/** The bits of a bitfield begin behind its length and its id (BEP 3). */
const BITFIELD_HEAD = 5;
/** A block by piece and offset, as one number; both stay below 2^26. */
const blockKey = (piece: number, begin: number): number => piece * 0x400_0000 + begin;

export class MessageReader {
  /** What was read of messages. */
  taken = 0;
  /** Messages whose words have been read: all but blocks, which are read again as they come. By id; ids ascend. */
  private readonly done = new Set<number>();

  constructor(private readonly context: MessageContext) {}

  /** A message that is new, or of which more is known. */
  read(message: AppMessage): void {
    if (message.conn === null) return;
    const { links } = this.context;
    const link = links.of(message.conn);
    if (link !== null) return this.said(link, message);
    const waiting = links.waitsFor(message.conn);
    waiting.messages.add(message.id);
    if (message.kind === 'handshake' && message.state === 'complete') {
      if (message.dir === 'up') waiting.shookUp = message.id;
      else waiting.shookDown = message.id;
    }
    const found = this.link(message.conn, waiting);
    if (found === null) return;
    for (const id of waiting.messages) {
      const one = this.context.app.messages[id];
      if (one !== undefined) this.said(found, one);
    }
  }

  /** The link that a connection is, when it is known whose; else null. */
  private link(conn: NonNullable<AppMessage['conn']>, { shookUp, shookDown }: Waiting): LinkRow | null {
    const { app, story, links } = this.context;
    const up = app.messages[shookUp];
    const down = app.messages[shookDown];
    const opened = up === undefined ? down?.depart : down === undefined ? up.depart : micros(Math.min(up.depart, down.depart));
    const model = opened === undefined ? null : story.connection(conn);
    if (opened === undefined || model === null) return null;
    const a = this.peer(model.client, up, opened);
    const b = a === null ? null : this.peer(model.server, down, opened);
    if (a === null || b === null) return null;
    this.taken++;
    return links.add(conn, a, b, formatEndpoint(model.client.endpoint), formatEndpoint(model.server.endpoint), opened);
  }

  /** The peer at one end. One that is not ours is known by the id in its handshake. */
  private peer(side: ConnectionModel['client'], shook: AppMessage | undefined, t: Micros): PeerRow | null {
    const { app, story, peers } = this.context;
    const role = side.sock === null ? null : (story.socket(side.sock)?.role ?? null);
    if (role !== null) return peers.role(role, t);
    if (shook === undefined) return null;
    const bytes = app.bytes(shook.id);
    const endpoint = formatEndpoint(side.endpoint);
    const key = bytes === null || bytes.length < HANDSHAKE.end ? endpoint : toHex(bytes.subarray(HANDSHAKE.end - 20, HANDSHAKE.end));
    return peers.stranger(`${side.host} ${key}`, side.host, endpoint, t);
  }

  private said(link: LinkRow, message: AppMessage): void {
    const words = this.context.app.peerWords(message.id);
    if (words === null) return;
    if (words.type === 'piece') return this.block(link, message, words);
    if (message.state !== 'complete' || this.done.has(message.id)) return;
    this.done.add(message.id);
    const { peers } = this.context;
    const by = peers.get(message.dir === 'up' ? link.a : link.b);
    if (by === null) return;
    this.taken++;
    switch (words.type) {
      case 'handshake': case 'extended': case 'port': case 'keepAlive': return;
      // The first thing that a peer says is what it has (BEP 3); nothing, when it says something else.
      case 'bitfield': return by.beganKnown ? this.gains(by, message, this.bits(message)) : peers.began(by, this.bits(message).filter((piece) => !by.has.has(piece)));
      case 'haveAll': {
        const all = Array.from({ length: this.context.torrent.pieces }, (_, piece) => piece);
        return by.beganKnown ? this.gains(by, message, all) : peers.began(by, all);
      }
      default: if (!by.beganKnown) peers.began(by, []);
    }
    switch (words.type) {
      case 'choke': case 'unchoke': case 'interested': case 'notInterested':
        return this.context.links.says(link, { at: message.depart, by: by.index, what: words.type, message: message.id });
      case 'request':
        link.asked[message.dir].set(blockKey(words.piece, words.begin), message.id);
        return;
      case 'have': return this.gains(by, message, [words.piece]);
      default:
    }
  }

  private bits(message: AppMessage): number[] {
    const bytes = this.context.app.bytes(message.id)?.subarray(BITFIELD_HEAD) ?? NO_BYTES;
    const { torrent } = this.context;
    const most = torrent.pieces === 0 ? bytes.length * 8 : Math.min(torrent.pieces, bytes.length * 8);
    const pieces: number[] = [];
    for (let piece = 0; piece < most; piece++) if (((bytes[piece >> 3] as number) & (0x80 >> (piece & 7))) !== 0) pieces.push(piece);
    return pieces;
  }

  /** It says that it has these pieces, too. Ours have told it (bt.have). */
  private gains(by: PeerRow, message: AppMessage, pieces: readonly number[]): void {
    if (by.role !== null) return;
    for (const piece of pieces) this.context.peers.gains(by, { piece, at: message.depart, seq: null, from: this.givers(by, piece) });
  }

  /** Peers that have sent it blocks of a piece. */
  private givers(to: PeerRow, piece: number): number[] {
    return [...(this.givenTo.get(to.index)?.get(piece) ?? [])];
  }

  /** By receivers that are not ours, and pieces: who sent blocks. */
  private readonly givenTo = new Map<number, Map<number, Set<number>>>();

  private block(link: LinkRow, message: AppMessage, words: PeerWords): void {
    const { transfers } = this.context;
    const known = transfers.rowOf(message.id);
    const row = known < 0 ? this.begins(link, message, words) : known;
    const foreign = this.context.peers.get(transfers.to.at(row))?.role === null;
    const settled = message.arrive ?? (foreign && message.state === 'complete' ? message.sent : null);
    if (settled === null) return;
    const t = Math.max(settled, transfers.depart.at(row));
    const before = transfers.settled.at(row);
    if (before === t) return;
    this.taken++;
    const { events } = this.context;
    if (!Number.isNaN(before)) events.remove(before, EVENT.arrive, row);
    transfers.settle(row, t, message.arrive !== null);
    events.add(t, EVENT.arrive, row);
    // It was thought to be lost with its connection.
    if (link.closedAt !== null && link.closedAt <= t) events.changedFrom = Math.min(events.changedFrom, Math.max(0, events.after(link.closedAt) - 1));
  }

  private begins(link: LinkRow, message: AppMessage, { piece, begin, length }: PeerWords): number {
    const { app, events, transfers, torrent, peers } = this.context;
    const asked = link.asked[message.dir === 'up' ? 'down' : 'up'];
    const key = blockKey(piece, begin);
    const request = asked.get(key) ?? -1;
    asked.delete(key);
    const [from, to] = message.dir === 'up' ? [link.a, link.b] : [link.b, link.a];
    const row = transfers.add({ link: link.index, from, to, piece, begin, length, askedAt: app.messages[request]?.depart ?? null, depart: message.depart, message: message.id, request });
    events.add(message.depart, EVENT.depart, row);
    torrent.block(piece, begin + length);
    this.taken++;
    if (peers.get(to)?.role === null) this.gives(from, to, piece);
    return row;
  }

  private gives(from: number, to: number, piece: number): void {
    const pieces = this.givenTo.get(to) ?? new Map<number, Set<number>>();
    this.givenTo.set(to, pieces);
    const givers = pieces.get(piece) ?? new Set<number>();
    pieces.set(piece, givers);
    givers.add(from);
  }
}
