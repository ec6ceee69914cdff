// What other packets of the connection tell about a TCP header, as fields of its layer: relative numbers, the real window, the stream, times,
// the payload and the message that it is a part of. Wireshark's names.

import { TCP_FLAGS, type TcpHeader } from '../../codec/tcp/codec';
import type { DissectedLayer } from '../../codec/dissect';
import { generated, type FieldNode } from '../../codec/field';
import { bytesNode } from '../../codec/layout';
import type { FlowTable } from '../flows/flowTable';
import { windowShift } from '../flows/flow';
import type { PacketTable } from '../packetTable';
import type { PacketStreams } from './flowStreams';
import { momentOf, spanField } from './times';

export interface TcpFacts {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly flow: number;
  readonly number: number;
  /** 0: sent by the flow's first end. */
  readonly side: 0 | 1;
  /** The packet of the flow before this one; null: it is the first. */
  readonly before: number | null;
  readonly streams: PacketStreams | null;
  /** A message of several packets ends here. */
  readonly joins: boolean;
}

/** The letters of tcp.flags.str, from AE's place on (draft-ietf-tcpm-accurate-ecn); reserved bits as R. */
const LETTERS = 'RRRACEUAPRSF';

export function tcpLayer(layer: DissectedLayer, frame: Uint8Array, facts: TcpFacts): DissectedLayer {
  if (layer.status.status !== 'complete') return layer;
  const header = layer.status.value as TcpHeader;
  const { columns } = facts.flows;
  const { flow, side } = facts;
  const at = (name: string): FieldNode | undefined => layer.tree.children.find((node) => node.name === name);
  const beside = (of: string, name: string, value: number, display = String(value)): FieldNode => generated(name, value, display, at(of)?.start ?? layer.start, at(of)?.length ?? 0);
  const own = (columns.base[flow * 2 + side] ?? 0) >>> 0;
  const other = (columns.base[flow * 2 + 1 - side] ?? 0) >>> 0;
  const has = (flag: keyof typeof TCP_FLAGS): boolean => (header.flags & TCP_FLAGS[flag]) !== 0;
  const length = Number(at('tcp.len')?.value ?? 0);
  const sequence = (header.sequence - own) >>> 0;
  const acknowledgment = has('ACK') ? (header.acknowledgment - other) >>> 0 : header.acknowledgment;
  const next = has('RST') ? sequence : (sequence + length + (has('SYN') ? 1 : 0) + (has('FIN') ? 1 : 0)) >>> 0;
  const shift = windowShift(columns, flow, side);
  const scaled = !has('SYN') && shift !== null && shift > 0 ? header.window * 2 ** shift : header.window;
  const nodes: FieldNode[] = [];
  for (const node of layer.tree.children) {
    if (node.name === 'tcp.seq_raw') nodes.push(beside('tcp.seq_raw', 'tcp.seq', sequence));
    if (node.name === 'tcp.ack_raw') nodes.push(beside('tcp.ack_raw', 'tcp.ack', acknowledgment));
    if (node.name === 'tcp.flags') nodes.push({ ...node, children: [...node.children, flagsText(node, header.flags)] });
    else nodes.push(node);
    if (node.name === 'tcp.dstport') nodes.push(beside('tcp.dstport', 'tcp.stream', columns.stream[flow] ?? 0));
    if (node.name === 'tcp.seq_raw') nodes.push(beside('tcp.seq_raw', 'tcp.nxtseq', next));
    if (node.name === 'tcp.window_size_value') {
      nodes.push(beside('tcp.window_size_value', 'tcp.window_size', scaled, `${scaled} B`));
      // Wireshark: -1 while nobody knows, -2 when no end scales.
      if (!has('SYN')) nodes.push(beside('tcp.window_size_value', 'tcp.window_size_scalefactor', shift === null ? -1 : bothScale(facts) ? 2 ** shift : -2));
    }
  }
  nodes.push(...timeNodes(facts, layer));
  const { payload } = layer;
  if (payload.end > payload.start) {
    nodes.push(bytesNode('tcp.payload', frame, payload.start, payload.end, 0));
    const outcome = facts.streams?.outcome;
    if (outcome !== undefined && (outcome.open || facts.joins)) {
      nodes.push(bytesNode('tcp.segment_data', frame, payload.start, payload.end, 0));
      if (outcome.reassembledIn !== null) nodes.push(generated('tcp.reassembled_in', outcome.reassembledIn + 1, `${outcome.reassembledIn + 1}`, payload.start, payload.end - payload.start));
    }
  }
  const placed = facts.streams?.placed;
  const conflict = placed?.conflicts[0];
  const problem = conflict === undefined ? layer.tree.problem : `${conflict.length} bytes differ from those that came before`;
  if (conflict !== undefined) nodes.push(generated('tcp.segment.overlap.conflict', true, 'True', payload.start, payload.end - payload.start));
  return { ...layer, tree: { ...layer.tree, children: nodes, ...(problem === undefined ? {} : { problem }) } };
}

const bothScale = ({ flows, flow }: TcpFacts): boolean => ((flows.columns.known[flow] ?? 0) & 0x30) === 0x30;

function flagsText(node: FieldNode, flags: number): FieldNode {
  const text = Array.from(LETTERS, (letter, i) => ((flags >> (11 - i)) & 1 ? letter : '·')).join('');
  return generated('tcp.flags.str', text, text, node.start, node.length);
}

function timeNodes({ table, flows, flow, number, before }: TcpFacts, layer: DissectedLayer): FieldNode[] {
  const now = momentOf(table, number);
  const first = flows.columns.first[flow] ?? number;
  return [spanField('tcp.time_relative', momentOf(table, first), now, layer.start), spanField('tcp.time_delta', momentOf(table, before ?? number), now, layer.start)];
}
