// What may be done with a field of each kind, as Wireshark 4.0 has it: which kinds compare with which, and who has bytes, text, sums. Asked by check.ts.

import { never } from '../base/assert';
import type { FieldKind } from '../codec/schema';

/** Kinds whose values are of one nature compare with each other. */
export type Nature = 'whole' | 'bool' | 'double' | 'text' | 'bytes' | 'ipv4' | 'ipv6' | 'protocol' | 'abstime' | 'reltime' | 'guid' | 'none';

export function natureOf(kind: FieldKind): Nature {
  switch (kind) {
    case 'uint8': case 'uint16': case 'uint24': case 'uint32': case 'uint40': case 'uint48': case 'uint64': case 'int8': case 'int16': case 'int32': case 'int64': case 'frame': return 'whole';
    case 'bytes': case 'ether': case 'oid': return 'bytes';
    case 'string': return 'text';
    case 'bool': case 'double': case 'ipv4': case 'ipv6': case 'protocol': case 'abstime': case 'reltime': case 'guid': case 'none': return kind;
    default: return never(kind);
  }
}

const has = (...natures: Nature[]) => (kind: FieldKind): boolean => natures.includes(natureOf(kind));

/** With ==, <, in and their like. */
export const canCompare = (kind: FieldKind): boolean => kind !== 'none';
/** contains and matches look through these. */
export const canContain = has('text', 'bytes', 'protocol');
export const canSlice = has('text', 'bytes', 'protocol', 'ipv4', 'ipv6', 'guid');
export const canMask = has('whole', 'bytes', 'ipv4', 'ipv6');
export const canAdd = has('whole', 'double', 'reltime');
export const canMultiply = has('whole', 'double');
/** Numbers and addresses have a text of their own; for string(). */
export const canString = has('whole', 'double', 'ipv4', 'ipv6', 'guid');
/** string() of these too, though their nature is bytes. */
export const isAddress = (kind: FieldKind): boolean => kind === 'ether' || kind === 'oid';

/** Bytes of a number of this kind; 0: it is none, or of one bit. */
export function widthOf(kind: FieldKind): number {
  if (kind === 'frame') return 4;
  if (kind === 'double') return 8;
  const bits = /^u?int(\d+)$/.exec(kind)?.[1];
  return bits === undefined ? 0 : Number(bits) / 8;
}

/** Least and greatest whole number of a kind. */
export function boundsOf(kind: FieldKind): { readonly least: bigint; readonly most: bigint } {
  const bits = BigInt(widthOf(kind) * 8);
  return kind.startsWith('int') ? { least: -(1n << (bits - 1n)), most: (1n << (bits - 1n)) - 1n } : { least: 0n, most: (1n << bits) - 1n };
}

const TITLES: Readonly<Record<Nature, string>> = {
  whole: 'whole number', bool: 'true or false', double: 'number', text: 'text', bytes: 'bytes', ipv4: 'IPv4 address', ipv6: 'IPv6 address', protocol: 'protocol', abstime: 'date and time',
  reltime: 'time in seconds', guid: 'GUID', none: 'mark without a value',
};

/** 'whole number (2 bytes)', 'IPv4 address'. English, for messages. */
export function kindTitle(kind: FieldKind): string {
  const nature = natureOf(kind);
  if (kind === 'ether') return 'Ethernet address';
  if (kind === 'oid') return 'object identifier';
  if (kind === 'frame') return 'packet number';
  return nature === 'whole' ? `${TITLES.whole} (${widthOf(kind)} bytes)` : TITLES[nature];
}
