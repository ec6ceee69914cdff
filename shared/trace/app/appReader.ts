// The application story as readers see it: lists that grow, and bytes, trees and bodies made on demand and kept for a while.

import { NO_BYTES } from '../../base/bytes';
import { fieldsOfMessage } from '../../codec/bittorrent/fields';
import { fieldsOfTracker } from '../../codec/btTracker/fields';
import { codec as dnsCodec } from '../../codec/dns/codec';
import type { FieldNode } from '../../codec/field';
import { never } from '../../base/assert';
import { KIND_CODE } from '../event';
import { segmentPayload } from '../segmentPayload';
import type { AppConn } from './appConn';
import type { AppContext } from './appContext';
import type { AppStory, ConnClosing } from './appStory';
import type { ByteStream } from './byteStream';
import type { Dissectors } from './dissectors';
import type { Datagrams } from './datagrams';
import type { PartRow } from './exchangeRow';
import { http1Fields } from './http1Fields';
import { segmentOfFact, type MessageRow } from './messageTable';
import { familyOf } from './trackerDatagrams';

export type AppNotes = AppStory['notes'][number][];

export interface AppParts {
  readonly context: AppContext;
  readonly dissectors: Dissectors;
  readonly datagrams: Datagrams;
  readonly notes: AppNotes;
  readonly closings: readonly ConnClosing[];
  version(): number;
  ofSock(sock: number): AppConn | null;
  ofConn(id: number): AppConn | null;
}

const NOTHING: readonly number[] = [];

export function tellApp(parts: AppParts): AppStory {
  const { context, notes } = parts;
  const { messages, exchanges, sessions, dns, lookups, limits } = context;
  const trees = new Recent<FieldNode>(limits.cached);
  const opened = new Recent<NonNullable<ReturnType<AppStory['opened']>>>(limits.cached);
  const bytes = (id: number): Uint8Array<ArrayBuffer> | null => {
    const row = messages.get(id);
    const found = row === null ? NO_BYTES : bytesOf(parts, row);
    return found.length === 0 ? null : found;
  };
  return {
    get version() {
      return parts.version();
    },
    get full() {
      return messages.full;
    },
    messages: messages.list,
    changes: messages.changes,
    closings: parts.closings,
    exchanges: exchanges.list,
    queries: dns.list,
    lookups: lookups.list,
    sessions: sessions.list,
    notes,
    message: (id) => messages.list[id] ?? null,
    messagesOfFact: (seq) => ofFact(parts, seq),
    messagesOfSegment: (id) => ofSegment(parts, id),
    bytes,
    fields: (id) => {
      const row = messages.get(id);
      const own = row === null ? null : bytes(id);
      if (row === null || own === null) return null;
      return trees.get(`${id} ${row.state} ${own.length}`, () => fieldsOf(parts, row, own));
    },
    opened: (id) => {
      const row = messages.get(id);
      return row === null || row.protocol !== 'tls' ? null : opened.get(`${id} ${row.state}`, () => sessions.opened(row, bytes(id)));
    },
    body: (exchange, side) => {
      const row = exchanges.rows[exchange];
      const part = side === 'request' ? row?.request : row?.response;
      if (part === undefined || part === null) return { bytes: NO_BYTES, kept: 0, size: 0, coding: '' };
      const body = bodyOf(part, limits.bytes);
      return { bytes: body, kept: body.length, size: part.bodySize, coding: codingOf(part) };
    },
    bodyRead: (exchange, t) => {
      const part = exchanges.rows[exchange]?.response ?? null;
      return part === null ? 0 : part.bodyBefore(part.stream.readUntil(t));
    },
    exchangeOf: (id) => exchanges.list[messages.get(id)?.exchange ?? -1] ?? null,
    queryOf: (id) => dns.of(messages.get(id)?.query ?? -1),
    peerWords: (id) => messages.get(id)?.peer ?? null,
  };
}

