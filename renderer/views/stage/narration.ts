// What a narrator of a moment is given, and what it says.

import type { TraceStore } from '../../../shared/trace/store';
import type { Snapshot, Story } from '../../../shared/trace/story';
import type { Labels } from '../../timeline/viewProps';

export interface Narration {
  /** Below 'stage.now.'. */
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
  readonly evidence: 'captured' | 'observed' | 'inferred';
  readonly trouble: boolean;
}

export interface NarrationInput {
  readonly story: Story;
  readonly trace: TraceStore;
  readonly snapshot: Snapshot;
  readonly labels: Labels;
}
