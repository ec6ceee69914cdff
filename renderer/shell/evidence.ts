// How much of the shown run is known in which way, for the evidence badge.

import type { TraceStore } from '../../shared/trace/store';
import type { Story } from '../../shared/trace/story';

export interface EvidenceCounts {
  readonly captured: number;
  readonly observed: number;
  readonly inferred: number;
}

/** Captured are the packets that the kernel gave; calls and what is inferred are moments of the picture. */
export function countEvidence(story: Story, trace: TraceStore): EvidenceCounts {
  const counts = { captured: 0, observed: 0, inferred: 0 };
  for (let seq = 0; seq < trace.count; seq++) if (trace.kind(seq) === 'packet.captured') counts.captured++;
  for (let index = 0; index < story.moments.count; index++) {
    const { evidence } = story.moments.at(index);
    if (evidence !== 'captured') counts[evidence]++;
  }
  return counts;
}
