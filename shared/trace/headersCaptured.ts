// The captured frame of a segment, as the fold joined it (joined/joiner.ts).

import { eventSeq } from '../base/brand';
import { headOf, type CapturedPacket } from './capturedPackets';
import type { TraceStore } from './store';
import type { Story } from './story';

export interface CapturedFrame extends CapturedPacket {
  /** Bytes of the segment before its payload; below 0 when it begins with bytes of the one before. */
  readonly offset: number;
}

/** The frame that carried a segment; none when it was not captured. */
export function capturedFrames(story: Story, trace: TraceStore, id: number): readonly CapturedFrame[] {
  const { provenance, within, offset } = story.segments.at(id);
  if (provenance.evidence !== 'captured') return [];
  const { t, a, size } = trace.at(provenance.packet);
  const bytes = trace.payload(provenance.packet);
  const missing = Math.max(0, size - bytes.length);
  const head = headOf(bytes, a, missing);
  if (head === null) return [];
  return [{ seq: eventSeq(provenance.packet), t, linkType: a, bytes, missing, ...head.packet, offset: within === null ? 0 : story.segments.at(within).offset - offset }];
}
