// The loopback interface's link header on BSD and macOS (LINKTYPE_NULL, LINKTYPE_LOOP): four bytes that name the address family.
// LINKTYPE_NULL has them in the byte order of the machine that captured, so both orders are read.

import { concatBytes, readUint } from '../../base/bytes';
import { incomplete, malformed, type Claim, type Codec } from '../codec';
import { group } from '../field';
import { labelled, readLayout, specNode, uint, writeLayout, type ValuesOf } from '../layout';

const LENGTH = 4;
/** AF_INET everywhere; AF_INET6 of NetBSD, FreeBSD, macOS, Linux. */
const FAMILIES: ReadonlyMap<number, string> = new Map([[2, 'IPv4'], [24, 'IPv6'], [28, 'IPv6'], [30, 'IPv6'], [10, 'IPv6']]);
const layout = { family: uint('null.family', 0, LENGTH) };

export type NullHeader = ValuesOf<typeof layout>;

/** The number as it is small: whoever wrote it. */
function small(value: number): number {
  const swapped = ((value & 0xff) << 24 | (value & 0xff00) << 8 | (value >>> 8 & 0xff00) | value >>> 24) >>> 0;
  return Math.min(value, swapped);
}

export const codec: Codec<NullHeader> = {
  protocol: 'null',
  title: 'Loopback',
  layer: 'link',
  claims: ['linktype:0', 'linktype:108'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const value = readLayout(layout, bytes);
    const family = FAMILIES.get(small(value.family));
    if (family === undefined && small(value.family) > 0xffff) return malformed(0, `no address family: ${value.family}`);
    const next: Claim[] = family === undefined ? [] : [family === 'IPv4' ? 'ethertype:2048' : 'ethertype:34525'];
    return { status: 'complete', value, length: LENGTH, payload: { start: LENGTH, end: bytes.length, missing: context.missing ?? 0 }, next, inside: {}, quotes: false };
  },
  encode(value, payload) {
    const header = new Uint8Array(LENGTH);
    writeLayout(layout, header, value);
    return concatBytes(header, payload);
  },
  fields(bytes, _context, base) {
    if (bytes.length < LENGTH) return group('null', 'Loopback', base, bytes.length, []);
    const family = small(readUint(bytes, 0, LENGTH));
    const node = { ...specNode(layout.family, bytes, base), value: family, display: labelled(FAMILIES)(family) };
    return group('null', 'Loopback', base, LENGTH, [node]);
  },
};
