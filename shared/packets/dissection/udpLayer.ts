// What the index tells about a UDP header, as fields of its layer: the stream, and what it carries.

import type { DissectedLayer } from '../../codec/dissect';
import { generated, withChildren } from '../../codec/field';
import { bytesNode } from '../../codec/layout';

/** `stream`: null where no packet of it has been seen whole. */
export function udpLayer(layer: DissectedLayer, frame: Uint8Array, stream: number | null): DissectedLayer {
  if (layer.status.status !== 'complete') return layer;
  const { start, end } = layer.payload;
  const payload = end > start ? [bytesNode('udp.payload', frame, start, end, 0)] : [];
  return { ...layer, tree: withChildren(layer.tree, [...(stream === null ? [] : [generated('udp.stream', stream, String(stream), layer.start, 4)]), ...payload]) };
}
