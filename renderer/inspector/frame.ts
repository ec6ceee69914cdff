// The frame of a segment, taken apart for the screen: boxes, bytes with their layers, trees. Header bytes are reconstructed
// (shared/trace/headers.ts), payload bytes are those that the calls carried. Pure.

import { dissect, LINK_TYPE } from '../../shared/codec/dissect';
import type { FieldNode } from '../../shared/codec/field';
import { reconstruct } from '../../shared/trace/headers';
import type { TraceStore } from '../../shared/trace/store';
import type { Segment, Story } from '../../shared/trace/story';
import { byteSpans, layerBoxes, type LayerBox } from './parts/layerBoxes';
import type { ByteSpan } from './parts/hexRows';

export interface FrameModel {
  readonly bytes: Uint8Array;
  readonly boxes: readonly LayerBox[];
  readonly spans: readonly ByteSpan[];
  readonly trees: readonly FieldNode[];
  /** Bytes before this were reconstructed. */
  readonly payloadStart: number;
  /** Bytes of the payload that the trace did not keep. */
  readonly missing: number;
}

/** Null when too little is known of the segment to rebuild its headers. */
export function frameOf(story: Story, trace: TraceStore, segment: Segment): FrameModel | null {
  const frame = reconstruct(story, trace, segment.id);
  return frame === null ? null : frameModel(frame.bytes, frame.payloadStart, segment.size);
}

/** A frame that begins with Ethernet and carries `size` bytes from `payloadStart` on, of which the last may be missing. */
export function frameModel(bytes: Uint8Array, payloadStart: number, size: number): FrameModel {
  const missing = Math.max(0, size - (bytes.length - payloadStart));
  const layers = dissect(bytes, LINK_TYPE.ethernet, missing);
  return { bytes, boxes: layerBoxes(layers), spans: byteSpans(layers), trees: layers.map((layer) => layer.tree), payloadStart, missing };
}
