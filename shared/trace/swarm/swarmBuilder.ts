// Derives the story of a swarm from an application story: notes of the peers (readNotes), messages between them, connections that end. It
// goes on where it stopped, so that a live trace costs what is new in it. What happened when is kept by eventLog.ts, for at(t).

import { micros, type Micros } from '../../base/brand';
import type { AppMessage, AppStory } from '../app/appStory';
import type { Story } from '../story';
import { EventLog } from './eventLog';
import { lifeOf } from './lifeOf';
import { LinkTable } from './linkTable';
import { MessageReader } from './messageReader';
import { NoteReader } from './noteReader';
import { PeerTable } from './peerTable';
import { PLAYER, SwarmPlayer, type PlayerLimits } from './swarmPlayer';
import type { SwarmStory } from './swarmStory';
import { TorrentTold } from './torrentTold';
import { TransferTable } from './transferTable';

const builders = new WeakMap<AppStory, SwarmBuilder>();

/** The swarm of a trace, as far as the trace goes now. The same object for the same `app`, which grows with it. */
export function swarmOf(app: AppStory, story: Story): SwarmStory {
  const known = builders.get(app);
  const builder = known ?? new SwarmBuilder(app, story);
  if (known === undefined) builders.set(app, builder);
  builder.advance();
  return builder.swarm;
}

export class SwarmBuilder {
  readonly swarm: SwarmStory;
  private readonly events = new EventLog();
  private readonly peers: PeerTable;
  private readonly links: LinkTable;
  private readonly transfers = new TransferTable();
  private readonly torrent = new TorrentTold();
  private readonly notes: NoteReader;
  private readonly messages: MessageReader;
  private version = 0;
  private seen = -1;
  /** How far the lists of the application story have been read: notes, changes, closings; and messages that are known. */
  private notesRead = 0;
  private changesRead = 0;
  private closingsRead = 0;
  private known = 0;

  constructor(private readonly app: AppStory, story: Story, private readonly limits: PlayerLimits = PLAYER) {
    const { events, transfers, torrent } = this;
    this.peers = new PeerTable(story, events);
    this.links = new LinkTable(this.peers, events);
    this.notes = new NoteReader({ story, events, peers: this.peers, links: this.links, torrent });
    this.messages = new MessageReader({ app, story, events, peers: this.peers, links: this.links, transfers, torrent });
    this.swarm = this.told();
  }

  /** Works through what is new in the application story; the cost is that alone. */
  advance(): void {
    const { app } = this;
    if (this.seen === app.version) return;
    this.seen = app.version;
    const before = this.progress();
    const changes = app.changes;
    const end = changes?.length ?? 0;
    for (let n = this.changesRead; changes !== undefined && n < end; n++) {
      const message = app.messages[changes.at(n)];
      if (message?.protocol === 'bittorrent') this.message(message);
    }
    this.changesRead = end;
    this.notesBefore(Number.POSITIVE_INFINITY);
    for (const closings = app.closings ?? []; this.closingsRead < closings.length; this.closingsRead++) {
      const closing = closings[this.closingsRead];
      if (closing !== undefined) this.links.closes(closing.conn, closing.at);
    }
    if (this.peers.ends() || this.progress() !== before) this.version++;
  }

  /** What a program noted before it sent something is read before that. */
  private message(message: AppMessage): void {
    if (message.id >= this.known) {
      this.known = message.id + 1;
      this.notesBefore(message.sentSeq);
    }
    this.messages.read(message);
  }

  private notesBefore(seq: number): void {
    for (const { notes } = this.app; this.notesRead < notes.length; this.notesRead++) {
      const noted = notes[this.notesRead];
      if (noted === undefined || noted.seq >= seq) return;
      this.notes.read(noted);
    }
  }

  private progress(): number {
    return this.notes.taken + this.messages.taken + this.closingsRead;
  }

  private told(): SwarmStory {
    const { peers, links, transfers, torrent, notes, events } = this;
    const player = new SwarmPlayer({ events, peers, links, transfers, chooser: (choice) => notes.choices[choice]?.peer ?? 0 }, () => torrent.pieces, this.limits);
    const version = (): number => this.version;
    const swarm: SwarmStory = {
      get version() {
        return version();
      },
      get torrent() {
        return torrent.told;
      },
      peers: peers.rows, links: links.rows, transfers, choices: notes.choices, slots: notes.slots, bad: notes.bad,
      peerOf: (given) => (typeof given === 'string' ? peers.at(given) : peers.last(given)),
      transferOf: (message) => {
        const row = transfers.rowOf(message);
        return row < 0 ? null : transfers.at(transfers.indexOf(row));
      },
      at: (t: Micros) => player.at(micros(Number.isNaN(t) ? 0 : t)),
      lifeOf: (piece, peer) => lifeOf(swarm, transfers, piece, peer ?? null),
    };
    return swarm;
  }
}
