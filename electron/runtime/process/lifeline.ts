// No program outlives the engine: a small process beside it waits, in the kernel, for its standard input to end (the engine holds the other
// end, whatever kills it), and then kills the whole group. The program itself may be blocked in a call and could not notice.

import { spawn, type ChildProcess } from 'node:child_process';
import { SETUP_FD } from './messages';

/** Null where there are no process groups: there programs do not block and see the end themselves. */
export function holdLifeline(): ChildProcess | null {
  if (process.platform === 'win32') return null;
  // The group that has this process's id: its own, where the engine started it; nobody else's.
  const watcher = spawn('/bin/sh', ['-c', 'read -r line; kill -9 -$PPID'], { stdio: [SETUP_FD, 'ignore', 'ignore'] });
  watcher.on('error', () => process.exit(1));
  watcher.unref();
  return watcher;
}
