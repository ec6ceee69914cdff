// One direction of a connection as pieces on one scale of byte offsets: what each send() gave, what each segment carried, what each recv()
// took, which message each byte belongs to. Built from the story; the playhead only says how much of it has happened. Pure.

import type { AppMessage, AppStory } from '../../../shared/trace/app/appStory';
import type { TraceStore } from '../../../shared/trace/store';
import type { ConnectionModel, NumberList, StreamModel, Story } from '../../../shared/trace/story';
import { firstEndingAfter, type Fate, type Lane, type Piece, type Region } from './pieces';
import { takenOf } from './taken';
import { bytesOf, linesOf } from './text';

export interface Ruler {
  readonly dir: 'up' | 'down';
  /** Each piece is a datagram of its own: offsets only place them side by side. */
  readonly datagrams: boolean;
  readonly lanes: Readonly<Record<Lane, readonly Piece[]>>;
  /** What the message lane holds. */
  readonly messageKind: 'taken' | 'messages' | 'lines' | 'none';
  /** Bytes of the whole run. */
  readonly total: number;
  /** Bytes sent and read once fact `seq` had happened. */
  sentAt(seq: number): number;
  readAt(seq: number): number;
  /** What is not read at fact `seq`, ascending. */
  regionsAt(seq: number): readonly Region[];
  /** The byte; -1 when the trace does not keep it. */
  byteAt(offset: number): number;
}

/** Both directions of a TCP connection. */
export function rulersOf(story: Story, trace: TraceStore, app: AppStory, conn: ConnectionModel): readonly Ruler[] {
  return (['up', 'down'] as const).map((dir) => rulerOf(story, trace, app, conn, dir));
}

function rulerOf(story: Story, trace: TraceStore, app: AppStory, conn: ConnectionModel, dir: 'up' | 'down'): Ruler {
  const stream = conn[dir];
  const receiver = dir === 'up' ? conn.server : conn.client;
  const [writes, reads] = [callsOf(trace, stream.writes), callsOf(trace, stream.reads)];
  const segments = segmentPieces(story, stream, writes);
  const total = Math.max(stream.sent, stream.received, writes.at(-1)?.end ?? 0);
  const bytes = bytesOf(trace, writes, reads);
  const taken = takenOf(story, trace, conn, dir);
  const known = app.messages.filter((message) => message.conn === conn.id && message.dir === dir && message.carrier === 'tcp').map(messagePiece);
  const lines = taken.length > 0 || known.length > 0 ? [] : linesOf(bytes, total);
  const messageKind = taken.length > 0 ? 'taken' : known.length > 0 ? 'messages' : lines.length > 0 ? 'lines' : 'none';
  const foreign = receiver.sock === null && story.host(receiver.host)?.foreign === true;
  return {
    dir, datagrams: false, lanes: { writes, segments, reads, messages: taken.length > 0 ? taken : known.length > 0 ? known : lines }, messageKind, total,
    sentAt: (seq) => Math.max(stream.sentAt(seq), stream.receivedAt(seq)),
    readAt: (seq) => stream.receivedAt(seq),
    regionsAt: (seq) => regionsOf(stream, total, seq, foreign ? 'unknown' : isGone(story, trace, receiver.sock, seq) ? 'lost' : 'unread'),
    byteAt: bytes.at,
  };
}

function regionsOf(stream: StreamModel, total: number, seq: number, fate: Fate): readonly Region[] {
  const read = stream.receivedAt(seq);
  const sent = Math.max(stream.sentAt(seq), read);
  return [{ start: read, end: sent, fate }, { start: sent, end: total, fate: 'future' as const }].filter((one) => one.end > one.start);
}

/** The receiver has given up its socket, or a RST has taken its buffer: nobody can read any more. */
function isGone(story: Story, trace: TraceStore, sock: ConnectionModel['client']['sock'], seq: number): boolean {
  const socket = sock === null ? null : story.socket(sock);
  if (socket === null || seq < 0) return false;
  const t = trace.t(seq);
  return (socket.closedSeq !== null && socket.closedSeq <= seq) || (socket.states.length > 1 && socket.states.findLast((one) => one.t <= t)?.state === 'CLOSED');
}

/** Successful calls; one that took fewer bytes than it was given ends where the next begins. */
function callsOf(trace: TraceStore, seqs: NumberList): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < seqs.length; at++) {
    const seq = seqs.at(at);
    const { columns, row } = trace.locate(seq);
    const [start, size] = [columns.offset[row] ?? 0, columns.size[row] ?? 0];
    if (size === 0 || columns.err[row] !== 0) continue;
    const before = pieces.at(-1);
    if (before !== undefined && before.end > start) pieces[pieces.length - 1] = { ...before, end: start };
    pieces.push({ number: pieces.length + 1, start, end: start + size, target: { type: 'fact', seq }, evidence: 'observed', name: '' });
  }
  return pieces;
}

/** One of each send(), as far as it went; captured, as they went over the wire. */
function segmentPieces(story: Story, stream: StreamModel, writes: readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let index = 0; index < stream.segments.length; index++) {
    const segment = story.segments.at(stream.segments.at(index));
    const write = segment.provenance.evidence === 'captured' ? undefined : writes[firstEndingAfter(writes, segment.offset)];
    const end = write?.start === segment.offset ? write.end : segment.offset + segment.size;
    pieces.push({ number: pieces.length + 1, start: segment.offset, end, target: { type: 'segment', id: segment.id }, evidence: segment.provenance.evidence, name: '' });
  }
  return pieces;
}

const messagePiece = (message: AppMessage, at: number): Piece => ({ number: at + 1, start: message.start, end: message.end, target: { type: 'message', id: message.id }, evidence: 'observed', name: message.summary });

/** The next edge of any lane after (by 1) or before (by -1) a byte; the ends of the stream when there is none. */
export function nextEdge(ruler: Ruler, offset: number, by: 1 | -1): number {
  const edges = Object.values(ruler.lanes).flatMap((pieces) => {
    const at = firstEndingAfter(pieces, offset);
    return pieces.slice(Math.max(at - 1, 0), at + 2).flatMap((piece) => [piece.start, piece.end]);
  });
  return by === 1 ? Math.min(...edges.filter((edge) => edge > offset), ruler.total - 1) : Math.max(...edges.filter((edge) => edge < offset), 0);
}

/** End of what has been sent when fact `seq` has happened: nothing that comes later is shown, so that no question is answered before its time. */
export const begunAt = (ruler: Ruler, seq: number): number => ruler.regionsAt(seq).find((region) => region.fate === 'future')?.start ?? ruler.total;

/** How many times a direction's own bytes its scale may hold, while something is still to come. */
const ROOM = 4;

/** Bytes that the scale of a direction holds: all, and while any are to come in either direction the same for both, as far as that is readable. */
export function extentAt(ruler: Ruler, all: readonly Ruler[], seq: number): number {
  if (all.every((one) => begunAt(one, seq) === one.total)) return ruler.total;
  return Math.min(Math.max(...all.map((one) => one.total)), ruler.total * ROOM);
}
