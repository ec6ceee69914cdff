// One direction of a connection: what was written, what was read, which segment carries which bytes. Both ends count offsets
// from the start of the stream, so a byte's way from send() to recv() needs no guess.

import { F64List, U32List, upperBoundNear } from '../base/lists';
import type { EventSeq } from '../base/brand';
import type { TraceStore } from './store';
import type { StreamModel } from './story';

export class Stream {
  readonly writes = new U32List();
  readonly reads = new U32List();
  /** Data segments, ascending in offset. */
  readonly segments = new U32List();
  /** Bytes that the sender's kernel has taken. */
  sent = 0;
  received = 0;
  ended: EventSeq | null = null;
  /** Index in `segments` of the first one of which no byte has been read. */
  unreadFrom = 0;
  /** Bytes at and after this offset never reached a receiver that could read them. */
  lostFrom = Number.POSITIVE_INFINITY;
  /** Segment of the FIN that ends it; -1 before. */
  fin = -1;
  private readonly markSeq = new U32List();
  private readonly markSent = new F64List();
  /** Where the last answers were found: who asks for all goes on from there. */
  private nearMark = 0;
  private nearRead = 0;

  constructor(private readonly trace: TraceStore) {}

  /** The kernel had taken `total` bytes at fact `seq`. */
  mark(seq: number, total: number): void {
    if (total <= this.sent) return;
    this.sent = total;
    this.markSeq.push(seq);
    this.markSent.push(total);
  }

  sentAt(seq: number): number {
    const n = (this.nearMark = upperBoundNear(this.markSeq, seq, this.nearMark));
    return n === 0 ? 0 : this.markSent.at(n - 1);
  }

  receivedAt(seq: number): number {
    const n = (this.nearRead = upperBoundNear(this.reads, seq, this.nearRead));
    if (n === 0) return 0;
    const { columns, row } = this.trace.locate(this.reads.at(n - 1));
    return (columns.offset[row] as number) + (columns.size[row] as number);
  }
}

export const streamModel = (stream: Stream): StreamModel => ({
  writes: stream.writes,
  reads: stream.reads,
  sent: stream.sent,
  received: stream.received,
  segments: stream.segments,
  fin: stream.fin < 0 ? null : stream.fin,
  ended: stream.ended,
  sentAt: (seq) => stream.sentAt(seq),
  receivedAt: (seq) => stream.receivedAt(seq),
});
