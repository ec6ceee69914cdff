// The options of an IPv4 header as nodes (RFC 791 3.1, router alert RFC 2113). Rare on today's networks; shown so that no byte of a
// header is without a name.

import { group, type FieldNode } from '../field';
import { bit, bytesNode, labelled, specNode, uint, unit } from '../layout';
import { NodeReader } from '../nodeReader';
import { walkOptions, type OptionRange } from '../options';

const RULES = { single: [0, 1], end: 0, counts: true };
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'End of options'], [1, 'No operation'], [7, 'Record route'], [11, 'MTU probe'], [12, 'MTU reply'], [68, 'Timestamp'], [130, 'Security'],
  [131, 'Loose source route'], [136, 'Stream identifier'],
  [137, 'Strict source route'], [148, 'Router alert'],
]);
const KIND = { record: 7, probe: 11, reply: 12, timestamp: 68, loose: 131, stream: 136, strict: 137, alert: 148 } as const;
const FLAGS: ReadonlyMap<number, string> = new Map([[0, 'clocks'], [1, 'addresses and clocks'], [3, 'clocks of these addresses']]);

const spec = {
  type: uint('ip.opt.type', 0, 1, { format: labelled(NAMES) }),
  copy: bit('ip.opt.type.copy', 0, 1, 0x80),
  class: uint('ip.opt.type.class', 0, 1, { mask: 0x60 }),
  number: uint('ip.opt.type.number', 0, 1, { mask: 0x1f }),
  length: uint('ip.opt.len', 1, 1, { format: unit('B') }),
};

/** One node over all options of a header (`header` ends where they end). */
export function optionNodes(header: Uint8Array, start: number, base: number): FieldNode {
  const children = walkOptions(header, start, RULES).map((range) => optionNode(header, range, base));
  return group('ip.options', children.map((child) => child.display).join(', '), base + start, header.length - start, children);
}

function optionNode(header: Uint8Array, range: OptionRange, base: number): FieldNode {
  const end = range.start + range.length;
  if (range.padding) return bytesNode('ip.opt.padding', header, range.start, end, base);
  const bytes = header.subarray(range.start, end);
  const at = base + range.start;
  // A length that cannot be says that this is no option: its bytes are shown as they are.
  if (range.problem !== null) return group('ip.opt', 'Unreadable', at, bytes.length, [bytesNode('ip.opt.data', header, range.start, end, base)], range.problem);
  const bits = [specNode(spec.copy, bytes, at), specNode(spec.class, bytes, at), specNode(spec.number, bytes, at)];
  const children: FieldNode[] = [{ ...specNode(spec.type, bytes, at), children: bits }];
  if (range.dataStart === range.start + 2 && bytes.length > 1) children.push(specNode(spec.length, bytes, at));
  if (bytes.length > 2) children.push(...dataNodes(bytes, range.kind, at));
  const name = NAMES.get(range.kind) ?? `${range.kind}`;
  return group('ip.opt', name, at, bytes.length, children);
}

/** What an option holds behind its length. */
function dataNodes(bytes: Uint8Array, kind: number, base: number): FieldNode[] {
  const reader = new NodeReader(bytes, 2, bytes.length, base);
  switch (kind) {
    case KIND.alert: reader.number('ip.opt.ra', 2); break;
    case KIND.stream: reader.number('ip.opt.sid', 2); break;
    case KIND.probe: case KIND.reply: reader.number('ip.opt.mtu', 2, unit('B')); break;
    case KIND.timestamp: timestamps(reader); break;
    case KIND.record: case KIND.loose: case KIND.strict: {
      // The pointer counts from 1 at the option's first byte (RFC 791 3.1).
      const next = (reader.number('ip.opt.ptr', 1) ?? 0) - 1;
      while (reader.left >= 4) reader.ipv4(reader.at < next ? 'ip.rec_rt' : kind === KIND.record ? 'ip.empty_rt' : 'ip.src_rt');
      break;
    }
    default:
  }
  reader.rest('ip.opt.data', reader.stopped ? 'shorter than it should be' : undefined);
  return reader.nodes;
}

/** RFC 791 3.1: clocks, or addresses with their clocks; milliseconds since midnight UTC. */
function timestamps(reader: NodeReader): void {
  reader.number('ip.opt.ptr', 1);
  const packed = reader.split(1, [['ip.opt.overflow', 0xf0, String], ['ip.opt.flag', 0x0f, labelled(FLAGS)]]);
  const addresses = packed !== null && (packed & 0x0f) !== 0;
  while (reader.left >= (addresses ? 8 : 4)) {
    if (addresses) reader.ipv4('ip.opt.time_stamp_addr');
    reader.number('ip.opt.time_stamp', 4, unit('ms'));
  }
}
