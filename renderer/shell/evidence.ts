// How many moments of the shown run are known in which way, for the evidence badge.

import type { Story } from '../../shared/trace/story';

export interface EvidenceCounts {
  readonly captured: number;
  readonly observed: number;
  readonly inferred: number;
}

export function countEvidence(story: Story): EvidenceCounts {
  const counts = { captured: 0, observed: 0, inferred: 0 };
  for (let index = 0; index < story.moments.count; index++) counts[story.moments.at(index).evidence]++;
  return counts;
}
