// How the position reaches what draws: as a reference that is read where it is needed, so that no template runs per frame.

import type { Ref } from 'vue';

export interface StageClock {
  /** Whole part: moments that have happened; fraction: the way to the next. */
  readonly position: Readonly<Ref<number>>;
  /** The same, without making who reads it follow it. */
  now(): number;
}
