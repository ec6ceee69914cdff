// Conversations side by side: each TLS session and each connection in clear, as rows of what went to and fro, seen with an
// eavesdropper's eyes or with the keys. Pure: the application story and a position in, rows out.

import { walkFields } from '../../../shared/codec/field';
import { previewText } from '../../../shared/trace/preview';
import { formatEndpoint } from '../../../shared/trace/endpoint';
import type { AppMessage, AppStory, TlsMessage, TlsSession } from '../../../shared/trace/app/appStory';
import type { ConnId } from '../../../shared/base/brand';
import type { ConnectionModel, Story } from '../../../shared/trace/story';
import { hasHappened, type HappenedStory } from '../../timeline/happened';
import type { Eyes } from '../../timeline/viewProps';

export interface Row {
  readonly key: string;
  /** Of the message that a click selects. */
  readonly message: number;
  readonly dir: 'up' | 'down';
  /** A name of the protocol: 'Client Hello', 'GET /hello HTTP/1.1'. */
  readonly label: string;
  /** More of it, shortened: what the plaintext begins with. */
  readonly detail: string;
  /** On the wire, in bytes. */
  readonly size: number;
  /** 'clear': anybody can read it; 'sealed': these eyes cannot; 'opened': they can, with the keys. */
  readonly look: 'clear' | 'sealed' | 'opened';
  readonly phase: 'handshake' | 'data' | 'alert';
  readonly arrived: boolean;
  /** When it left, µs since the conversation began. */
  readonly at: number;
}

export interface Conversation {
  readonly conn: ConnId;
  /** Null: in clear. */
  readonly session: TlsSession | null;
  readonly server: string;
  /** 'TLS 1.3'; '' while not known, and in clear. */
  readonly version: string;
  readonly rows: readonly Row[];
  /** Rows that are still to come. */
  readonly later: number;
  /** The keys of the trace open it. */
  readonly keys: boolean;
  readonly failed: boolean;
  /** It goes on with the secrets of an earlier session: no certificate is shown. */
  readonly resumed: boolean;
  readonly startedAt: number;
}

/** Characters of plaintext shown in a row. */
const DETAIL = 60;
/** An alert that only says goodbye is no trouble (RFC 8446 6.1). */
const ALERT = /^Alert(?! \(close notify\))/;
const DATA = /^Application Data/;

/** Oldest first; relayed ones too. What has not happened at `position` is counted, not shown. */
export function conversations(story: Story, app: AppStory, position: number, eyes: Eyes): Conversation[] {
  const sessions = new Map(app.sessions.map((session) => [session.conn, session]));
  const clear = messagesInClear(app, sessions);
  const all: Conversation[] = [];
  for (let index = 0; index < story.connections.count; index++) {
    const conn = story.connections.at(index);
    const session = sessions.get(conn.id) ?? null;
    const messages = clear.get(conn.id) ?? [];
    if (session === null && messages.length === 0) continue;
    const rows = session === null ? messages.map((message) => clearRow(story, position, message, conn)) : onePerSealedRecord(session.messages.map((message, at) => tlsRow(story, app, position, session, message, at, conn, eyes)));
    const shown = rows.filter(({ left }) => left).map(({ row }) => row);
    if (conn.startedAt > 0 && shown.length === 0 && !hasHappened(story, position, null, conn.startedAt)) continue;
    all.push({
      conn: conn.id, session, server: nameOf(session, conn), version: shown.some(({ label }) => label === 'Server Hello') ? (session?.version ?? '') : '', rows: shown, later: rows.length - shown.length,
      keys: session?.keys ?? false, failed: session !== null && session.failure !== null && hasHappened(story, position, session.failure.seq, null), resumed: session !== null && shown.some(({ label }) => label === 'Server Hello') && isResumed(app, session), startedAt: conn.startedAt,
    });
  }
  return all;
}

const resumptions = new WeakMap<TlsSession, boolean>();

/** A server that takes the client's ticket says so in its Server Hello (RFC 8446 4.2.11); in TLS 1.2 no certificate follows (RFC 5077 3.1). */
function isResumed(app: AppStory, session: TlsSession): boolean {
  const known = resumptions.get(session);
  if (known !== undefined) return known;
  const names = session.messages.filter(({ dir }) => dir === 'down').map(({ name }) => name);
  const hello = session.messages.find(({ name }) => name === 'Server Hello');
  const fields = hello === undefined ? null : app.fields(hello.record);
  const psk = fields !== null && [...walkFields(fields)].some(({ node }) => node.name === 'tls.handshake.extensions.psk.identity.selected');
  const short = session.version !== 'TLS 1.3' && names.includes('Change Cipher Spec') && !names.slice(0, names.indexOf('Change Cipher Spec')).includes('Certificate');
  resumptions.set(session, psk || short);
  return psk || short;
}

