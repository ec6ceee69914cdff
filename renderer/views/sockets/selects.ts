// What the last select() of a role asked about each socket at the playhead, and what it found: the readable and writable sets, per door.
// Pure; DoorCard.vue draws it.

import { selectSets } from '../../../shared/trace/selectSets';
import type { RoleCalls } from '../../../shared/trace/spell/roleCalls';
import type { TraceStore } from '../../../shared/trace/store';

export type Readiness = 'read' | 'write';

export interface Selected {
  readonly asked: readonly Readiness[];
  /** Null while select() waits. */
  readonly ready: readonly Readiness[] | null;
}

/** Of each socket that it asked about. Empty for a role that has not called select(). */
export function selectedAt(trace: TraceStore, calls: RoleCalls, seq: number): ReadonlyMap<number, Selected> {
  const found = new Map<number, Selected>();
  for (let at = calls.selects.length - 1; at >= 0; at--) {
    const call = calls.selects.at(at);
    if (calls.starts.at(call) > seq) continue;
    const asked = setsOf(trace, calls.starts.at(call));
    const end = calls.ends.at(call);
    const ready = end >= 0 && end <= seq ? setsOf(trace, end) : null;
    for (const sock of new Set([...asked.read, ...asked.write])) found.set(sock, { asked: readiness(asked, sock), ready: ready === null ? null : readiness(ready, sock) });
    break;
  }
  return found;
}

interface Sets {
  readonly read: ReadonlySet<number>;
  readonly write: ReadonlySet<number>;
}

function setsOf(trace: TraceStore, seq: number): Sets {
  const { read, write } = selectSets(trace.at(seq).text);
  return { read: new Set(read), write: new Set(write) };
}

const readiness = ({ read, write }: Sets, sock: number): Readiness[] => [...(read.has(sock) ? ['read' as const] : []), ...(write.has(sock) ? ['write' as const] : [])];
