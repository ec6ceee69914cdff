// Joins DNS questions and answers over UDP (RFC 1035 4.1.1): the latest question before an answer in its flow with the same number, and the
// first answer after a question. Looks at the few packets around; keeps nothing.

import type { DissectedLayer } from '../../codec/dissect';
import { findField, generated, withChildren, type FieldNode } from '../../codec/field';
import { readUint } from '../../base/bytes';
import type { PacketBytes } from '../dissector';
import type { PacketTable } from '../packetTable';
import { DISSECTION_LIMITS } from './limits';
import { momentOf, spanField } from './times';

export interface DnsFlow {
  readonly table: PacketTable;
  readonly packets: PacketBytes;
  readonly lookAhead?: boolean;
}

/** The layer with what its flow's other packets tell. */
export function dnsLinked(layer: DissectedLayer, number: number, flow: number, input: DnsFlow): DissectedLayer {
  const id = findField(layer.tree, 'dns.id')?.value;
  const response = findField(layer.tree, 'dns.flags.response')?.value;
  if (typeof id !== 'number' || typeof response !== 'boolean' || flow === 0) return layer;
  const nodes: FieldNode[] = [];
  const packet = (name: string, found: number): FieldNode => generated(name, found + 1, `${found + 1}`, 0, 0);
  if (response) {
    const question = seek(number, -1, flow, id, false, input);
    if (question !== null) nodes.push(packet('dns.response_to', question), spanField('dns.time', momentOf(input.table, question), momentOf(input.table, number)));
  } else if (input.lookAhead === true) {
    const answer = seek(number, 1, flow, id, true, input);
    if (answer !== null) nodes.push(packet('dns.response_in', answer));
  }
  return nodes.length === 0 ? layer : { ...layer, tree: withChildren(layer.tree, nodes) };
}

/** The nearest packet of the flow in that direction with this number; null: none within the bounds. */
function seek(from: number, step: 1 | -1, flow: number, id: number, response: boolean, { table, packets }: DnsFlow): number | null {
  let looked = 0;
  for (let at = from + step, rows = 0; at >= 0 && at < table.count && rows < DISSECTION_LIMITS.questionRows; at += step, rows++) {
    const { chunk, row } = table.locate(at);
    if (chunk.flow[row] !== flow) continue;
    if (++looked > DISSECTION_LIMITS.questions) return null;
    const start = chunk.payloadAt[row] ?? 0;
    const bytes = packets.bytes(at);
    if (bytes.length < start + 4 || (chunk.payload[row] ?? 0) < 4) continue;
    if (readUint(bytes, start, 2) === id && ((bytes[start + 2] ?? 0) >= 0x80) === response) return at;
  }
  return null;
}
