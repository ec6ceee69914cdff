// When a segment is at its receiver, in positions of the playhead: one rule for every view that lets it fly. Pure.

import type { Segment, Story } from './story';

/** A position of the playhead, or a time in µs where no moment tells. */
type Landing = { readonly position: number } | { readonly t: number };

/**
 * Of a captured one the kernel that receives it has it at once: it lands before anything else happens, and its bytes wait there for recv().
 * Of any other only the receiver's own call tells that it has come. Null: nothing does. `moment`: its own.
 */
export function landingOf(story: Story, segment: Segment, moment: number): Landing | null {
  if (segment.provenance.evidence === 'captured' && segment.arrive !== null) return moment + 2 <= story.moments.count ? { position: moment + 2 } : null;
  const read = segment.receivedSeq === null ? -1 : story.momentOfFact(segment.receivedSeq);
  return read >= 0 ? { position: read + 1 } : segment.arrive === null ? null : { t: segment.arrive };
}
