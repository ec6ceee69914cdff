// The bytes that a segment carried, as far as the trace keeps them: from the call that gave or took them, else from the segment's packet.

import type { TraceStore } from './store';
import type { Segment } from './story';

/** A view, do not write to it; null for a segment that carries none. */
export const segmentPayload = (trace: TraceStore, { payloadSeq, payloadAt, size }: Pick<Segment, 'payloadSeq' | 'payloadAt' | 'size'>): Uint8Array | null =>
  payloadSeq === null ? null : trace.payload(payloadSeq).subarray(payloadAt, payloadAt + size);
