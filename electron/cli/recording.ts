// The command line's own end of the engine: an engine in this process, its facts in a store, their story told as they come.

import { StoryBuilder } from '../../shared/trace/fold';
import { TraceStore } from '../../shared/trace/store';
import type { ShareState } from '../../shared/ipc/contract';
import { Engine, type LabState } from '../runtime/engine';
import type { Io } from './io';

export interface Recording {
  readonly engine: Engine;
  readonly trace: TraceStore;
  readonly story: StoryBuilder['story'];
}

/** `onFacts` is called after each batch, `onState` after each change of the run. Without `onShare` nothing can be shared on the LAN. */
export function record(io: Io, on: { onFacts?(trace: TraceStore): void; onState?(state: LabState): void; onShare?(state: ShareState): void }): Recording {
  const trace = new TraceStore();
  const builder = new StoryBuilder(trace);
  const engine = new Engine(io.labs(), {
    onBatch: (_run, batch) => {
      trace.append(batch);
      builder.advance();
      on.onFacts?.(trace);
    },
    onState: (state) => on.onState?.(state),
    ...(on.onShare !== undefined && { onShare: on.onShare }),
  });
  io.onFault((thrown) => engine.fault(thrown));
  return { engine, trace, story: builder.story };
}
