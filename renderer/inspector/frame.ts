// The frame of a segment, taken apart for the screen: boxes, bytes with their layers, trees. Captured bytes where there are any
// (shared/trace/headersFrames.ts); else header bytes are rebuilt, and payload bytes are those that the calls carried. Pure.

import { dissect, LINK_TYPE, type DissectedLayer, type KnownPorts } from '../../shared/codec/dissect';
import type { FieldNode } from '../../shared/codec/field';
import { headersFrames } from '../../shared/trace/headersFrames';
import { knownPorts } from '../../shared/trace/knownPorts';
import type { TraceStore } from '../../shared/trace/store';
import type { Segment, Story } from '../../shared/trace/story';
import { byteSpans, layerBoxes, type LayerBox } from './parts/layerBoxes';
import type { ByteSpan } from './parts/hexRows';

export interface FrameModel {
  readonly bytes: Uint8Array;
  readonly boxes: readonly LayerBox[];
  readonly spans: readonly ByteSpan[];
  readonly trees: readonly FieldNode[];
  /** Bytes before this were reconstructed; 0: all of it was captured. */
  readonly payloadStart: number;
  /** Bytes of the payload that the trace did not keep. */
  readonly missing: number;
}

/** Null when too little is known of the segment to rebuild its headers. */
export function frameOf(story: Story, trace: TraceStore, segment: Segment): FrameModel | null {
  const [frame] = headersFrames(story, trace, segment.id);
  if (frame === undefined) return null;
  if (frame.source === 'captured') return modelOf(frame.bytes, dissect(frame.bytes, frame.linkType, frame.missing, knownPorts(story)), 0, frame.missing);
  // What an ICMP error quotes is reconstructed too.
  return frameModel(frame.bytes, segment.transport === 'icmp' ? frame.bytes.length : frame.payloadStart, frame.omitted, knownPorts(story));
}

/** A frame that begins with Ethernet; its headers speak of the bytes that are there, `missing` more were carried. */
export function frameModel(bytes: Uint8Array, payloadStart: number, missing: number, ports?: KnownPorts): FrameModel {
  return modelOf(bytes, dissect(bytes, LINK_TYPE.ethernet, 0, ports), payloadStart, missing);
}

const modelOf = (bytes: Uint8Array, layers: readonly DissectedLayer[], payloadStart: number, missing: number): FrameModel =>
  ({ bytes, boxes: layerBoxes(layers), spans: byteSpans(layers), trees: layers.map((layer) => layer.tree), payloadStart, missing });
