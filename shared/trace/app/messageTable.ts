// The messages of all protocols, in order of discovery: rows that the dissectors write, and the objects that views read, made anew for
// the rows that have changed. Times and segments come from the facts that carried the bytes; nothing is stored twice.

import { eventSeq, micros, type ConnId, type EventSeq, type HostIx, type Micros, type SockId } from '../../base/brand';
import { U32List } from '../../base/lists';
import type { Endpoint } from '../event';
import { segmentsCarrying } from '../segmentsCarrying';
import type { Segment, Story } from '../story';
import type { AppMessage, PeerWords } from './appStory';
import type { ByteStream } from './byteStream';
import { ModelList } from './modelList';

/** What carries a message: bytes of a stream between two ends. */
export interface Line {
  readonly stream: ByteStream;
  readonly conn: ConnId;
  /** Socket of the sender and of the receiver; null where they are not ours, or not known to be. */
  readonly fromSock: SockId | null;
  readonly toSock: SockId | null;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

export type MessageKind = Pick<AppMessage, 'protocol' | 'kind'>;

/** A message as far as it is known; a datagram's has a segment instead of a line. */
export class MessageRow {
  state: AppMessage['state'] = 'partial';
  why = '';
  summary = '';
  trouble = false;
  /** Its exchange or query (row index); -1 without. */
  exchange = -1;
  query = -1;
  /** Of a message between peers. */
  peer: PeerWords | null = null;
  dirty = false;

  constructor(
    readonly id: number, readonly protocol: AppMessage['protocol'], readonly kind: AppMessage['kind'], readonly dir: 'up' | 'down',
    readonly line: Line | null, readonly segment: number, readonly start: number, public end: number,
  ) {}
}

export class MessageTable {
  readonly rows: MessageRow[] = [];
  private readonly models = new ModelList((row: MessageRow): AppMessage => (row.line === null ? this.ofSegment(row) : new StreamMessage(row, row.line, this.story)));
  readonly list: readonly AppMessage[] = this.models.list;
  /** Ids in the order in which their models were made, and made anew. */
  readonly changes = new U32List();
  /** No more are taken. */
  full = false;
  private readonly ofDatagram = new Map<number, number>();

  constructor(private readonly story: Story, private readonly limit: number) {}

  /** A message that begins at `start` of its stream; null when there is no room. */
  add(line: Line, kind: MessageKind, start: number): MessageRow | null {
    const row = this.push((id) => new MessageRow(id, kind.protocol, kind.kind, line.stream.dir, line, -1, start, start));
    if (row !== null) line.stream.messages.push(row.id);
    return row;
  }

  addDatagram(segment: number, kind: MessageKind, dir: 'up' | 'down', size: number): MessageRow | null {
    const row = this.push((id) => new MessageRow(id, kind.protocol, kind.kind, dir, null, segment, 0, size));
    if (row !== null) this.ofDatagram.set(segment, row.id);
    return row;
  }

  private push(make: (id: number) => MessageRow): MessageRow | null {
    if (this.rows.length >= this.limit) {
      this.full = true;
      return null;
    }
    const row = make(this.rows.length);
    this.rows.push(row);
    this.touch(row);
    return row;
  }

  get(id: number): MessageRow | null {
    return this.rows[id] ?? null;
  }

  touch(row: MessageRow): void {
    this.models.touch(row);
  }

  /** The receiver has read more: marks what has come. */
  arrived(stream: ByteStream): void {
    while (stream.arriving < stream.messages.length) {
      const row = this.rows[stream.messages.at(stream.arriving)] as MessageRow;
      if (row.start >= stream.received) return;
      this.touch(row);
      if (row.state === 'partial' || row.end > stream.received) return;
      stream.arriving++;
    }
  }

  /** More is known of when bytes from `from` to `to` were sent. */
  sent(stream: ByteStream, from: number, to: number): void {
    for (const id of this.between(stream, from, to)) this.touch(this.rows[id] as MessageRow);
  }

  /** Makes the objects of changed rows; `each` hears of them. */
  refresh(each: (row: MessageRow) => void): void {
    this.models.refresh((row) => {
      this.changes.push(row.id);
      each(row);
    });
  }

  ofSegmentId(id: number): readonly number[] {
    const known = this.ofDatagram.get(id);
    return known === undefined ? [] : [known];
  }

