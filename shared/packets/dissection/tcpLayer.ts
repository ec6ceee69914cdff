// What other packets of the connection tell about a TCP header, as fields of its layer: relative numbers, the real window, the stream, times,
// the analysis, the payload and the message that it is a part of. Wireshark's names.

import { TCP_FLAGS, type TcpHeader } from '../../codec/tcp/codec';
import type { DissectedLayer } from '../../codec/dissect';
import { generated, group, type FieldNode } from '../../codec/field';
import { bytesNode } from '../../codec/layout';
import { analysisFields, type Span, type TcpNumbers } from '../analysis/tcpAnalysis';
import type { PacketStreams } from './flowStreams';
import { flagsNode, optionNotes, relativeOptions } from './tcpFlags';
import { lastingField, nanosField } from './times';

/** Whose messages say at their beginning how long they are: Wireshark tells the size of each. */
const SIZED: ReadonlySet<string> = new Set(['dns', 'http2', 'bittorrent']);

export interface TcpFacts {
  /** tcp.stream. */
  readonly stream: number;
  /** Null: the index has no TCP header of it. */
  readonly numbers: TcpNumbers | null;
  readonly streams: PacketStreams | null;
  /** A message of several packets ends here. */
  readonly joins: boolean;
}

export function tcpLayer(layer: DissectedLayer, frame: Uint8Array, facts: TcpFacts): DissectedLayer {
  const { numbers } = facts;
  // Where only options were cut off, the numbers are there all the same.
  if (layer.status.status !== 'complete' && numbers === null) return layer;
  const nodes: FieldNode[] = [];
  const beside = ({ start, length }: FieldNode, name: string, value: number | null, display = String(value)): void => {
    if (value !== null) nodes.push(generated(name, value, display, start, length));
  };
  let acknowledged = 0;
  for (const node of layer.tree.children) {
    switch (node.name) {
      case 'tcp.dstport':
        nodes.push(node);
        beside(node, 'tcp.stream', facts.stream);
        beside(node, 'tcp.completeness', numbers?.completeness ?? null);
        break;
      case 'tcp.seq_raw':
        beside(node, 'tcp.seq', numbers?.sequence ?? null);
        nodes.push(node);
        beside(node, 'tcp.nxtseq', numbers?.nextSequence ?? null);
        break;
      case 'tcp.ack_raw':
        acknowledged = Number(node.value);
        beside(node, 'tcp.ack', numbers === null ? null : (numbers.acknowledgment ?? acknowledged));
        nodes.push(node);
        break;
      case 'tcp.flags':
        nodes.push(flagsNode(node, numbers));
        break;
      case 'tcp.window_size_value':
        nodes.push(node);
        beside(node, 'tcp.window_size', numbers?.windowSize ?? null, `${numbers?.windowSize ?? 0} B`);
        beside(node, 'tcp.window_size_scalefactor', numbers?.scaleFactor ?? null);
        break;
      case 'tcp.options':
        nodes.push(numbers === null ? node : relativeOptions(node, acknowledged, numbers));
        break;
      default: nodes.push(node);
    }
  }
  if (layer.status.status === 'complete') nodes.push(...optionNotes(layer.status.value as TcpHeader, numbers));
  if (numbers !== null) nodes.push(lastingField('tcp.time_relative', numbers.timeRelative), lastingField('tcp.time_delta', numbers.timeDelta), ...analysisNodes(numbers));
  nodes.push(...payloadNodes(layer, frame, facts));
  const conflict = facts.streams?.placed.conflicts[0];
  const problem = conflict === undefined ? layer.tree.problem : `${conflict.length} bytes differ from those that came before`;
  if (conflict !== undefined) nodes.push(generated('tcp.segment.overlap.conflict', true, 'True', layer.payload.start, layer.payload.end - layer.payload.start));
  return { ...layer, tree: { ...layer.tree, children: nodes, ...(problem === undefined ? {} : { problem }) } };
}

/** A header that an ICMP error quotes: the stream that it is about, and the first bytes of what was sent, where they are there too. */
export function quotedTcpLayer(layer: DissectedLayer, frame: Uint8Array, stream: number | null): DissectedLayer {
  const { payload: { start, end }, tree } = layer;
  const children = tree.children.flatMap((node) => {
    if (node.name === 'tcp.dstport' && stream !== null) return [node, generated('tcp.stream', stream, String(stream), node.start, node.length)];
    return node.name === 'tcp.flags' ? [flagsNode(node, null)] : [node];
  });
  return { ...layer, tree: { ...tree, children: layer.status.status === 'complete' && end > start ? [...children, bytesNode('tcp.payload', frame, start, end, 0)] : children } };
}

