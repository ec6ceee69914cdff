// The options of an IPv4 header as nodes (RFC 791 3.1, router alert RFC 2113). Rare on today's networks; shown so that no byte of a
// header is without a name.

import { group, type FieldNode } from '../field';
import { bit, bytesNode, ipv4Address, labelled, specNode, uint, unit } from '../layout';
import { walkOptions, type OptionRange } from '../options';

const RULES = { single: [0, 1], end: 0, counts: true };
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'End of options'], [1, 'No operation'], [7, 'Record route'], [68, 'Timestamp'], [130, 'Security'], [131, 'Loose source route'],
  [137, 'Strict source route'], [148, 'Router alert'],
]);
const ROUTES = [7, 131, 137];

const spec = {
  type: uint('ip.opt.type', 0, 1, { format: labelled(NAMES) }),
  copy: bit('ip.opt.type.copy', 0, 1, 0x80),
  class: uint('ip.opt.type.class', 0, 1, { mask: 0x60 }),
  number: uint('ip.opt.type.number', 0, 1, { mask: 0x1f }),
  length: uint('ip.opt.len', 1, 1, { format: unit('B') }),
  pointer: uint('ip.opt.ptr', 2, 1),
  alert: uint('ip.opt.ra', 2, 2),
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
  const bits = [specNode(spec.copy, bytes, at), specNode(spec.class, bytes, at), specNode(spec.number, bytes, at)];
  const children: FieldNode[] = [{ ...specNode(spec.type, bytes, at), children: bits }];
  if (range.dataStart === range.start + 2 && bytes.length > 1) children.push(specNode(spec.length, bytes, at));
  if (range.problem === null && bytes.length > 2) children.push(...dataNodes(bytes, range.kind, at));
  const name = NAMES.get(range.kind) ?? `${range.kind}`;
  return group('ip.opt', name, at, bytes.length, children, range.problem ?? undefined);
}

function dataNodes(bytes: Uint8Array, kind: number, base: number): FieldNode[] {
  if (kind === 148 && bytes.length === 4) return [specNode(spec.alert, bytes, base)];
  if (!ROUTES.includes(kind)) return [bytesNode('ip.opt.data', bytes, 2, bytes.length, base)];
  const nodes = [specNode(spec.pointer, bytes, base)];
  const name = kind === 7 ? 'ip.rec_rt' : 'ip.src_rt';
  for (let at = 3; at + 4 <= bytes.length; at += 4) nodes.push(specNode(ipv4Address(name, at), bytes, base));
  return nodes;
}
