// BitTorrent of an application story: the handshake and each message between two peers (BEP 3). A swarm has a hundred thousand of them:
// blocks are told by their place, numbers are kept beside the message, and nothing else of it is.

import { equalBytes } from '../../base/bytes';
import { decodeExtended } from '../../codec/bittorrent/extended';
import type { Handshake } from '../../codec/bittorrent/handshake';
import { BitTorrentStreamReader, type PieceMessage, type ReadMessage, type StreamMessage } from '../../codec/bittorrent/stream';
import { messageText } from '../../codec/bittorrent/summary';
import { MISSING, type AppContext } from './appContext';
import type { Channel } from './appConn';
import type { PeerWords } from './appStory';
import type { Dissector } from './dissector';
import type { MessageRow } from './messageTable';

/** What one end has said that the other direction's messages need. */
interface PeerEnd {
  handshake: Handshake | null;
  /** Names of extended messages that it receives, by their numbers (BEP 10). */
  names: ReadonlyMap<number, string>;
}

export function bitTorrentDissectors(context: AppContext, channel: Channel): { readonly up: Dissector; readonly down: Dissector } {
  const client: PeerEnd = { handshake: null, names: new Map() };
  const server: PeerEnd = { handshake: null, names: new Map() };
  return { up: new BitTorrentDissector(context, channel, 'up', client, server), down: new BitTorrentDissector(context, channel, 'down', server, client) };
}

class BitTorrentDissector implements Dissector {
  private readonly reader = new BitTorrentStreamReader();
  /** The message that is not whole. */
  private row: MessageRow | null = null;
  private failed = false;

  constructor(private readonly context: AppContext, private readonly channel: Channel, private readonly dir: 'up' | 'down', private readonly own: PeerEnd, private readonly other: PeerEnd) {}

  feed(bytes: Uint8Array): void {
    this.all(this.reader.push(bytes));
    const { failure } = this.reader;
    if (failure !== null) this.fail(failure.at, failure.why);
    else this.partial();
  }

  skip(size: number): number {
    const here = Math.min(size, this.reader.skippable);
    if (here === 0) return 0;
    this.all(this.reader.skip(here));
    this.partial();
    return here;
  }

  gap(): void {
    if (this.row === null) return;
    this.row.why = MISSING;
    this.context.messages.touch(this.row);
  }

  end(): void {
    // What is not whole stays partial.
  }

  private all(read: readonly ReadMessage[]): void {
    for (const one of read) this.read(one);
  }

  private read({ start, end, message }: ReadMessage): void {
    const row = this.row ?? this.begin(start);
    this.row = null;
    if (row === null) return;
    row.end = end;
    row.state = 'complete';
    row.peer = wordsOf(message);
    row.summary = message.type === 'handshake' ? this.handshake(message, row) : messageText(message, message.type === 'extended' ? (this.other.names.get(message.id) ?? null) : null);
    if (message.type === 'extended' && message.id === 0) this.extended(message.payload, row);
    this.context.messages.touch(row);
  }

  /** Both ends must mean the same torrent (BEP 3). */
  private handshake(message: Handshake, row: MessageRow): string {
    this.own.handshake = message;
    row.trouble = this.other.handshake !== null && !equalBytes(this.other.handshake.infoHash, message.infoHash);
    return row.trouble ? 'Handshake of another torrent' : 'Handshake';
  }

  private extended(payload: Uint8Array, row: MessageRow): void {
    const said = decodeExtended(0, payload);
    if (said.type === 'handshake') this.own.names = new Map([...said.messages].map(([name, id]) => [id, name]));
    else row.trouble = true;
  }

  private partial(): void {
    const { partial } = this.reader;
    if (partial === null) return;
    const row = this.row ?? this.begin(partial.start);
    if (row === null) return;
    row.end = partial.start + partial.have;
    if (partial.piece !== null && row.peer === null) {
      row.peer = wordsOf(partial.piece);
      row.summary = messageText(partial.piece);
    } else if (partial.piece === null) row.summary = row.kind === 'handshake' ? 'Handshake' : 'message';
    this.context.messages.touch(row);
  }

  private begin(start: number): MessageRow | null {
    this.row = this.context.messages.add(this.channel.lines[this.dir], { protocol: 'bittorrent', kind: this.own.handshake === null ? 'handshake' : 'message' }, start);
    return this.row;
  }

  private fail(at: number, why: string): void {
    if (this.failed) return;
    this.failed = true;
    const row = this.row ?? this.begin(at);
    if (row === null) return;
    row.state = 'malformed';
    row.why = `at byte ${at - row.start}: ${why}`;
    row.end = Math.max(row.end, at + 1);
    row.summary = 'malformed';
    row.trouble = true;
    this.context.messages.touch(row);
  }
}

/** Messages without numbers share theirs. */
const plain = new Map<StreamMessage['type'], PeerWords>();

function wordsOf(message: StreamMessage | PieceMessage): PeerWords {
  const { type } = message;
  switch (type) {
    case 'have': case 'suggest': case 'allowedFast': return { type, piece: message.piece, begin: -1, length: -1 };
    case 'request': case 'cancel': case 'reject': case 'piece': return { type, piece: message.piece, begin: message.begin, length: message.length };
    default: {
      const known = plain.get(type);
      if (known !== undefined) return known;
      const words = Object.freeze({ type, piece: -1, begin: -1, length: -1 });
      plain.set(type, words);
      return words;
    }
  }
}
