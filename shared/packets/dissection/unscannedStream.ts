// The stream of a TCP or UDP header that the index did not scan, because it came in fragments or is quoted by ICMP: by the addresses in the layer
// beneath and the ports, which ICMP quotes at least (RFC 792, RFC 4443 3.1).

import type { DissectedLayer } from '../../codec/dissect';
import { findField } from '../../codec/field';
import type { FlowTable } from '../flows/flowTable';

/** The packet's number: a stream that begins later is another of the same ports. Null: no packet of it has been seen whole. */
export function unscannedStream(flows: FlowTable, network: DissectedLayer | undefined, { protocol, tree }: DissectedLayer, number: number): number | null {
  if (network?.status.status !== 'complete' || (protocol !== 'tcp' && protocol !== 'udp') || (network.protocol !== 'ip' && network.protocol !== 'ipv6')) return null;
  const { source, destination } = network.status.value as { readonly source: string; readonly destination: string };
  const [from, to] = [`${protocol}.srcport`, `${protocol}.dstport`].map((name) => findField(tree, name)?.value);
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  const flow = flows.between(protocol, { address: source, port: from }, { address: destination, port: to });
  return flow === 0 || (flows.columns.first[flow] ?? 0) > number ? null : flows.columns.stream[flow] ?? null;
}
