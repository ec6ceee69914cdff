// TLS of an application story: each record a message, with what it carries by name (RFC 8446 4, 5). With keys in the trace, what is
// sealed is opened; the plaintext is read by a channel of its own, from what our programs saw or, where none of ours took part, so.

import { KeyLog } from '../../codec/tls/decrypt/keyLog';
import { openRecord, type OpenedRecord, type RecordKey } from '../../codec/tls/decrypt/openRecord';
import { HELLO_EXTENSIONS } from '../../codec/tls/extension';
import { HANDSHAKE_HEAD } from '../../codec/tls/handshake';
import { decodeClientHello } from '../../codec/tls/hello';
import { CONTENT, HANDSHAKE } from '../../codec/tls/names';
import { RECORD_HEAD } from '../../codec/tls/record';
import { TlsSessionReader, type SessionRecord } from '../../codec/tls/session';
import { MISSING, type AppContext } from './appContext';
import type { Channel } from './appConn';
import type { Dissector } from './dissector';
import type { MessageRow } from './messageTable';
import type { SessionRow } from './sessionTable';

/** Both directions of a session, and its records in the order in which they were sent: keys that come later read them again. */
export class TlsFeed {
  private readonly keys: KeyLog;
  private reader: TlsSessionReader;
  private readonly order: MessageRow[] = [];
  private readonly done = { up: 0, down: 0 };
  /** The keys of the records that were sealed, by message. */
  private readonly openers = new Map<number, RecordKey>();

  constructor(private readonly context: AppContext, readonly channel: Channel, readonly session: SessionRow) {
    this.keys = new KeyLog(context.sessions.captureKeys);
    this.reader = new TlsSessionReader(this.keys);
  }

  /** A line of a key log. */
  key(line: string): void {
    const before = this.keys.size;
    this.keys.add(line);
    if (this.keys.size === before) return;
    this.session.keys = true;
    this.reader = new TlsSessionReader(this.keys);
    for (const row of this.order) for (const record of this.reader.push(row.dir, this.bytes(row.dir, row.start, row.end))) this.tell(row, record);
    // The record that is not whole yet.
    for (const dir of ['up', 'down'] as const) this.reader.push(dir, this.bytes(dir, this.done[dir], this.channel[dir].fed));
  }

  push(dir: 'up' | 'down', bytes: Uint8Array): SessionRecord[] {
    return this.reader.push(dir, bytes);
  }

  state(dir: 'up' | 'down'): ReturnType<TlsSessionReader['reader']> {
    return this.reader.reader(dir);
  }

  /** A record is whole for the first time. */
  take(row: MessageRow, record: SessionRecord): void {
    this.order.push(row);
    this.done[row.dir] = row.end;
    this.tell(row, record);
  }

  /** What the record was sealed with, opened; null without its key. */
  open(message: number, bytes: Uint8Array): OpenedRecord | null {
    const key = this.openers.get(message);
    return key === undefined ? null : openRecord(key, bytes);
  }

  private tell(row: MessageRow, record: SessionRecord): void {
    const { context, session } = this;
    const { opening, said } = record;
    if (opening.state === 'opened' || opening.state === 'deferred') {
      this.openers.set(row.id, opening.key);
      session.keys = true;
    }
    row.summary = said.map(({ name }) => name).join(', ') || 'Handshake (fragment)';
    row.trouble = said.some(({ alert }) => alert !== null && alert.description !== 0);
    for (const { message } of said) {
      if (message?.type === HANDSHAKE.clientHello) session.serverName ||= HELLO_EXTENSIONS.serverName(decodeClientHello(message.bytes.subarray(HANDSHAKE_HEAD))?.extensions ?? []);
    }
    const { facts } = this.reader;
    session.version = facts.version || session.version;
    session.cipher = facts.cipher || session.cipher;
    session.alpn ||= facts.alpn;
    context.sessions.addRecord(session, row, record);
    const isData = opening.state === 'deferred' || (opening.state === 'opened' && opening.record.contentType === CONTENT.applicationData);
    if (isData) this.plaintext(row);
  }

  /** Where no program of ours tells the plaintext, it is what the keys open. */
  private plaintext(row: MessageRow): void {
    const inner = this.channel.conn.plaintext();
    const stream = inner[row.dir];
    const content = stream.fromKeys ? this.content(row) : null;
    if (content === null) return;
    stream.add({ size: content.length, beneath: this.channel[row.dir], start: row.start, end: row.end, open: () => this.content(row) });
    inner.pump(row.dir);
  }

  private content(row: MessageRow): Uint8Array | null {
    return this.open(row.id, this.bytes(row.dir, row.start, row.end))?.content ?? null;
  }

  /** Bytes beneath; zeros for what the trace does not keep of them. */
  private bytes(dir: 'up' | 'down', start: number, end: number): Uint8Array {
    const kept = this.channel[dir].slice(start, end, end - start);
    if (kept.length === end - start) return kept;
    const padded = new Uint8Array(end - start);
    padded.set(kept);
    return padded;
  }
}

export function tlsDissectors(context: AppContext, channel: Channel): { readonly up: Dissector; readonly down: Dissector } {
  const feed = context.sessions.feed(channel);
  return { up: new TlsDissector(context, feed, 'up'), down: new TlsDissector(context, feed, 'down') };
}

class TlsDissector implements Dissector {
  private row: MessageRow | null = null;
  private failed = false;

  constructor(private readonly context: AppContext, private readonly feeds: TlsFeed, private readonly dir: 'up' | 'down') {}

  feed(bytes: Uint8Array): void {
    for (const record of this.feeds.push(this.dir, bytes)) this.record(record);
    const { failure, partial } = this.feeds.state(this.dir);
    if (failure !== null) this.fail(failure.at, failure.why);
    else if (partial !== null) this.partial(partial.start, partial.have, partial.need);
  }

  /** Application data that the trace does not keep: zeros stand for it. It cannot be opened then, which is all that is lost. */
  skip(size: number): number {
    const { partial } = this.feeds.state(this.dir);
    if (partial === null || partial.have < RECORD_HEAD || this.feeds.channel[this.dir].at(partial.start)?.[0] !== CONTENT.applicationData) return 0;
    const here = Math.min(size, partial.need - partial.have);
    this.feed(new Uint8Array(here));
    return here;
  }

  gap(): void {
    if (this.row === null) return;
    this.row.why = MISSING;
    this.context.messages.touch(this.row);
  }

  end(): void {
    // A record that is not whole stays partial; what became of the session, its programs were told.
  }

  private begin(start: number): MessageRow | null {
    this.row = this.context.messages.add(this.feeds.channel.lines[this.dir], { protocol: 'tls', kind: 'record' }, start);
    return this.row;
  }

  private partial(start: number, have: number, need: number): void {
    const row = this.row ?? this.begin(start);
    if (row === null) return;
    row.end = start + have;
    row.summary = have < RECORD_HEAD ? 'record' : `record of ${need} B`;
    this.context.messages.touch(row);
  }

  private fail(at: number, why: string): void {
    if (this.failed) return;
    this.failed = true;
    const row = this.row ?? this.begin(at);
    if (row === null) return;
    row.state = 'malformed';
    row.why = why;
    row.end = Math.max(row.end, this.feeds.channel[this.dir].fed, at + 1);
    row.summary = 'malformed record';
    row.trouble = true;
    this.context.messages.touch(row);
  }

  private record(record: SessionRecord): void {
    const row = this.row ?? this.begin(record.start);
    this.row = null;
    if (row === null) return;
    row.end = record.end;
    row.state = 'complete';
    this.feeds.take(row, record);
  }
}
