// What peers note of their own decisions, read into the swarm: who they are, which piece they chose and why, which are whole, to whom they
// give, whom they cut. Peers call each other by the other end of the connection ('address:port').

import type { AppStory } from '../app/appStory';
import type { CutWhy, Note } from '../notes';
import type { Story } from '../story';
import { formatEndpoint } from '../endpoint';
import type { EventLog } from './eventLog';
import { EVENT } from './eventLog';
import type { LinkTable } from './linkTable';
import type { PeerRow, PeerTable } from './peerTable';
import { index, number, peerTold, text, texts } from './readNote';
import type { BadPiece, PieceChoice, SlotChange } from './swarmStory';
import type { TorrentTold } from './torrentTold';

type Noted = AppStory['notes'][number];

/** Reasons that say that the other did wrong. A peer that is slow or has nothing to say may mean well. */
const WRONG: ReadonlySet<CutWhy> = new Set(['bad-handshake', 'wrong-torrent', 'bad-hash', 'bad-length', 'bad-piece', 'bad-request', 'flood', 'not-reading']);

export interface NoteContext {
  readonly story: Story;
  readonly events: EventLog;
  readonly peers: PeerTable;
  readonly links: LinkTable;
  readonly torrent: TorrentTold;
}

export class NoteReader {
  readonly choices: PieceChoice[] = [];
  readonly slots: SlotChange[] = [];
  readonly bad: BadPiece[] = [];
  /** Notes of peers that were read. */
  taken = 0;
  /** Connections of the story by the endpoint that dialled; those that have begun until now. */
  private readonly dialled = new Map<string, number>();
  private connections = 0;

  constructor(private readonly context: NoteContext) {}

  read(noted: Noted): void {
    const { note } = noted;
    switch (note.topic) {
      case 'bt.peer': return this.peer(noted, note);
      case 'bt.chose': return this.chose(noted, note);
      case 'bt.have': return this.have(noted, note);
      case 'bt.bad': return this.isBad(noted, note);
      case 'bt.choke': return this.slot(noted, note);
      case 'bt.cut': return this.cut(noted, note);
      case 'bt.done': return void this.by(noted);
      default:
    }
  }

  /** The peer that says it. */
  private by({ role, t }: Noted): PeerRow | null {
    this.taken++;
    return this.context.peers.role(role, t);
  }

  private peer({ role, t, seq }: Noted, note: Extract<Note, { topic: 'bt.peer' }>): void {
    const said = peerTold(note);
    this.taken++;
    this.context.torrent.tells(said.pieces, said.pieceLength, said.size);
    this.context.peers.tells(role, t, seq, said);
  }

  private chose(noted: Noted, { piece, from, why, copies }: Extract<Note, { topic: 'bt.chose' }>): void {
    const peer = this.by(noted);
    if (peer === null || index(piece) < 0) return;
    this.context.events.add(noted.t, EVENT.chose, this.choices.length);
    this.choices.push({ seq: noted.seq, at: noted.t, peer: peer.index, piece, from: this.other(peer, text(from))?.index ?? -1, why, copies: number(copies) });
  }

  private have(noted: Noted, { piece, of, from }: Extract<Note, { topic: 'bt.have' }>): void {
    const peer = this.by(noted);
    if (peer === null || index(piece) < 0) return;
    this.context.torrent.counts(index(of));
    this.context.peers.gains(peer, { piece, at: noted.t, seq: noted.seq, from: this.others(peer, from) });
  }

  private isBad(noted: Noted, { piece, from }: Extract<Note, { topic: 'bt.bad' }>): void {
    const peer = this.by(noted);
    if (peer === null || index(piece) < 0) return;
    const others = this.others(peer, from);
    this.bad.push({ seq: noted.seq, at: noted.t, peer: peer.index, piece, from: others });
    const liar = others.length === 1 ? this.context.peers.get(others[0] as number) : null;
    if (liar !== null) liar.hostile = true;
  }

  private slot(noted: Noted, { peer: name, what, why, rate }: Extract<Note, { topic: 'bt.choke' }>): void {
    const peer = this.by(noted);
    const to = peer === null ? null : this.other(peer, text(name));
    if (peer === null || to === null) return;
    this.slots.push({ seq: noted.seq, at: noted.t, peer: peer.index, to: to.index, what: what === 'choke' ? 'choke' : 'unchoke', why, rate: number(rate) });
  }

  private cut(noted: Noted, { peer: name, why }: Extract<Note, { topic: 'bt.cut' }>): void {
    const by = this.by(noted);
    if (by === null) return;
    const link = this.context.links.named(by, text(name));
    if (link !== null) link.cut ??= { at: noted.t, seq: noted.seq, by: by.index, why };
    if (!WRONG.has(why)) return;
    const other = this.other(by, text(name)) ?? this.caller(text(name), noted.t);
    if (other === null || other === by) return;
    // Honest programs of others begin with an encrypted handshake, and try again without when they are cut.
    if (why !== 'bad-handshake' || other.role !== null) other.hostile = true;
  }

  private other(peer: PeerRow, name: string): PeerRow | null {
    const { links, peers } = this.context;
    const link = links.named(peer, name);
    return link === null ? peers.at(name) : peers.get(link.a === peer.index ? link.b : link.a);
  }

  private others(peer: PeerRow, names: unknown): number[] {
    const found = new Set<number>();
    for (const name of texts(names)) {
      const other = this.other(peer, name);
      if (other !== null) found.add(other.index);
    }
    return [...found];
  }

  /** One of ours that dialled and was cut before a handshake of it was known. */
  private caller(name: string, t: number): PeerRow | null {
    const { story, peers } = this.context;
    for (; this.connections < story.connections.count; this.connections++) {
      const { client, startedAt } = story.connections.at(this.connections);
      if (startedAt > t) break;
      this.dialled.set(formatEndpoint(client.endpoint), this.connections);
    }
    const at = this.dialled.get(name);
    const sock = at === undefined ? null : story.connections.at(at).client.sock;
    const role = sock === null ? null : (story.socket(sock)?.role ?? null);
    return role === null ? null : peers.role(role, t);
  }
}
