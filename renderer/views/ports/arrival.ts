// Which arriving segment the view shows, and where: the one that the reader has chosen, else the last that came to the host at the playhead.
// Pure.

import type { HostIx } from '../../../shared/base/brand';
import type { Segment, Selection, Story } from '../../../shared/trace/story';

/** Moments that are searched backwards for a segment. */
const REACH = 4000;

/** What has ports: segments of TCP and datagrams; ICMP and AF_UNIX have none. */
const hasPorts = ({ transport, to, from }: Segment): boolean => (transport === 'tcp' || transport === 'udp') && to.port !== 0 && from.port !== 0;

/** The segment to look up at `host`, of those among the first `position` moments; null: none has come yet. */
export function arrivalAt(story: Story, host: HostIx, position: number, selection: Selection): Segment | null {
  const chosen = chosenSegment(story, selection);
  if (chosen !== null && chosen.toHost === host && hasPorts(chosen)) return chosen;
  for (let index = Math.min(position, story.moments.count) - 1, tries = 0; index >= 0 && tries < REACH; index--, tries++) {
    const { segment: id } = story.moments.at(index);
    if (id === null) continue;
    const segment = story.segments.at(id);
    if (segment.toHost === host && hasPorts(segment)) return segment;
  }
  return null;
}

function chosenSegment(story: Story, selection: Selection): Segment | null {
  if (selection.type === 'segment' && selection.id < story.segments.count) return story.segments.at(selection.id);
  if (selection.type !== 'fact') return null;
  const moment = story.momentOfFact(selection.seq);
  const id = moment < 0 ? null : story.moments.at(moment).segment;
  return id === null ? null : story.segments.at(id);
}

/** The host whose table is worth most to look at: where most sockets wait for others. */
export function busiestHost(story: Story): HostIx | null {
  const counts = new Map<HostIx, number>();
  for (let index = 0; index < story.sockets.count; index++) {
    const { host, purpose, acceptedBy, local, family } = story.sockets.at(index);
    if (family === 'AF_UNIX' || local === null) continue;
    counts.set(host, (counts.get(host) ?? 0) + (purpose === 'listening' ? 100 : acceptedBy === null ? 1 : 10));
  }
  let best: HostIx | null = null;
  for (const [host, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = host;
  return best;
}
