// Joins DNS questions and answers over UDP (RFC 1035 4.1.1): the latest question before an answer in its flow with the same number, and the
// first answer after a question. Looks at the few packets around; keeps nothing.

import type { DissectedLayer } from '../../codec/dissect';
import { findField, generated, withChildren, type FieldNode } from '../../codec/field';
import { readUint } from '../../base/bytes';
import type { PacketBytes } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { CHUNK, type PacketTable } from '../packetTable';
import { DISSECTION_LIMITS } from './limits';
import { momentOf, spanField } from './times';

export interface DnsFlow {
  readonly table: PacketTable;
  readonly flows: FlowTable;
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
  } else {
    const answer = input.lookAhead === true ? seek(number, 1, flow, id, true, input) : null;
    if (answer !== null) nodes.push(packet('dns.response_in', answer));
    const first = firstAsked(number, flow, id, input);
    if (first !== null) nodes.push(generated('dns.retransmit_request', true, 'True', 0, 0), packet('dns.retransmit_request_in', first), generated('dns.retransmission', true, 'asked again', 0, 0));
  }
  return nodes.length === 0 ? layer : { ...layer, tree: withChildren(layer.tree, nodes) };
}

/** The packet that asked this first and has no answer yet (RFC 1035 4.2.1: resolvers ask again); null: this one. */
function firstAsked(number: number, flow: number, id: number, input: DnsFlow): number | null {
  let first: number | null = null;
  // Every step back is bounded, and so is their number.
  for (let steps = 0; steps < DISSECTION_LIMITS.questions; steps++) {
    const from: number = first ?? number;
    const question = seek(from, -1, flow, id, false, input);
    if (question === null || seek(from, -1, flow, id, true, input, question) !== null) break;
    first = question;
  }
  return first;
}

/** The nearest packet of the flow in that direction with this number, not past `until`; null: none within the bounds. */
function seek(from: number, step: 1 | -1, flow: number, id: number, response: boolean, { table, flows, packets }: DnsFlow, until = step < 0 ? 0 : Infinity): number | null {
  let looked = 0;
  const first = Math.max(until, flows.columns.first[flow] ?? 0);
  const last = Math.min(until, flows.columns.last[flow] ?? 0);
  for (let at = from + step, rows = 0; (step < 0 ? at >= first : at <= last) && rows < DISSECTION_LIMITS.questionRows; at += step, rows++) {
    const chunk = table.chunks[Math.floor(at / CHUNK)];
    const row = at % CHUNK;
    if (chunk?.flow[row] !== flow) continue;
    if (++looked > DISSECTION_LIMITS.questions) return null;
    const start = chunk.payloadAt[row] ?? 0;
    const bytes = packets.bytes(at);
    if (bytes.length < start + 4 || (chunk.payload[row] ?? 0) < 4) continue;
    if (readUint(bytes, start, 2) === id && ((bytes[start + 2] ?? 0) >= 0x80) === response) return at;
  }
  return null;
}
