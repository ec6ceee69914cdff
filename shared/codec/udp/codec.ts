// UDP (RFC 768; RFC 8200 8.1 for IPv6). Eight bytes and the datagram, whole: the length counts both.

import { internetChecksum, rightChecksum } from '../../base/checksum';
import { concatBytes } from '../../base/bytes';
import { pseudoHeader } from '../address';
import { incomplete, malformed, missingBytes, type Codec, type Context } from '../codec';
import { calculated, group, verdict, withChildren, type FieldNode, type Verdict } from '../field';
import { hex, layoutNodes, readLayout, uint, unit, writeLayout, type ValuesOf } from '../layout';
import { udpClaims } from './claims';

const LENGTH = 8;
const PROTOCOL = 17;

const layout = {
  sourcePort: uint('udp.srcport', 0, 2),
  destinationPort: uint('udp.dstport', 2, 2),
  length: uint('udp.length', 4, 2, { format: unit('B') }),
  checksum: uint('udp.checksum', 6, 2, { format: hex(4) }),
};

export type UdpHeader = ValuesOf<typeof layout>;
/** Without a length or a checksum, the right one is written; the checksum then needs the addresses in the context. */
export type UdpInput = Pick<UdpHeader, 'sourcePort' | 'destinationPort'> & Partial<UdpHeader>;

export const codec: Codec<UdpHeader, UdpInput> = {
  protocol: 'udp',
  title: 'UDP',
  layer: 'transport',
  claims: ['ip.proto:17'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const value = readLayout(layout, bytes);
    const whole = bytes.length + (context.missing ?? 0);
    // Length 0 is a jumbogram's (RFC 2675 4): then the datagram goes to the end of the packet.
    const length = value.length === 0 ? whole : value.length;
    if (length < LENGTH) return malformed(4, `length ${length} is shorter than the header`);
    const end = Math.min(length, bytes.length);
    return {
      status: 'complete', value, length: LENGTH, payload: { start: LENGTH, end, missing: missingBytes(length, bytes.length, context) },
      next: udpClaims(value.sourcePort, value.destinationPort), inside: { transport: 'udp' }, quotes: false,
    };
  },
  encode(value, payload, context) {
    const header = new Uint8Array(LENGTH);
    const length = value.length ?? LENGTH + payload.length;
    writeLayout(layout, header, { ...value, length, checksum: value.checksum ?? 0 });
    if (value.checksum === undefined) writeLayout(layout, header, { ...value, length, checksum: checksumOf(header, payload, context) });
    return concatBytes(header, payload);
  },
  fields(bytes, context, base) {
    const tree = group('udp', 'UDP', base, Math.min(LENGTH, bytes.length), layoutNodes(layout, bytes, base));
    if (bytes.length < LENGTH) return tree;
    return withChildren(tree, checksumNodes(bytes, layout.length.read(bytes), layout.checksum.read(bytes), context, base + 6));
  },
};

/** RFC 768: a sum of 0 is sent as 0xffff, because 0 says "no checksum". */
function checksumOf(header: Uint8Array, payload: Uint8Array, context: Context): number {
  if (context.network === undefined) throw new TypeError('a UDP checksum needs the addresses');
  return internetChecksum(pseudoHeader(context.network, PROTOCOL, header.length + payload.length), header, payload) || 0xffff;
}

function checksumNodes(bytes: Uint8Array, length: number, checksum: number, context: Context, at: number): FieldNode[] {
  const of = (state: Verdict): FieldNode => verdict('udp.checksum.status', state, at);
  if (checksum === 0 && !(context.network?.source.includes(':') ?? false)) return [of('absent')];
  if (context.network === undefined || (context.missing ?? 0) > 0 || length < LENGTH || length > bytes.length) return [of('unverified')];
  if (checksum === 0) return [of('bad')];
  const left = internetChecksum(pseudoHeader(context.network, PROTOCOL, length), bytes.subarray(0, length));
  return [of(left === 0 ? 'good' : 'bad'), calculated('udp.checksum_calculated', rightChecksum(checksum, left), at)];
}
