// What every view of a run is given: the story, where the playhead stands in it, what is chosen. Types only.

import type { TraceStore } from '../../shared/trace/store';
import type { AppStory } from '../../shared/trace/app/appStory';
import type { Selection, Story } from '../../shared/trace/story';
import type { PacedAxis } from './pacing';

/** Names of hosts and roles in the lesson's language, by their ids. */
export interface Labels {
  host(id: string): string;
  role(id: string): string;
  /** What a segment carries in the words of its application; '' when it is no message that we know. */
  segment?(id: number): string;
}

export interface ViewProps {
  readonly story: Story;
  readonly trace: TraceStore;
  /** Grows with the story, which changes in place. */
  readonly version: number;
  /** Whole part: moments that have happened; fraction: the way to the next. */
  readonly position: number;
  readonly selection: Selection;
  readonly axis: PacedAxis;
  readonly reducedMotion: boolean;
  readonly labels: Labels;
}

/** Who looks at what is encrypted: somebody who only listens, or somebody who has the keys. */
export type Eyes = 'eavesdropper' | 'keys';

/** A view of what lies above the transport: it follows the same playhead and the same selection. */
export interface AppViewProps extends ViewProps {
  readonly app: AppStory;
}
