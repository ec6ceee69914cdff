// The time that the swarm is drawn at: of each frame for canvases, and a slow tick for what is text. Between two ticks no template runs.

import { computed, onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Micros } from '../../../shared/base/brand';
import type { Story } from '../../../shared/trace/story';
import type { SwarmNow, SwarmStory } from '../../../shared/trace/swarm/swarmStory';
import { timeAt } from '../../timeline/happened';

export interface SwarmClock {
  /** Grows when what is drawn as text may be out of date. Whoever reads now() in a computed reads this first. */
  readonly tick: Readonly<ShallowRef<number>>;
  /** Changes with every frame in which something moves. */
  readonly frame: Readonly<Ref<number>>;
  /** The swarm at the playhead. */
  now(): SwarmNow;
}

/** ms between two ticks: the more peers, the more text. */
const tickOf = (peers: number): number => (peers <= 12 ? 50 : peers <= 60 ? 100 : 200);

export function useSwarmClock(props: { readonly story: Story; readonly version: number; readonly position: number; readonly reducedMotion: boolean }, swarm: () => SwarmStory): SwarmClock {
  const tick = shallowRef(0);
  const frame = computed(() => (props.reducedMotion ? Math.floor(props.position) : props.position));
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function renew(): void {
    timer = null;
    last = performance.now();
    tick.value++;
  }
  watch([() => Math.floor(props.position), () => props.version, swarm], () => {
    if (timer !== null) return;
    const wait = last + tickOf(swarm().peers.length) - performance.now();
    if (wait <= 0) renew();
    else timer = setTimeout(renew, wait);
  }, { flush: 'sync' });
  onScopeDispose(() => timer !== null && clearTimeout(timer));

  return { tick, frame, now: () => swarm().at(timeAt(props.story, frame.value) as Micros) };
}
