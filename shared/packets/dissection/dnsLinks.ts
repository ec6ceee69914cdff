// Joins DNS questions and answers over UDP (RFC 1035 4.1.1): messages of one flow with the same number. A question that comes again before an answer is
// sent again, one that comes later is a new one; an answer belongs to the question that was asked first. In order each message of a flow is read once,
// out of order some before the one that is asked for.

import type { DissectedLayer } from '../../codec/dissect';
import { findField, generated, withChildren, type FieldNode } from '../../codec/field';
import { readUint } from '../../base/bytes';
import type { PacketBytes } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { CHUNK, type PacketTable } from '../packetTable';
import { forgetOldest } from './forgetOldest';
import { DISSECTION_LIMITS } from './limits';
import { between, momentOf, spanField } from './times';

export interface DnsFlow {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly packets: PacketBytes;
  readonly lookAhead?: boolean;
}

/** Seconds after which nobody waits any more: the same number then asks something new. As Wireshark has it. */
const WAITS = 5;

/** What the messages of one number have come to. */
interface Exchange {
  /** The packets of the question and of its answer; null: none yet. */
  readonly question: number | null;
  readonly answer: number | null;
}

/** What was read of a flow: its packets before `next`, and what they came to by number. */
interface FlowExchanges {
  next: number;
  readonly exchanges: Map<number, Exchange>;
}

const NONE: Exchange = { question: null, answer: null };

export class DnsReader {
  readonly #flows = new Map<number, FlowExchanges>();

  constructor(private readonly input: DnsFlow) {}

  /** The layer with what its flow's other packets tell. */
  linked(layer: DissectedLayer, number: number, flow: number): DissectedLayer {
    const id = findField(layer.tree, 'dns.id')?.value;
    const response = findField(layer.tree, 'dns.flags.response')?.value;
    if (typeof id !== 'number' || typeof response !== 'boolean' || flow === 0) return layer;
    const before = this.#before(number, flow, id);
    const nodes = response ? answerNodes(before, number, this.input.table, layer.status.status === 'complete') : questionNodes(before, number, flow, id, this.input);
    return nodes.length === 0 ? layer : { ...layer, tree: withChildren(layer.tree, nodes) };
  }

  /** What came to this number before a packet. */
  #before(number: number, flow: number, id: number): Exchange {
    const { input } = this;
    const known = this.#known(number, flow);
    for (const { at, id: of, response } of messages(known.next, 1, flow, input, number)) {
      const exchange = known.exchanges.get(of) ?? NONE;
      if (response && exchange.question !== null && exchange.answer === null) known.exchanges.set(of, { ...exchange, answer: at });
      else if (!response && !isWaiting(exchange, at, input.table)) {
        // Behind the others: it is the latest now.
        known.exchanges.delete(of);
        known.exchanges.set(of, { question: at, answer: null });
        forgetOldest(known.exchanges, DISSECTION_LIMITS.exchanges);
      }
    }
    known.next = number;
    return known.exchanges.get(id) ?? NONE;
  }

  #known(number: number, flow: number): FlowExchanges {
    const found = this.#flows.get(flow);
    if (found !== undefined && found.next <= number && number - found.next <= DISSECTION_LIMITS.questionRows) return found;
    let next = number;
    let read = 0;
    for (const { at } of messages(number - 1, -1, flow, this.input, 0)) {
      next = at;
      if (++read === DISSECTION_LIMITS.dnsMessages) break;
    }
    const begun = { next, exchanges: new Map<number, Exchange>() };
    this.#flows.delete(flow);
    this.#flows.set(flow, begun);
    forgetOldest(this.#flows, DISSECTION_LIMITS.exchanges);
    return begun;
  }
}

const packetNode = (name: string, found: number): FieldNode => generated(name, found + 1, `${found + 1}`, 0, 0);

/** `whole`: of a damaged message nobody can say that it was not asked for. */
function answerNodes({ question, answer }: Exchange, number: number, table: PacketTable, whole: boolean): FieldNode[] {
  if (question === null) return whole ? [unsolicited()] : [];
  if (answer !== null) return [generated('dns.retransmit_response', null, 'answered again', 0, 0), packetNode('dns.retransmit_response_in', answer), generated('dns.retransmission', true, 'answered again', 0, 0)];
  return [packetNode('dns.response_to', question), spanField('dns.time', momentOf(table, question), momentOf(table, number))];
}

/** An answer that nobody asked for, as far as the capture knows. */
export const unsolicited = (): FieldNode => generated('dns.unsolicited', true, 'no question', 0, 0);

function questionNodes(before: Exchange, number: number, flow: number, id: number, input: DnsFlow): FieldNode[] {
  if (before.question !== null && isWaiting(before, number, input.table)) {
    return [generated('dns.retransmit_request', null, 'asked again', 0, 0), packetNode('dns.retransmit_request_in', before.question), generated('dns.retransmission', true, 'asked again', 0, 0)];
  }
  const answer = input.lookAhead === true ? answerAfter(number, flow, id, input) : null;
  return answer === null ? [] : [packetNode('dns.response_in', answer)];
}

/** True when a question in this packet is the exchange's own once more. */
const isWaiting = ({ question, answer }: Exchange, number: number, table: PacketTable): boolean => question !== null && answer === null && between(momentOf(table, question), momentOf(table, number)) < WAITS * 1e9;

/** The answer to a question; null: none within the bounds, or none before the number asks something new. */
function answerAfter(number: number, flow: number, id: number, input: DnsFlow): number | null {
  let looked = 0;
  for (const { at, id: of, response } of messages(number + 1, 1, flow, input, number + DISSECTION_LIMITS.questionRows)) {
    if (++looked > DISSECTION_LIMITS.questions) return null;
    if (of !== id) continue;
    if (response) return at;
    if (!isWaiting({ question: number, answer: null }, at, input.table)) return null;
  }
  return null;
}

/** The messages of the flow from a packet on in that direction: forwards before `until`, backwards down to it, within the bounds. */
function* messages(from: number, step: 1 | -1, flow: number, { table, flows, packets }: DnsFlow, until: number): Generator<{ readonly at: number; readonly id: number; readonly response: boolean }> {
  const first = Math.max(flows.columns.first[flow] ?? 0, step < 0 ? until : 0);
  const last = Math.min(flows.columns.last[flow] ?? 0, step > 0 ? until - 1 : Infinity);
  for (let at = step > 0 ? Math.max(from, first) : from, rows = 0; at >= first && at <= last && rows < DISSECTION_LIMITS.questionRows; at += step, rows++) {
    const chunk = table.chunks[Math.floor(at / CHUNK)];
    const row = at % CHUNK;
    if (chunk?.flow[row] !== flow || (chunk.payload[row] ?? 0) < 4) continue;
    const start = chunk.payloadAt[row] ?? 0;
    const bytes = packets.bytes(at);
    if (bytes.length >= start + 4) yield { at, id: readUint(bytes, start, 2), response: (bytes[start + 2] ?? 0) >= 0x80 };
  }
}
