// What is wrong or worth knowing of a packet, as Wireshark's fields "_ws.malformed", "_ws.short" and "_ws.expert": told from the layers and nodes that mark
// trouble. Made when a filter or a column asks; no part of the inspector's tree, which shows trouble where it is. What we do not check is not marked.

import { columns } from '../column';
import type { DissectedLayer } from '../dissect';
import { headerMarks, type Severity } from './headerMarks';
import { findField, generated, group, walkFields, type FieldNode } from '../field';

/** Wireshark's numbers. */
const SEVERITY: Readonly<Record<Severity, number>> = { chat: 0x20_0000, note: 0x40_0000, warning: 0x60_0000, error: 0x80_0000 };
const GROUP = { checksum: 0x100_0000, sequence: 0x200_0000, malformed: 0x700_0000, protocol: 0x900_0000 } as const;

/** Whether a field is one of marks. */
export const isMark = (field: string): boolean => field.startsWith('_ws.');

/** Of connections and of echoes, each about the sequence of packets; in braces the value of another field. */
const SEQUENCE: ReadonlyMap<string, readonly [Severity, string]> = new Map<string, readonly [Severity, string]>([
  ['tcp.analysis.retransmission', ['note', 'This frame is a (suspected) retransmission']],
  ['tcp.analysis.fast_retransmission', ['note', 'This frame is a (suspected) fast retransmission']],
  ['tcp.analysis.spurious_retransmission', ['note', 'This frame is a (suspected) spurious retransmission']],
  ['tcp.analysis.out_of_order', ['warning', 'This frame is a (suspected) out-of-order segment']],
  ['tcp.analysis.duplicate_ack', ['note', 'Duplicate ACK (#{tcp.analysis.duplicate_ack_num})']],
  ['tcp.analysis.lost_segment', ['warning', 'Previous segment(s) not captured (common at capture start)']],
  ['tcp.analysis.ack_lost_segment', ['warning', "ACKed segment that wasn't captured (common at capture start)"]],
  ['tcp.analysis.keep_alive', ['note', 'TCP keep-alive segment']],
  ['tcp.analysis.keep_alive_ack', ['note', 'ACK to a TCP keep-alive segment']],
  ['tcp.analysis.zero_window', ['warning', 'TCP Zero Window segment']],
  ['tcp.analysis.zero_window_probe', ['note', 'TCP Zero Window Probe']],
  ['tcp.analysis.zero_window_probe_ack', ['note', 'ACK to a TCP Zero Window Probe']],
  ['tcp.analysis.window_update', ['chat', 'TCP window update']],
  ['tcp.analysis.window_full', ['warning', 'TCP window specified by the receiver is now completely full']],
  ['tcp.analysis.reused_ports', ['note', 'A new tcp session is started with the same ports as an earlier session in this trace']],
  ['tcp.connection.syn', ['chat', 'Connection establish request (SYN): server port {tcp.dstport}']],
  ['tcp.connection.synack', ['chat', 'Connection establish acknowledge (SYN+ACK): server port {tcp.srcport}']],
  ['tcp.connection.fin', ['chat', 'Connection finish (FIN)']],
  ['tcp.connection.fin_active', ['note', 'This frame initiates the connection closing']],
  ['tcp.connection.fin_passive', ['note', 'This frame undergoes the connection closing']],
  ['tcp.connection.rst', ['warning', 'Connection reset (RST)']],
  ['icmp.no_resp', ['warning', 'No response seen to ICMP request']],
  ['icmpv6.no_resp', ['warning', 'No response seen to ICMPv6 request in frame {frame.number}']],
]);
/** Whose messages are worth a look by themselves, by the line that they begin with: what is a request or an answer of HTTP. */
const TOLD: ReadonlySet<string> = new Set(['http', 'ssdp']);
const BEGUN: ReadonlySet<string> = new Set(['http.request', 'http.notification', 'http.response']);

