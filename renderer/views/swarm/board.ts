// What every part of the swarm view is given. Types only.

import type { SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import type { Chosen } from './chosen';
import type { SwarmEvents } from './events';
import type { PeerFace } from './peers';
import type { UnderWay } from './strips';
import type { SwarmClock } from './swarmClock';
import type { SwarmWords } from './words';

export interface Board {
  readonly swarm: SwarmStory;
  readonly clock: SwarmClock;
  readonly words: SwarmWords;
  readonly chosen: Chosen;
  /** Of this tick. */
  readonly faces: readonly PeerFace[];
  readonly events: SwarmEvents;
  readonly underWay: UnderWay;
}