function payloadNodes({ payload, status }: DissectedLayer, frame: Uint8Array, { streams, joins }: TcpFacts): FieldNode[] {
  const reset = status.status === 'complete' && ((status.value as TcpHeader).flags & TCP_FLAGS.RST) !== 0;
  // What comes with a reset is a reason for people, no payload (RFC 9293 3.5.2).
  if (payload.end <= payload.start || reset) return [];
  const nodes = [bytesNode('tcp.payload', frame, payload.start, payload.end, 0)];
  const outcome = streams?.outcome;
  for (const item of outcome?.items ?? []) {
    if (item.kind === 'message' && SIZED.has(item.protocol)) nodes.push(generated('tcp.pdu.size', item.end - item.start, `${item.end - item.start} B`, payload.start, payload.end - payload.start));
  }
  const { repeated = false, waits = false } = streams?.placed ?? {};
  if (streams === null || outcome === undefined || (!outcome.open && !joins && !repeated && !waits)) return nodes;
  for (const { start, end } of partsOf(streams, payload)) nodes.push(bytesNode('tcp.segment_data', frame, start, end, 0));
  if (outcome.reassembledIn !== null) nodes.push(generated('tcp.reassembled_in', outcome.reassembledIn + 1, `${outcome.reassembledIn + 1}`, payload.start, payload.end - payload.start));
  return nodes;
}

/** What of a payload is no message by itself: the end of one that came in several packets, and the beginning of one that goes on. */
function partsOf({ outcome, placed, dir }: PacketStreams, payload: DissectedLayer['payload']): { readonly start: number; readonly end: number }[] {
  // Bytes that came before, and those that wait for others, are handed to no protocol above.
  if (placed.repeated || placed.waits) return [payload];
  const parts: { start: number; end: number }[] = [];
  let next = payload.start;
  for (const item of outcome.items) {
    if (item.kind !== 'message' || item.level !== 0 || item.dir !== dir) continue;
    // A packet that came late ends messages of which others brought the end.
    const end = Math.min(payload.end, payload.start + item.end - placed.at);
    if (end <= next) continue;
    if (item.segments.length > 0) parts.push({ start: next, end });
    next = end;
  }
  if (outcome.open && next < payload.end) parts.push({ start: next, end: payload.end });
  return parts;
}

/** 'SEQ/ACK analysis' of Wireshark: what it measures, and what it finds wrong. */
function analysisNodes(numbers: TcpNumbers): FieldNode[] {
  const number = (name: string, value: number | null, display = String(value)): FieldNode[] => (value === null ? [] : [generated(name, value, display, 0, 0)]);
  const packet = (name: string, value: number | null): FieldNode[] => number(name, value === null ? null : value + 1);
  const time = (name: string, value: Span | null): FieldNode[] => (value === null ? [] : [lastingField(name, value)]);
  const found = analysisFields(numbers.bits).map((name) => generated(name, null, name.replace('tcp.analysis.', '').replaceAll('_', ' '), 0, 0));
  const children = [
    ...packet('tcp.analysis.acks_frame', numbers.acksFrame), ...time('tcp.analysis.ack_rtt', numbers.ackRtt),
    ...number('tcp.analysis.bytes_in_flight', numbers.bytesInFlight, `${numbers.bytesInFlight ?? 0} B`), ...number('tcp.analysis.push_bytes_sent', numbers.pushBytesSent, `${numbers.pushBytesSent ?? 0} B`),
    ...(found.length === 0 ? [] : [{ ...group('tcp.analysis.flags', found.map(({ display }) => display).join(', '), 0, 0, found), generated: true as const }]),
    ...number('tcp.analysis.duplicate_ack_num', numbers.duplicateAckNumber), ...packet('tcp.analysis.duplicate_ack_frame', numbers.duplicateAckFrame),
    ...time('tcp.analysis.rto', numbers.rto), ...packet('tcp.analysis.rto_frame', numbers.rtoFrame),
  ];
  // Of the connection, beside what is told of this packet.
  return children.length === 0 && !numbers.looked ? [] : [{ ...group('tcp.analysis', 'SEQ/ACK analysis', 0, 0, [...(numbers.initialRtt === null ? [] : [nanosField('tcp.analysis.initial_rtt', numbers.initialRtt)]), ...children]), generated: true }];
}
