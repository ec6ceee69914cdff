// A field's value as `tshark -T fields` prints it: numbers in the base of their type, bytes as hex digits, times with nanoseconds, text with C's
// escapes. By FIELD_TYPES; what is not among them is printed by what it is.

import { toHex } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';
import type { FieldNode } from '../../codec/field';
import { latin1 } from '../../codec/http/chars';
import { FIELD_TYPES, type FieldKind, type FieldType } from '../../codec/schema';

/** Hex digits of numbers that are printed so. */
const DIGITS: Readonly<Partial<Record<FieldKind, number>>> = { uint8: 2, int8: 2, uint16: 4, int16: 4, uint24: 6, uint32: 8, int32: 8, uint40: 10, uint48: 12, uint64: 16, int64: 16 };
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\x07': '\\a' };
/** Bytes that Wireshark prints with colons: link-layer addresses of any length. */
const COLONS: ReadonlySet<string> = new Set(['icmpv6.opt.linkaddr', 'icmpv6.opt.src_linkaddr', 'icmpv6.opt.target_linkaddr']);
/** Bytes that may be none at all: tshark says so. */
const EMPTY: ReadonlySet<string> = new Set(['ipv6.opt.padn']);
/** Messages that are escaped as they are made. */
const ESCAPED: ReadonlySet<string> = new Set(['_ws.expert.message']);
/** Fields whose text is ASCII, as tshark reads it. */
const HTTP = 'http.';
/** '0.000123000': what a time's node shows when it is exact. */
const EXACT = /^-?\d+\.\d{9}/;

/** Numbers of eight bytes that no double holds come as their digits. */
const DECIMAL = /^\d{1,20}$/;

/** `source`: the bytes that the node's range counts in. */
export function fieldText(node: FieldNode, source: Uint8Array): string {
  return typedText(node, FIELD_TYPES.get(node.name), source);
}

function typedText(node: FieldNode, type: FieldType | undefined, source: Uint8Array): string {
  const { value, display } = node;
  const kind = type?.kind;
  if (kind === 'none') return '1';
  if (kind === 'protocol') return display;
  if (node.length === 0 && EMPTY.has(node.name)) return '<none>';
  if (kind === 'bytes') return toHex(value instanceof Uint8Array ? value : source.subarray(node.start, node.start + node.length), COLONS.has(node.name) ? ':' : '');
  if (kind === 'abstime' || ((kind === 'reltime' || kind === 'double') && EXACT.test(display))) return display;
  if (value === null) return display;
  if (ESCAPED.has(node.name)) return String(value);
  if (kind === 'string' && node.name.startsWith(HTTP) && value !== '' && (typeof value === 'string' || value instanceof Uint8Array)) return asciiText(typeof value === 'string' ? value : latin1(value));
  if (value instanceof Uint8Array) return kind === 'string' ? escaped(utf8Text(value)) : toHex(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (kind === 'bool') return value === '' || value === 0 ? '0' : '1';
  if (typeof value === 'string' && kind === 'uint64' && DECIMAL.test(value)) return numberText(type, BigInt(value));
  if (typeof value === 'string') return kind === 'string' || kind === undefined ? escaped(value) : value;
  if (kind === 'reltime') return value.toFixed(9);
  return numberText(type, exactNumber(node, type, source, value));
}

function numberText(type: FieldType | undefined, value: number | bigint): string {
  const digits = type?.hex === true ? DIGITS[type.kind] : undefined;
  return digits !== undefined ? `0x${value.toString(16).padStart(digits, '0')}` : value.toString();
}

/** Hex digits that the numbers of a field are printed with; null: they are decimal. */
export function digitsOf(name: string): number | null {
  const type = FIELD_TYPES.get(name);
  return type?.hex === true ? DIGITS[type.kind] ?? null : null;
}

/** Numbers of eight bytes are read anew where a double may not hold them. */
function exactNumber(node: FieldNode, type: FieldType | undefined, source: Uint8Array, value: number): number | bigint {
  if ((type?.kind !== 'uint64' && type?.kind !== 'int64') || Number.isSafeInteger(value) || node.length !== 8 || node.start + 8 > source.length) return value;
  const view = new DataView(source.buffer, source.byteOffset + node.start, 8);
  return type.kind === 'uint64' ? view.getBigUint64(0) : view.getBigInt64(0);
}

/** Text of a protocol of ASCII: it ends at the first NUL, other bytes are none of its signs, and blanks alone are escaped. */
function asciiText(text: string): string {
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).replace(/[\b\f\n\r\t\x80-\uffff]/g, (sign) => (sign < '\x80' ? ESCAPES[sign] ?? sign : '\ufffd'));
}

/** C's escapes of controls, as they are in the output of tshark: a backslash itself stays as it is. */
const escaped = (text: string): string => text.replace(/[\x00-\x1f\x7f]/g, (sign) => ESCAPES[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
