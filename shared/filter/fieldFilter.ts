// A field of a packet as the filter that finds its like: what "apply as filter" writes, as Wireshark does. From a tree's node to text; asks no packet.

import type { FieldNode } from '../codec/field';
import { FIELD_TYPES, type FieldKind, type FieldType } from '../codec/schema';
import { fieldValue } from './fieldSource';
import { textOfValue } from './fieldText';
import type { FilterValue } from './filter';
import { natureOf, widthOf } from './kinds';
import { parseFilter } from './parse';

/** Bytes of a field that are compared; of a longer one the first. */
const MOST_BYTES = 32;

/** `ip.src == 10.0.0.1`; where no value can be said, that the field is there; null: no filter knows it. `source`: the bytes that the node's place counts in. */
export function filterOfField(node: FieldNode, source: Uint8Array): string | null {
  const type = FIELD_TYPES.get(node.name);
  if (type === undefined) return null;
  const value = fieldValue(node, type.kind, source.subarray(node.start, node.start + node.length));
  return compared(type, value, node.display);
}

/** The same of a value as a list shows it: the text of a field's column. */
export function filterOfText(name: string, text: string): string | null {
  const type = FIELD_TYPES.get(name);
  if (type === undefined) return null;
  return fitting([natureOf(type.kind) === 'text' ? `${name} == ${quoted(text)}` : `${name} == ${text}`, `${name} == ${quoted(text)}`, name]);
}

function compared({ name, kind, hex }: FieldType, value: FilterValue, display: string): string | null {
  if (kind === 'bytes' && value instanceof Uint8Array && value.length > MOST_BYTES) return `${name}[0:${MOST_BYTES}] == ${textOfValue(value.subarray(0, MOST_BYTES), kind)}`;
  const written = literal(kind, hex, value, display);
  return fitting(written === null ? [name] : [`${name} == ${written}`, name]);
}

/** The first that is a filter. */
const fitting = (texts: readonly string[]): string | null => texts.find((text) => 'ok' in parseFilter(text)) ?? null;

function literal(kind: FieldKind, hex: boolean, value: FilterValue, display: string): string | null {
  const nature = natureOf(kind);
  switch (nature) {
    case 'none': case 'protocol': return null;
    case 'bool': return value === 0 ? '0' : '1';
    case 'whole': return hex && typeof value === 'number' && value >= 0 ? `0x${value.toString(16).padStart(widthOf(kind) * 2, '0')}` : String(value);
    case 'double': return String(value);
    case 'text': return quoted(String(value));
    case 'abstime': return quoted(display);
    case 'reltime': return typeof value === 'bigint' ? seconds(value) : null;
    case 'bytes': case 'ipv4': case 'ipv6': case 'guid': return value instanceof Uint8Array && value.length > 0 ? textOfValue(value, kind) : null;
    default: return nature satisfies never;
  }
}

/** Nanoseconds as a filter says them. */
function seconds(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const rest = String(size % 1_000_000_000n).padStart(9, '0').replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${rest === '' ? '' : `.${rest}`}`;
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\0-\x1f\x7f]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

/** How a field's filter joins the one that is there. */
export const JOINED_AS = ['selected', 'notSelected', 'and', 'or', 'andNot', 'orNot'] as const;
export type JoinedAs = (typeof JOINED_AS)[number];

/** As Wireshark joins them; with no filter there the new one alone. */
export function joinedFilter(there: string, filter: string, how: JoinedAs): string {
  const negated = how === 'notSelected' || how === 'andNot' || how === 'orNot';
  if (there.trim() === '' || how === 'selected' || how === 'notSelected') return negated ? `!(${filter})` : filter;
  return `(${there.trim()}) ${how === 'and' || how === 'andNot' ? '&&' : '||'} ${negated ? '!' : ''}(${filter})`;
}
