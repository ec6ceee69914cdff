// Main's part in recording a run from the window: the system's dialog names the file, the engine writes it, and the facts of before, which only the
// relay to the page still has, are told to it again. The page names no path.

import type { RequestInput, RequestOutput } from '../shared/ipc/contract';
import type { Batch } from '../shared/trace/columns';
import type { EngineClient } from './runtime/engineClient';

export interface RecordParts {
  readonly engine: Pick<EngineClient, 'startRecording' | 'fillRecording' | 'stopRecording'>;
  /** What was told of a run so far, in order. */
  readonly told: (run: number) => readonly Batch[];
  /** Null: the user changed their mind. */
  readonly choose: (name: string) => Promise<string | null>;
  /** 'Looplab 1.0.0' */
  readonly application: string;
  /** A file has begun there. */
  readonly began: (path: string) => Promise<void>;
}

export class RecordDesk {
  constructor(private readonly parts: RecordParts) {}

  /** Rejects as EngineClient.startRecording does. */
  async start({ run, name, packets, keys }: RequestInput<'record.start'>): Promise<RequestOutput<'record.start'>> {
    const { engine, told, choose, application, began } = this.parts;
    const path = await choose(name);
    if (path === null) return null;
    const { facts } = await engine.startRecording(run, { path, application, packets, keys });
    // The engine hands on what it told before it answers: all of it is here.
    for (const batch of told(run)) if (batch.first < facts) await engine.fillRecording(run, batch);
    await began(path);
    return { name };
  }
}
