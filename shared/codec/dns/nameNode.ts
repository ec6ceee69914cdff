// Nodes of names and numbers in a DNS message: a name with its labels, its pointer or its end below it (RFC 1035 3.1, 4.1.4).

import { readUint } from '../../base/bytes';
import type { FieldNode, FieldValue } from '../field';
import { labelSign, ROOT, shownName } from './name';
import type { WireReader } from './wireReader';

export const leaf = (field: string, value: FieldValue, display: string, start: number, length: number): FieldNode => ({ name: field, value, display, start, length, children: [] });

/** A number of the next bytes. Throws WireFault when they are not there. */
export function numberNode(reader: WireReader, field: string, length: 1 | 2 | 4, base: number, format: (value: number) => string = String): FieldNode {
  const start = reader.at;
  const value = readUint(reader.take(length), 0, length);
  return { name: field, value, display: format(value), start: base + start, length, children: [] };
}

/** A name with its labels, its pointer or its end below it. Throws WireFault. */
export function nameNode(reader: WireReader, field: string, base: number): { readonly node: FieldNode; readonly name: string } {
  const start = reader.at;
  const text = reader.name();
  const children: FieldNode[] = [];
  for (let at = start; at < reader.at;) {
    const length = reader.bytes[at] ?? 0;
    if (length === 0) children.push(leaf('dns.name.end', 0, '0', base + at, 1));
    else if (length > 0xbf) {
      const target = readUint(reader.bytes, at, 2) & 0x3fff;
      children.push(leaf('dns.name.pointer', target, `→ ${target}`, base + at, 2));
    } else {
      const label = Array.from(reader.bytes.subarray(at + 1, at + 1 + length), labelSign).join('');
      children.push(leaf('dns.name.label', label, `${length} ${label}`, base + at, 1 + length));
    }
    at += length === 0 ? 1 : length > 0xbf ? 2 : 1 + length;
  }
  return { name: text, node: { name: field, value: shownName(text), display: text === ROOT ? ROOT : shownName(text), start: base + start, length: reader.at - start, children } };
}
