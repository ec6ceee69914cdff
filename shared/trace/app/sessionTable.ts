// TLS sessions of an application story: what the records in clear say, what the programs were told, and with the keys of the trace what
// the sealed records hold. Rows that the dissector writes; the objects that views read are made anew for those that have changed.

import { eventSeq, micros, type RoleIx } from '../../base/brand';
import type { FieldNode } from '../../codec/field';
import { fieldsOfRecord } from '../../codec/tls/fields';
import { VERSION_NAMES } from '../../codec/tls/names';
import type { Fact } from '../event';
import { record, string } from '../foldHosts';
import type { Story } from '../story';
import type { AppConn } from './appConn';
import type { AppStory, TlsMessage, TlsSession } from './appStory';
import type { MessageRow, MessageTable } from './messageTable';
import { TlsKeys } from './tlsKeys';

/** A message in a record, without its times. */
export type MessageInRecord = Pick<TlsMessage, 'name' | 'encrypted' | 'opened' | 'start' | 'length'>;

/** What the reader of the stream knew of a record. */
interface RecordAbout {
  readonly session: SessionRow;
  readonly sealed: boolean;
  readonly continued: number;
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
  readonly messages: TlsMessage[] = [];
  readonly keys: TlsKeys;
  dirty = false;

  constructor(readonly id: number, readonly conn: AppConn) {
    this.keys = new TlsKeys();
  }
}

export class SessionTable {
  readonly list: TlsSession[] = [];
  private readonly rows: SessionRow[] = [];
  private changed: SessionRow[] = [];
  private readonly ofConn = new Map<number, SessionRow>();
  private readonly records = new Map<number, RecordAbout>();

  constructor(private readonly messages: MessageTable, private readonly story: Story) {}

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
    if (row.dirty) return;
    row.dirty = true;
    this.changed.push(row);
  }

  /** A record is whole. */
  addRecord(session: SessionRow, row: MessageRow, about: { readonly sealed: boolean; readonly continued: number }, messages: readonly MessageInRecord[]): void {
    const record: RecordAbout = { session, ...about, first: session.messages.length, count: messages.length };
    this.records.set(row.id, record);
    for (const message of messages) session.messages.push({ ...message, record: row.id, dir: row.dir, depart: micros(0), arrive: null });
    this.messages.touch(row);
    this.touch(session);
  }

  /** The keys have opened a record that was sealed: one message for each that it holds, in the place of the one that stood for them. */
  openRecord(row: MessageRow, messages: readonly MessageInRecord[]): void {
    const about = this.records.get(row.id);
    if (about === undefined) return;
    const { session } = about;
    const list = messages.map((message) => ({ ...message, record: row.id, dir: row.dir, depart: micros(0), arrive: null }));
    session.messages.splice(about.first, about.count, ...list);
    const grown = list.length - about.count;
    about.count = list.length;
    if (grown !== 0) for (const other of this.records.values()) if (other !== about && other.session === session && other.first > about.first) other.first += grown;
    row.summary = messages.map(({ name }) => name).join(', ') || row.summary;
    this.messages.touch(row);
    this.touch(session);
  }

  /** tls.secured, tls.failed, key.logged */
  told(conn: AppConn, fact: Fact, isServer: boolean): void {
    const row = this.of(conn);
    this.touch(row);
    if (fact.kind === 'key.logged') return row.keys.line(fact.text);
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
    const own = this.messages.list[row.id];
    if (about === undefined || own === undefined) return;
    for (let n = about.first; n < about.first + about.count; n++) {
      const message = about.session.messages[n];
      if (message !== undefined) about.session.messages[n] = { ...message, depart: own.depart, arrive: own.arrive };
    }
    this.touch(about.session);
  }

  /** Makes the objects of changed rows. */
  refresh(): void {
    const { changed } = this;
    this.changed = [];
    changed.sort((one, other) => one.id - other.id);
    for (const row of changed) {
      row.dirty = false;
      this.list[row.id] = this.model(row);
    }
  }

  fields(row: MessageRow, bytes: Uint8Array): FieldNode {
    const about = this.records.get(row.id);
    if (about === undefined) return fieldsOfRecord(bytes);
    return fieldsOfRecord(bytes, { sealed: about.sealed, continued: about.continued, ...this.form(about.session) });
  }

  /** What a sealed record holds; null without keys. */
  opened(row: MessageRow, bytes: Uint8Array | null): ReturnType<AppStory['opened']> {
    const about = this.records.get(row.id);
    if (about === undefined || !about.sealed || bytes === null) return null;
    return about.session.keys.open(row.id, this.form(about.session));
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
      failure: row.failure, plaintextUp: conn.inner?.up.known ?? 0, plaintextDown: conn.inner?.down.known ?? 0, keys: row.keys.any,
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
