// TLS sessions of an application story: what the records in clear say, what the programs were told, and with the keys of the trace what
// the sealed records hold. Rows that the dissector writes; the objects that views read are made anew for those that have changed.

import { eventSeq, micros, type RoleIx } from '../../base/brand';
import type { FieldNode } from '../../codec/field';
import { fieldsOfOpened, fieldsOfRecord } from '../../codec/tls/fields';
import { KeyLog } from '../../codec/tls/decrypt/keyLog';
import { VERSION_NAMES } from '../../codec/tls/names';
import type { SessionRecord } from '../../codec/tls/session';
import type { Fact } from '../event';
import { record, string } from '../foldHosts';
import type { Story } from '../story';
import type { AppConn, Channel } from './appConn';
import type { AppContext } from './appContext';
import type { AppStory, TlsMessage, TlsSession } from './appStory';
import type { MessageRow } from './messageTable';
import { ModelList } from './modelList';
import { TlsFeed } from './tlsDissector';

/** What the reader of the stream knew of a record. */
interface RecordAbout {
  /** Its place among the session's records. */
  readonly at: number;
  readonly session: SessionRow;
  sealed: boolean;
  continued: number;
  /** Its messages: first and number in the session's list. */
  first: number;
  count: number;
}

export class SessionRow {
  version = '';
  cipher = '';
  alpn = '';
  serverName = '';
  clientSecured: number | null = null;
  serverSecured: number | null = null;
  failure: TlsSession['failure'] = null;
  /** The trace holds keys of it. */
  keys = false;
  readonly messages: TlsMessage[] = [];
  /** Its records, and by direction their messages' ids in order. */
  readonly records: RecordAbout[] = [];
  readonly ids = { up: [] as number[], down: [] as number[] };
  feed: TlsFeed | null = null;
  /** Keys that were logged before the first record. */
  early: string[] = [];
  dirty = false;

  constructor(readonly id: number, readonly conn: AppConn) {}
}

export class SessionTable {
  private readonly models = new ModelList((row: SessionRow) => this.model(row));
  readonly list: readonly TlsSession[] = this.models.list;
  private readonly rows: SessionRow[] = [];
  private readonly ofConn = new Map<number, SessionRow>();
  private readonly records = new Map<number, RecordAbout>();
  private joined: AppContext | null = null;

  /** For whichever session has such a client hello. */
  readonly captureKeys = new KeyLog();

  constructor(private readonly story: Story) {}

  /** The tables that it works with; given once all are made. */
  join(context: AppContext): void {
    this.joined = context;
  }

  private get context(): AppContext {
    if (this.joined === null) throw new Error('the table of sessions has no context yet');
    return this.joined;
  }

  /** The session on a connection; made when it is first heard of. */
  of(conn: AppConn): SessionRow {
    const known = this.ofConn.get(conn.id);
    if (known !== undefined) return known;
    const row = new SessionRow(this.rows.length, conn);
    this.rows.push(row);
    this.ofConn.set(conn.id, row);
    this.touch(row);
    return row;
  }

  touch(row: SessionRow): void {
    this.models.touch(row);
  }

  /** What reads the records of a session. */
  feed(channel: Channel): TlsFeed {
    const session = this.of(channel.conn);
    session.feed ??= new TlsFeed(this.context, channel, session);
    for (const line of session.early) session.feed.key(line);
    session.early = [];
    return session.feed;
  }

  /** A record is whole, or the keys have opened it: one message for each that it completes, in the place of what was told before. */
  addRecord(session: SessionRow, row: MessageRow, record: SessionRecord): void {
    const known = this.records.get(row.id);
    const about: RecordAbout = known ?? { at: session.records.length, session, sealed: record.sealed, continued: record.continued, first: session.messages.length, count: 0 };
    if (known === undefined) {
      this.records.set(row.id, about);
      session.records.push(about);
      session.ids[row.dir].push(row.id);
    }
    const list = record.said.map((one): TlsMessage => ({
      record: session.ids[row.dir][one.record] ?? row.id, dir: row.dir, name: one.name, encrypted: one.encrypted, opened: one.opened, start: one.start, length: one.length,
      depart: micros(0), arrive: null,
    }));
    session.messages.splice(about.first, about.count, ...list);
    const grown = list.length - about.count;
    about.count = list.length;
    if (grown !== 0) for (const later of session.records.slice(about.at + 1)) later.first += grown;
    this.context.messages.touch(row);
    this.touch(session);
  }

