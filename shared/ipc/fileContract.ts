// The part of the IPC contract that is about files which the user opens: by the dialog, from the list of recent ones, by dropping one on the
// window, or by starting the app with it. Main reads and decides what each is; the page learns what came of it and never names a path.

import * as v from 'valibot';
import { runHead, runNotes } from '../trace/runFile/meta';

/** Files that the list of recent ones keeps. */
export const RECENT_FILES = 12;

const name = v.pipe(v.string(), v.maxLength(1024));
const error = v.object({ code: v.string(), message: v.string(), where: v.string() });
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32));
/** How far a file is there, when it is cut or damaged: everything before is. */
const damage = v.nullable(v.object({ offset: v.pipe(v.number(), v.integer(), v.minValue(0)), why: v.pipe(v.string(), v.maxLength(300)) }));

/** A file of ours as a run: its facts come over the trace port under this number, as those of a run do. */
const openedRun = v.object({
  kind: v.literal('run'), name,
  run: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** What the file says of itself; its lab is perhaps one that is not here. */
  head: runHead,
  facts: whole,
  notes: runNotes,
  damage,
});
/** Somebody's packets: main has a session for them, which `capture.*` asks. */
const openedCapture = v.object({ kind: v.literal('capture'), name, capture: v.pipe(whole, v.minValue(1)) });

/** What came of opening a file. */
export const openedFile = v.variant('kind', [openedRun, openedCapture, v.object({ kind: v.literal('failed'), name, error })]);
export type OpenedFile = v.InferOutput<typeof openedFile>;
export type OpenedRun = v.InferOutput<typeof openedRun>;

/** A file is being opened; null: no more. */
export const openingFile = v.object({ name: v.nullable(name) });

/** A file that was opened or saved before; `id` names it towards main. */
export const recentFile = v.object({ id: v.pipe(v.string(), v.maxLength(32)), name, /** For people: its folder. */ folder: name, kind: v.picklist(['run', 'capture']) });
export type RecentFile = v.InferOutput<typeof recentFile>;

/** From the preload script to main, with the path of a file that the user dropped on the window: the page itself can neither send nor see it. */
export const DROP_CHANNEL = 'looplab:drop';