  /** Messages with bytes from `start` to `end`, ascending. */
  between(stream: ByteStream, start: number, end: number): number[] {
    const { messages } = stream;
    let low = 0;
    let high = messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[messages.at(middle)] as MessageRow).start <= start) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let n = Math.max(0, low - 1); n < messages.length; n++) {
      const row = this.rows[messages.at(n)] as MessageRow;
      if (row.start >= end) break;
      if (row.end > start) found.push(row.id);
    }
    return found;
  }

  private ofSegment(row: MessageRow): AppMessage {
    const segment = this.story.segments.at(row.segment);
    const depart = segment.sentSeq ?? segment.payloadSeq;
    // The program has it when recvfrom() tells, not when its kernel does.
    const moment = segment.receivedSeq === null ? -1 : this.story.momentOfFact(segment.receivedSeq);
    const read = moment < 0 ? segment.arrive : micros(this.story.momentTime(moment));
    return {
      id: row.id, protocol: row.protocol, kind: row.kind, carrier: 'udp', conn: null, dir: row.dir,
      fromHost: segment.fromHost, toHost: segment.toHost, fromSock: segment.fromSock, toSock: segment.toSock, from: segment.from, to: segment.to,
      start: 0, end: row.end, state: row.state, why: row.why, depart: segment.depart, sent: segment.depart,
      firstRead: read, arrive: read, sentSeq: depart ?? eventSeq(0), arriveSeq: segment.receivedSeq,
      segments: [row.segment], summary: row.summary, trouble: row.trouble,
    };
  }
}

interface Source {
  readonly stream: ByteStream;
  readonly story: Story;
}

/** One for each stream: its messages share it. */
const sources = new WeakMap<ByteStream, Source>();

function sourceOf(stream: ByteStream, story: Story): Source {
  const known = sources.get(stream);
  if (known !== undefined) return known;
  const source = Object.freeze({ stream, story });
  sources.set(stream, source);
  return source;
}

/** A message in a stream. Hosts and segments are looked up when asked for: a story may still learn whose they are. */
class StreamMessage implements AppMessage {
  readonly id: number;
  readonly protocol: AppMessage['protocol'];
  readonly kind: AppMessage['kind'];
  readonly carrier: AppMessage['carrier'];
  readonly conn: ConnId;
  readonly dir: 'up' | 'down';
  readonly fromSock: SockId | null;
  readonly toSock: SockId | null;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly start: number;
  readonly end: number;
  readonly state: AppMessage['state'];
  readonly why: string;
  readonly depart: Micros;
  readonly sent: Micros;
  readonly firstRead: Micros | null;
  readonly arrive: Micros | null;
  readonly sentSeq: EventSeq;
  readonly arriveSeq: EventSeq | null;
  readonly summary: string;
  readonly trouble: boolean;
  /** What the lazy parts ask. Frozen, so that nobody's proxies reach into it. */
  private readonly source: Source;

  constructor(row: MessageRow, line: Line, story: Story) {
    const { stream } = line;
    this.id = row.id;
    this.protocol = row.protocol;
    this.kind = row.kind;
    this.carrier = stream.carrier;
    this.conn = line.conn;
    this.dir = row.dir;
    this.fromSock = line.fromSock;
    this.toSock = line.toSock;
    this.from = line.from;
    this.to = line.to;
    this.start = row.start;
    this.end = row.end;
    this.state = row.state;
    this.why = row.why;
    this.summary = row.summary;
    this.trouble = row.trouble;
    const first = stream.departs(row.start);
    const last = stream.takenAt(row.end);
    const read = stream.readAt(row.start);
    const whole = row.state === 'partial' ? null : stream.readAt(row.end - 1);
    this.depart = micros(first?.t ?? 0);
    this.sent = micros(Math.max(last?.t ?? 0, this.depart));
    this.firstRead = read === null ? null : micros(read.t);
    this.arrive = whole === null ? null : micros(whole.t);
    this.sentSeq = eventSeq(first?.seq ?? 0);
    this.arriveSeq = whole === null ? null : eventSeq(whole.seq);
    this.source = sourceOf(stream, story);
  }

  get fromHost(): HostIx {
    return this.ends()[0];
  }

  get toHost(): HostIx {
    return this.ends()[1];
  }

  get segments(): readonly number[] {
    if (this.carrier === 'tls') return [];
    const connection = this.source.story.connection(this.conn);
    return connection === null ? [] : segmentsCarrying(this.source.story, connection[this.dir], this.start, this.end).map(({ id }) => id).sort((one, other) => one - other);
  }

  private ends(): readonly [HostIx, HostIx] {
    const conn = this.source.story.connection(this.conn);
    const client = conn?.client.host ?? (0 as HostIx);
    const server = conn?.server.host ?? (0 as HostIx);
    return this.dir === 'up' ? [client, server] : [server, client];
  }
}

/** The segment that carries a fact's bytes: what send() sent, or what must have come just before recv() when its sender is not ours. */
export function segmentOfFact(story: Story, seq: number): number | null {
  const captured = story.segmentOfPacket(seq);
  if (captured >= 0) return captured;
  const index = story.momentOfFact(seq);
  if (index < 0) return null;
  const own = story.moments.at(index).segment;
  if (own !== null) return own;
  for (let before = index - 1; before >= 0; before--) {
    const moment = story.moments.at(before);
    if (moment.seq !== null) return null;
    const segment: Segment | null = moment.segment === null ? null : story.segments.at(moment.segment);
    if (segment !== null && segment.payloadSeq === seq) return segment.id;
  }
  return null;
}
