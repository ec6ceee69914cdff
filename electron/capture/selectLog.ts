// The facts of select(): it concerns many sockets, so it is recorded for the role, with the sockets' ids in its sets. What fails here detaches
// the log, never the call.

import type { RoleIx } from '../../shared/base/brand';
import type { Recorder } from './recorder';
import type { SelectLog } from './select';
import { socketIdOf } from './socketIds';

export function createSelectLog(recorder: Recorder | null, role: RoleIx): SelectLog | null {
  if (recorder === null) return null;
  let alive = true;
  const ids = (sockets: readonly object[]): number[] => sockets.map((socket) => socketIdOf(socket));
  const safely = (record: () => void): void => {
    if (!alive) return;
    try {
      record();
    } catch {
      alive = false;
    }
  };
  return {
    started: (read, write, timeout) => safely(() => recorder.selectStarted(recorder.now(), role, { read: ids(read), write: ids(write) }, timeout)),
    returned: (read, write, err) => safely(() => recorder.selectReturned(recorder.now(), role, { read: ids(read), write: ids(write) }, err)),
  };
}
