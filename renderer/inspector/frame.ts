// The frame of a segment, taken apart for the screen: boxes, bytes with their layers, trees. Header bytes are reconstructed
// (shared/trace/headers.ts), payload bytes are those that the calls carried. Pure.

import { dissect, LINK_TYPE, type KnownPorts } from '../../shared/codec/dissect';
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
  if (frame === null) return null;
  // What an ICMP error quotes is reconstructed too.
  return frameModel(frame.bytes, segment.transport === 'icmp' ? frame.bytes.length : frame.payloadStart, frame.omitted, knownPorts(story));
}

/** A frame that begins with Ethernet; its headers speak of the bytes that are there, `missing` more were carried. */
export function frameModel(bytes: Uint8Array, payloadStart: number, missing: number, ports?: KnownPorts): FrameModel {
  const layers = dissect(bytes, LINK_TYPE.ethernet, 0, ports);
  return { bytes, boxes: layerBoxes(layers), spans: byteSpans(layers), trees: layers.map((layer) => layer.tree), payloadStart, missing };
}

const knownPorts = (story: Story): KnownPorts => new Map((story.lab?.services ?? []).map(({ protocol, port, wellKnown }) => [`${protocol}.port:${port}`, wellKnown]));
