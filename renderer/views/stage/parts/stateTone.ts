// The colour of a state's word. The word itself carries the meaning.

import { never } from '../../../../shared/base/assert';
import { groundsOf, type Provenance } from '../../../../shared/trace/event';
import type { TraceStore } from '../../../../shared/trace/store';
import type { SocketState } from '../../../../shared/trace/story';

export function stateTone(state: SocketState | null): 'tra' | 'ok' | 'mute' {
  switch (state) {
    case null:
    case 'CLOSED':
      return 'mute';
    case 'ESTABLISHED':
    case 'OPEN':
      return 'ok';
    case 'BOUND':
    case 'LISTEN':
    case 'SYN_SENT':
    case 'SYN_RECEIVED':
    case 'FIN_WAIT_1':
    case 'FIN_WAIT_2':
    case 'CLOSE_WAIT':
    case 'CLOSING':
    case 'LAST_ACK':
    case 'TIME_WAIT':
      return 'tra';
    default:
      return never(state);
  }
}

/** A closed state that follows from an errno was no orderly end. */
export function wasReset(provenance: Provenance, trace: TraceStore): boolean {
  return groundsOf(provenance).some((seq) => seq < trace.count && trace.at(seq).err !== '');
}