function bytesOf({ context }: AppParts, row: MessageRow): Uint8Array<ArrayBuffer> {
  if (row.line !== null) return row.line.stream.slice(row.start, row.end, context.limits.bytes);
  return new Uint8Array(segmentPayload(context.trace, context.story.segments.at(row.segment)) ?? NO_BYTES);
}

function fieldsOf({ context, dissectors }: AppParts, row: MessageRow, bytes: Uint8Array<ArrayBuffer>): FieldNode | null {
  switch (row.protocol) {
    case 'dns': return dnsCodec.fields(bytes, { transport: row.line === null ? 'udp' : 'tcp' }, 0);
    case 'http': return http1Fields(bytes, row.kind === 'request' ? null : (context.exchanges.rows[row.exchange]?.request.head.method ?? null), row.kind);
    case 'http2': return dissectors.blocks.fields(row.id, bytes);
    case 'tls': return context.sessions.fields(row, bytes);
    case 'bittorrent': return fieldsOfMessage(bytes);
    case 'bt-tracker': return fieldsOfTracker(bytes, { way: row.kind === 'query' ? 'request' : 'response', family: familyOf(context.story.segments.at(row.segment)) });
    default: return never(row.protocol);
  }
}

function bodyOf(part: PartRow<unknown>, limit: number): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let n = 0; n + 1 < part.ranges.length && size < limit; n += 2) {
    const [start, end] = [part.ranges[n] ?? 0, part.ranges[n + 1] ?? 0];
    const piece = part.stream.slice(start, end, limit - size);
    pieces.push(piece);
    size += piece.length;
    if (piece.length < end - start) break;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const codingOf = (part: PartRow<unknown>): string =>
  part.headers.filter(({ name }) => name.toLowerCase() === 'content-encoding').map(({ value }) => value.trim().toLowerCase()).filter((value) => value !== 'identity').join(', ');

function ofFact(parts: AppParts, seq: number): readonly number[] {
  const { trace, story, messages } = parts.context;
  if (seq < 0 || seq >= trace.count) return NOTHING;
  const { columns, row } = trace.locate(seq);
  const kind = columns.kind[row];
  if (kind === KIND_CODE['datagram.sent']) {
    const segment = segmentOfFact(story, seq);
    return segment === null ? NOTHING : messages.ofSegmentId(segment);
  }
  if (kind === KIND_CODE['datagram.received']) {
    const id = parts.datagrams.ofReceived.get(seq);
    return id === undefined ? NOTHING : [id];
  }
  const inner = kind === KIND_CODE['plaintext.sent'] || kind === KIND_CODE['plaintext.received'];
  const sends = kind === KIND_CODE['bytes.sent'] || kind === KIND_CODE['plaintext.sent'];
  if (!inner && !sends && kind !== KIND_CODE['bytes.received']) return NOTHING;
  const sock = columns.sock[row] as number;
  const conn = parts.ofSock(sock);
  const channel = conn === null ? null : inner ? conn.inner : conn.wire;
  if (conn === null || channel === null) return NOTHING;
  return within(parts, channel[conn.isServer(sock) === sends ? 'down' : 'up'], columns.offset[row] as number, columns.size[row] as number);
}

function ofSegment(parts: AppParts, id: number): readonly number[] {
  const { story, messages } = parts.context;
  if (id < 0 || id >= story.segments.count) return NOTHING;
  const segment = story.segments.at(id);
  if (segment.conn === null || segment.dir === null) return messages.ofSegmentId(id);
  const conn = parts.ofConn(segment.conn);
  return conn === null || segment.size === 0 ? NOTHING : within(parts, conn.wire[segment.dir], segment.offset, segment.size);
}

const within = ({ context }: AppParts, stream: ByteStream, offset: number, size: number): readonly number[] => context.messages.between(stream, offset, offset + size);

/** The last few of what was made, by key. */
class Recent<T> {
  private readonly kept = new Map<string, T>();

  constructor(private readonly limit: number) {}

  get(key: string, make: () => T | null): T | null {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (made === null) return null;
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < this.limit) break;
      this.kept.delete(oldest);
    }
    this.kept.set(key, made);
    return made;
  }
}
