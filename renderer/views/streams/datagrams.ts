// Datagrams between two sockets as a ruler: one box each, side by side in the order of sending, so that their boundaries show. There is no
// stream beneath: offsets only place them. Pure.

import type { Segment, Story } from '../../../shared/trace/story';
import { segmentPayload } from '../../../shared/trace/segmentPayload';
import type { TraceStore } from '../../../shared/trace/store';
import { pieceAt, type Piece, type Region } from './pieces';
import type { Ruler } from './ruler';

/** The ruler of one direction. `segments`: its datagrams, ascending in time. */
export function datagramRuler(trace: TraceStore, segments: readonly Segment[], dir: 'up' | 'down', foreign: (segment: Segment) => boolean): Ruler {
  const [writes, carried, reads]: [Piece[], Piece[], Piece[]] = [[], [], []];
  let total = 0;
  const sizes: number[] = [];
  for (const segment of segments) {
    const [start, end] = [total, total + Math.max(segment.size, 1)];
    const number = carried.length + 1;
    if (segment.sentSeq !== null) writes.push({ number, start, end, target: { type: 'fact', seq: segment.sentSeq }, evidence: 'observed', name: '' });
    carried.push({ number, start, end, target: { type: 'segment', id: segment.id }, evidence: segment.provenance.evidence, name: '' });
    if (segment.receivedSeq !== null) {
      const taken = trace.at(segment.receivedSeq).size;
      reads.push({ number: reads.length + 1, start, end: Math.min(start + Math.max(taken, 1), end), target: { type: 'fact', seq: segment.receivedSeq }, evidence: 'observed', name: '' });
    }
    sizes.push(segment.size);
    total = end;
  }
  const sent = (segment: Segment, seq: number): boolean => (segment.sentSeq ?? segment.receivedSeq ?? Number.POSITIVE_INFINITY) <= seq;
  const read = (segment: Segment, seq: number): boolean => (segment.receivedSeq ?? Number.POSITIVE_INFINITY) <= seq;
  const sum = (seq: number, when: typeof sent): number => segments.reduce((bytes, segment) => (when(segment, seq) ? bytes + segment.size : bytes), 0);
  const regionOf = (segment: Segment, { start, end }: Piece, seq: number): readonly Region[] => {
    if (!sent(segment, seq)) return [{ start, end, fate: 'future' }];
    const taken = segment.receivedSeq !== null && read(segment, seq) ? Math.max(trace.at(segment.receivedSeq).size, 1) : null;
    // recvfrom() throws away what does not fit into its buffer.
    if (taken !== null) return start + taken < end ? [{ start: start + taken, end, fate: 'lost' }] : [];
    return [{ start, end, fate: segment.fate === 'lost' ? 'lost' : foreign(segment) ? 'unknown' : 'unread' }];
  };
  return {
    dir, datagrams: true, lanes: { writes, segments: carried, reads, messages: [] }, messageKind: 'none', total,
    sentAt: (seq) => sum(seq, sent),
    readAt: (seq) => sum(seq, read),
    regionsAt: (seq) => segments.flatMap((segment, at) => (carried[at] === undefined ? [] : regionOf(segment, carried[at], seq))),
    byteAt: (offset) => {
      const piece = pieceAt(carried, offset);
      const segment = piece === null ? undefined : segments[piece.number - 1];
      return piece === null || segment === undefined ? -1 : (segmentPayload(trace, segment)?.[offset - piece.start] ?? -1);
    },
  };
}

/** A host that is not ours receives it: what it reads is not seen. */
export const toForeign = (story: Story) => (segment: Segment): boolean => story.host(segment.toHost)?.foreign === true;