/** The nodes of a packet's marks, `_ws.expert` with its fields as children. `layers`: with the frame's, which knows what the capture cut off. */
export function marksOf(layers: readonly (DissectedLayer & { readonly source?: number })[]): readonly FieldNode[] {
  const frame = layers.find(({ protocol }) => protocol === 'frame');
  const cut = frame?.status.status === 'complete' && frame.status.payload.missing > 0;
  const marks: FieldNode[] = [];
  let inStream = false;
  for (const layer of layers) {
    if (layer === frame) continue;
    // What an ICMP error quotes ends early by its nature; what is odd about the quoted headers may be why it was sent.
    if (!layer.quoted) marks.push(...ofLayer(layer, cut && (layer.source ?? 0) === 0, inStream), ...ofNodes(layer, frame));
    marks.push(...ofHeader(layer));
    inStream ||= !layer.quoted && layer.protocol === 'tcp' && layer.status.status === 'complete';
  }
  return marks;
}

function ofLayer({ status, protocol, title, start, length }: DissectedLayer, cut: boolean, inStream: boolean): FieldNode[] {
  switch (status.status) {
    case 'complete': return [];
    case 'malformed':
      // Wireshark goes on where a header of IPv4 contradicts itself, and says so.
      if (protocol === 'ip') return [expert('error', GROUP.protocol, status.why, start, length)];
      return broken(title, start, length);
    case 'incomplete':
      if (cut) return [generated('_ws.short', null, `[Packet size limited during capture: ${title} truncated]`, start, length)];
      // A message goes on in the next segment.
      return inStream ? [] : broken(title, start, length);
    default: return status satisfies never;
  }
}

const broken = (title: string, start: number, length: number): FieldNode[] => [
  generated('_ws.malformed', null, `[Malformed Packet: ${title}]`, start, length),
  expert('error', GROUP.malformed, 'Malformed Packet (Exception occurred)', start, length),
];

const ofHeader = (layer: DissectedLayer): FieldNode[] => headerMarks(layer).map(({ severity, about, text, node }) => expert(severity, GROUP[about], text, node.start, node.length));

function ofNodes({ tree, protocol }: DissectedLayer, frame: DissectedLayer | undefined): FieldNode[] {
  const marks: FieldNode[] = [];
  const line = TOLD.has(protocol) && tree.children.some(({ name }) => BEGUN.has(name)) ? columns.get(protocol)?.info(tree) ?? '' : '';
  if (line !== '') marks.push(expert('chat', GROUP.sequence, `${line}\\r\\n`, tree.start, tree.length));
  for (const { node } of walkFields(tree)) {
    const { name, start, length } = node;
    const sequence = SEQUENCE.get(name);
    if (sequence !== undefined) marks.push(expert(sequence[0], GROUP.sequence, message(sequence[1], frame === undefined ? [tree] : [tree, frame.tree]), start, length));
    if (name.endsWith('.checksum.status') && node.value === 0) marks.push(expert('error', GROUP.checksum, badChecksum(name.replace('.status', '_calculated'), tree), start, length));
    if (node.problem !== undefined) marks.push(expert('error', GROUP.malformed, node.problem, start, length));
  }
  return marks;
}

const message = (text: string, trees: readonly FieldNode[]): string => text.replace(/\{(.*)\}/, (_all, field: string) => String(trees.map((tree) => findField(tree, field)?.value).find((value) => value !== undefined) ?? ''));

function badChecksum(calculated: string, tree: FieldNode): string {
  const sum = findField(tree, calculated);
  return sum === null ? 'Bad checksum' : `Bad checksum [should be ${sum.display}]`;
}

function expert(severity: Severity, about: number, text: string, start: number, length: number): FieldNode {
  const children = [
    generated('_ws.expert.message', text, text, start, length),
    generated('_ws.expert.severity', SEVERITY[severity], severity, start, length),
    generated('_ws.expert.group', about, String(about), start, length),
  ];
  return { ...group('_ws.expert', 'Expert Info', start, length, children), generated: true };
}