  /** key.logged of no socket: of a capture's own keys, which come before its packets. */
  keyOfCapture(line: string): void {
    this.captureKeys.add(line);
  }

  /** tls.secured, tls.failed, key.logged */
  told(conn: AppConn, fact: Fact, isServer: boolean): void {
    const row = this.of(conn);
    this.touch(row);
    if (fact.kind === 'key.logged') {
      row.keys = true;
      if (row.feed === null) row.early.push(fact.text);
      else row.feed.key(fact.text);
      return;
    }
    if (fact.kind === 'tls.failed') {
      row.failure ??= { seq: eventSeq(fact.seq), code: fact.err, text: fact.text, role: fact.role };
      return;
    }
    if (isServer) row.serverSecured ??= fact.t;
    else row.clientSecured ??= fact.t;
    const said = record(fact.text);
    row.version ||= versionName(string(said['version']));
    row.cipher ||= string(said['cipher']);
    row.alpn ||= string(said['alpn']);
    row.serverName ||= string(said['serverName']);
  }

  plaintext(conn: AppConn): void {
    this.touch(this.of(conn));
  }

  connJoined(conn: AppConn): void {
    const row = this.ofConn.get(conn.id);
    if (row !== undefined) this.touch(row);
  }

  /** The times of a record have changed: so have those of what it carries. */
  messageChanged(row: MessageRow): void {
    const about = row.protocol === 'tls' ? this.records.get(row.id) : undefined;
    const { list } = this.context.messages;
    const own = list[row.id];
    if (about === undefined || own === undefined) return;
    for (let n = about.first; n < about.first + about.count; n++) {
      const message = about.session.messages[n];
      if (message !== undefined) about.session.messages[n] = { ...message, depart: (list[message.record] ?? own).depart, arrive: own.arrive };
    }
    this.touch(about.session);
  }

  /** Makes the objects of changed rows. */
  refresh(): void {
    this.models.refresh();
  }

  fields(row: MessageRow, bytes: Uint8Array): FieldNode {
    const about = this.records.get(row.id);
    if (about === undefined) return fieldsOfRecord(bytes);
    return fieldsOfRecord(bytes, { sealed: about.sealed, continued: about.continued, ...this.form(about.session) });
  }

  /** What a sealed record holds; null without its key. */
  opened(row: MessageRow, bytes: Uint8Array | null): ReturnType<AppStory['opened']> {
    const about = this.records.get(row.id);
    const record = about === undefined || bytes === null ? null : (about.session.feed?.open(row.id, bytes) ?? null);
    if (about === undefined || record === null) return null;
    return { bytes: record.inner.slice(), fields: fieldsOfOpened(record.inner, record.contentType, record.content.length, this.form(about.session)) };
  }

  private form({ version }: SessionRow): { readonly tls13?: boolean } {
    return version === '' ? {} : { tls13: version === 'TLS 1.3' };
  }

  private model(row: SessionRow): TlsSession {
    const { conn } = row;
    return {
      id: row.id, conn: conn.id, clientRole: this.roleOf(conn.clientSock), serverRole: this.roleOf(conn.serverSock),
      version: row.version, cipher: row.cipher, alpn: row.alpn, serverName: row.serverName, messages: row.messages,
      clientSecured: row.clientSecured === null ? null : micros(row.clientSecured), serverSecured: row.serverSecured === null ? null : micros(row.serverSecured),
      failure: row.failure, plaintextUp: conn.inner?.up.known ?? 0, plaintextDown: conn.inner?.down.known ?? 0, keys: row.keys,
    };
  }

  private roleOf(sock: AppConn['clientSock']): RoleIx | null {
    return sock === null ? null : (this.story.socket(sock)?.role ?? null);
  }
}

/** 'TLSv1.3' of node:tls as the records say it: 'TLS 1.3'. */
function versionName(given: string): string {
  const name = given.replace(/^TLSv/, 'TLS ').replace(/^TLS 1$/, 'TLS 1.0');
  return [...VERSION_NAMES.values()].includes(name) ? name : given;
}
