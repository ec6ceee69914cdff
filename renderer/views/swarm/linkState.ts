// What a link's bits mean for each direction of giving: the giver chokes or not, the receiver is interested or not. Pure.

import { LINK } from '../../../shared/trace/swarm/swarmStory';

/** 'flowing': open and wanted; 'offered': open, not wanted; 'waiting': wanted, but choked; 'idle': neither. */
export type LaneState = 'flowing' | 'offered' | 'waiting' | 'idle';

/** State of the direction in which `a` gives to `b`, or the other way round. */
export function laneState(bits: number, fromA: boolean): LaneState {
  const choked = (bits & (fromA ? LINK.aChokes : LINK.bChokes)) !== 0;
  const wanted = (bits & (fromA ? LINK.bInterested : LINK.aInterested)) !== 0;
  return choked ? (wanted ? 'waiting' : 'idle') : wanted ? 'flowing' : 'offered';
}
