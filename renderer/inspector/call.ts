// A call as people read it: its arguments, its result, what it moved, and which segments that was. Pure: facts and story in, rows out;
// the words are in the catalogue (`inspector.arg.*`).

import { describeFact } from '../../shared/trace/describe';
import { formatEndpoint } from '../../shared/trace/endpoint';
import type { EventKind, Fact } from '../../shared/trace/event';
import { noteText } from '../../shared/trace/noteText';
import { parseNote } from '../../shared/trace/notes';
import { segmentsCarrying } from '../../shared/trace/segmentsCarrying';
import type { ConnectionModel, Segment, Story } from '../../shared/trace/story';

export type ArgName = 'fd' | 'family' | 'type' | 'option' | 'local' | 'remote' | 'backlog' | 'newFd' | 'bytes' | 'buffer' | 'offset' | 'how' | 'linger' | 'result' | 'errno' | 'printed' | 'noted' | 'fault' | 'session' | 'reason' | 'key' | 'outcome' | 'action' | 'call';

export interface CallRow {
  readonly name: ArgName;
  /** Names and numbers of the socket API, no language. */
  readonly value: string;
}

const SHUTDOWN = ['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'];
const WITH_BUFFER: ReadonlySet<EventKind> = new Set(['recv.started', 'bytes.received', 'stream.ended', 'recvfrom.started', 'datagram.received']);
const CARRIES: ReadonlySet<EventKind> = new Set(['bytes.sent', 'bytes.received', 'datagram.sent', 'datagram.received', 'plaintext.sent', 'plaintext.received']);
const IN_STREAM: ReadonlySet<EventKind> = new Set(['bytes.sent', 'bytes.received', 'send.ended', 'stream.ended', 'stream.shutdown', 'plaintext.sent', 'plaintext.received']);

/** The call's rows, top to bottom. `fd` is the descriptor of its socket, -1 when it is not known. */
export function callRows(fact: Fact, fd: number): CallRow[] {
  const rows: CallRow[] = [];
  const add = (name: ArgName, value: string | number | null): void => {
    if (value !== null && value !== '') rows.push({ name, value: String(value) });
  };
  const { kind } = fact;
  if (kind !== 'socket.opened') add('fd', fd < 0 ? null : fd);
  if (kind === 'socket.opened') add('family', fact.text);
  if (kind === 'socket.opened') add('type', fact.b === 2 ? 'SOCK_DGRAM' : 'SOCK_STREAM');
  if (kind === 'option.set') add('option', fact.text);
  if (kind === 'call.failed') add('call', fact.text);
  if (kind === 'role.printed') add('printed', fact.text);
  if (kind === 'role.noted') add('noted', noteText(parseNote(fact.text)));
  if (kind === 'fault.applied') add('fault', describeFact(fact).text);
  if (kind === 'tls.secured') add('session', describeFact(fact).text);
  if (kind === 'tls.failed') add('reason', fact.text);
  if (kind === 'key.logged') add('key', fact.text);
  if (kind === 'lab.ended' || kind === 'role.ended') add('outcome', fact.text);
  add('local', fact.local === null ? null : formatEndpoint(fact.local));
  add('remote', fact.remote === null ? null : formatEndpoint(fact.remote));
  if (kind === 'socket.listened') add('backlog', fact.a);
  if (kind === 'connection.accepted') add('newFd', fact.b < 0 ? null : fact.b);
  if (CARRIES.has(kind)) add('bytes', fact.size);
  if (WITH_BUFFER.has(kind) && fact.a > 0) add('buffer', fact.a);
  if (IN_STREAM.has(kind)) add('offset', CARRIES.has(kind) && fact.size > 0 ? `${fact.offset} … ${fact.offset + fact.size - 1}` : fact.offset);
  if (kind === 'stream.shutdown') add('how', SHUTDOWN[fact.a] ?? fact.a);
  if (kind === 'socket.closed' && fact.a === 1) add('linger', 0);
  add('result', resultOf(fact));
  add('errno', fact.err);
  return rows;
}

/** What the call returned; null: it has not returned, or returns nothing worth a row. */
function resultOf(fact: Fact): string | null {
  if (fact.err !== '') return '-1';
  switch (fact.kind) {
    case 'socket.opened': return fact.a < 0 ? null : String(fact.a);
    case 'connection.accepted': return fact.b < 0 ? null : String(fact.b);
    case 'bytes.sent':
    case 'datagram.sent': return String(fact.a);
    case 'send.ended': return String(fact.a);
    case 'bytes.received':
    case 'datagram.received': return String(fact.size);
    case 'stream.ended':
    case 'socket.bound':
    case 'socket.listened':
    case 'connect.ended':
    case 'stream.shutdown':
    case 'option.set':
    case 'socket.closed': return '0';
    default: return null;
  }
}

/** Segments looked through for those that a call read. */
const SEARCH = 4000;
const MOST = 8;

/** The segments whose bytes a recv() or recvfrom() returned, in the order of the stream; at most eight. */
export function segmentsRead(story: Story, fact: Fact): Segment[] {
  if (fact.size === 0 && fact.kind !== 'datagram.received') return [];
  if (fact.kind === 'bytes.received') return streamSegments(story, fact);
  return fact.kind === 'datagram.received' ? searchSegments(story, (segment) => segment.receivedSeq === fact.seq) : [];
}

function streamSegments(story: Story, fact: Fact): Segment[] {
  const conn = connectionOf(story, fact);
  const stream = conn === null ? null : conn.client.sock === fact.sock ? conn.down : conn.up;
  return stream === null ? [] : segmentsCarrying(story, stream, fact.offset, fact.offset + fact.size, MOST);
}

const connectionOf = (story: Story, fact: Fact): ConnectionModel | null => {
  const conn = story.socket(fact.sock)?.conn ?? null;
  return conn === null ? null : story.connection(conn);
};

function searchSegments(story: Story, wanted: (segment: Segment) => boolean): Segment[] {
  const count = story.segments.count;
  for (let id = count - 1; id >= 0 && id >= count - SEARCH; id--) {
    const segment = story.segments.at(id);
    if (wanted(segment)) return [segment];
  }
  return [];
}
