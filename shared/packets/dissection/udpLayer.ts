// What the index tells about a UDP header, as fields of its layer: the stream, and what it carries.

import type { DissectedLayer } from '../../codec/dissect';
import type { UdpHeader } from '../../codec/udp/codec';
import { generated, withChildren } from '../../codec/field';
import { bytesNode } from '../../codec/layout';
import type { FlowTable } from '../flows/flowTable';

/** `stream`: null where no packet of it has been seen whole. */
export function udpLayer(layer: DissectedLayer, frame: Uint8Array, stream: number | null): DissectedLayer {
  if (layer.status.status !== 'complete') return layer;
  const { start, end } = layer.payload;
  const payload = end > start ? [bytesNode('udp.payload', frame, start, end, 0)] : [];
  return { ...layer, tree: withChildren(layer.tree, [...(stream === null ? [] : [generated('udp.stream', stream, String(stream), layer.start, 4)]), ...payload]) };
}

/** The stream of a UDP header that the index did not scan, because it came in fragments or is quoted by ICMP: by the addresses in the layer beneath. */
export function udpStream(flows: FlowTable, network: DissectedLayer | undefined, { status }: DissectedLayer): number | null {
  if (network?.status.status !== 'complete' || status.status !== 'complete' || (network.protocol !== 'ip' && network.protocol !== 'ipv6')) return null;
  const { source, destination } = network.status.value as { readonly source: string; readonly destination: string };
  const { sourcePort, destinationPort } = status.value as UdpHeader;
  const flow = flows.between('udp', { address: source, port: sourcePort }, { address: destination, port: destinationPort });
  return flow === 0 ? null : flows.columns.stream[flow] ?? null;
}
