// The colour of a state's word; the word itself carries the meaning.

import { groundsOf, type Provenance } from '../../../shared/trace/event';
import type { TraceStore } from '../../../shared/trace/store';
import type { SocketState } from '../../../shared/trace/story';

/** 'bad': closed by something that failed, not in good order. */
export function toneOf(state: SocketState, provenance: Provenance, trace: TraceStore): 'ok' | 'tra' | 'mute' | 'bad' {
  if (state === 'ESTABLISHED' || state === 'OPEN') return 'ok';
  if (state !== 'CLOSED') return 'tra';
  return groundsOf(provenance).some((seq) => seq < trace.count && trace.at(seq).err !== '') ? 'bad' : 'mute';
}