const nameOf = (session: TlsSession | null, conn: ConnectionModel): string => (session === null || session.serverName === '' ? formatEndpoint(conn.server.endpoint) : session.serverName);

function messagesInClear(app: AppStory, sessions: ReadonlyMap<ConnId, TlsSession>): ReadonlyMap<ConnId, AppMessage[]> {
  const found = new Map<ConnId, AppMessage[]>();
  for (const message of app.messages) {
    if (message.conn === null || message.carrier !== 'tcp' || (message.protocol !== 'http' && message.protocol !== 'http2') || sessions.has(message.conn)) continue;
    const list = found.get(message.conn);
    if (list === undefined) found.set(message.conn, [message]);
    else list.push(message);
  }
  return found;
}

interface Timed {
  readonly row: Row;
  readonly left: boolean;
}

function clearRow(story: HappenedStory, position: number, message: AppMessage, conn: ConnectionModel): Timed {
  return {
    left: hasHappened(story, position, message.sentSeq, message.depart),
    row: {
      key: `m${message.id}`, message: message.id, dir: message.dir, label: message.summary, detail: '', size: message.end - message.start, look: 'clear', phase: 'data',
      arrived: hasHappened(story, position, message.arriveSeq, message.arrive), at: message.depart - conn.startedAt,
    },
  };
}

function tlsRow(story: HappenedStory, app: AppStory, position: number, session: TlsSession, message: TlsMessage, index: number, conn: ConnectionModel, eyes: Eyes): Timed {
  const record = app.message(message.record);
  const canRead = eyes === 'keys' && message.opened;
  const data = DATA.test(message.name);
  const look = message.encrypted ? (canRead ? 'opened' : 'sealed') : 'clear';
  return {
    left: hasHappened(story, position, record?.sentSeq ?? null, message.depart),
    row: {
      key: `t${session.id}.${index}`, message: message.record, dir: message.dir, label: look === 'sealed' && !data ? 'Application Data' : message.name,
      detail: data && canRead ? plaintextOf(app, message) : '', size: record === null || (!data && look !== 'sealed') ? message.length : record.end - record.start, look,
      phase: ALERT.test(message.name) && look !== 'sealed' ? 'alert' : data || look === 'sealed' || message.name.startsWith('Alert') ? 'data' : 'handshake',
      arrived: hasHappened(story, position, record?.arriveSeq ?? null, message.arrive), at: message.depart - conn.startedAt,
    },
  };
}

/** Who cannot open a record sees one record, however many messages lie in it. */
const onePerSealedRecord = (rows: readonly Timed[]): Timed[] => rows.filter(({ row }, index) => row.look !== 'sealed' || rows[index - 1]?.row.message !== row.message);

/** How the opened record begins, on one line. */
function plaintextOf(app: AppStory, message: TlsMessage): string {
  const opened = app.opened(message.record);
  if (opened === null) return '';
  const bytes = opened.bytes.subarray(0, DETAIL);
  const text = new TextDecoder('utf-8').decode(bytes);
  return previewText(text, DETAIL);
}

/** What somebody who only listens learns of a session, as keys of the catalogue with their values. */
export interface Learned {
  readonly key: 'addresses' | 'name' | 'version' | 'sizes' | 'certificate' | 'everything';
  readonly value: string;
}

export function learned({ session, rows }: Conversation, conn: ConnectionModel): Learned[] {
  const ends = `${formatEndpoint(conn.client.endpoint)} → ${formatEndpoint(conn.server.endpoint)}`;
  if (rows.length === 0) return [{ key: 'addresses', value: ends }];
  if (session === null) return [{ key: 'addresses', value: ends }, { key: 'everything', value: '' }];
  const said = (label: string): boolean => rows.some((row) => row.label === label && row.look === 'clear');
  const found: Learned[] = [{ key: 'addresses', value: ends }];
  if (said('Client Hello') && session.serverName !== '') found.push({ key: 'name', value: session.serverName });
  if (said('Server Hello') && session.version !== '') found.push({ key: 'version', value: `${session.version}, ${session.cipher}` });
  if (said('Certificate')) found.push({ key: 'certificate', value: '' });
  const sealed = rows.filter(({ look }) => look !== 'clear');
  if (sealed.length > 0) found.push({ key: 'sizes', value: sealed.map(({ size }) => size).slice(0, 8).join(', ') });
  return found;
}
