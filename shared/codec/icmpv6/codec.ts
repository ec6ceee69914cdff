// ICMPv6 (RFC 4443): as ICMP, with the IPv6 addresses in its checksum. Neighbour discovery shows as type and data.

import { concatBytes, readUint } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { pseudoHeader } from '../address';
import { incomplete, type Codec, type Context } from '../codec';
import { group, verdict, type FieldNode, type Verdict } from '../field';
import { hex, labelled, layoutNodes, readLayout, specNode, uint, unit, writeLayout, type ValuesOf } from '../layout';

const LENGTH = 8;
const PROTOCOL = 58;
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'Destination unreachable'], [2, 'Packet too big'], [3, 'Time exceeded'], [4, 'Parameter problem'], [128, 'Echo request'], [129, 'Echo reply'],
  [133, 'Router solicitation'], [134, 'Router advertisement'], [135, 'Neighbor solicitation'], [136, 'Neighbor advertisement'], [137, 'Redirect'],
]);
const UNREACHABLE: ReadonlyMap<number, string> = new Map([[0, 'No route'], [1, 'Administratively prohibited'], [3, 'Address unreachable'], [4, 'Port unreachable']]);
/** RFC 4443 section 2.1: types below 128 are errors; these four are defined and quote the packet. */
const LAST_ERROR = 4;

const layout = {
  type: uint('icmpv6.type', 0, 1, { format: labelled(TYPES) }),
  code: uint('icmpv6.code', 1, 1),
  checksum: uint('icmpv6.checksum', 2, 2, { format: hex(4) }),
};
const unreachable = { ...layout, code: uint('icmpv6.code', 1, 1, { format: labelled(UNREACHABLE) }) };
const restSpec = {
  ident: uint('icmpv6.echo.identifier', 4, 2),
  sequence: uint('icmpv6.echo.sequence_number', 6, 2),
  mtu: uint('icmpv6.mtu', 4, 4, { format: unit('B') }),
  rest: uint('icmpv6.rest', 4, 4, { format: hex(8) }),
};

export type Icmpv6Header = ValuesOf<typeof layout> & { /** Bytes 4 to 7. */ readonly rest: number };
/** Without a checksum, the right one is written; it needs the addresses in the context. */
export type Icmpv6Input = Pick<Icmpv6Header, 'type' | 'code'> & Partial<Icmpv6Header>;

export const codec: Codec<Icmpv6Header, Icmpv6Input> = {
  protocol: 'icmpv6',
  title: 'ICMPv6',
  layer: 'internet',
  claims: ['ip.proto:58'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const header = readLayout(layout, bytes);
    const quotes = header.type >= 1 && header.type <= LAST_ERROR;
    return {
      status: 'complete', value: { ...header, rest: readUint(bytes, 4, 4) }, length: LENGTH,
      payload: { start: LENGTH, end: bytes.length, missing: context.missing ?? 0 }, next: quotes ? ['ethertype:34525'] : [], inside: {}, quotes,
    };
  },
  encode(value, payload, context) {
    const header = new Uint8Array(LENGTH);
    restSpec.rest.write(header, value.rest ?? 0);
    writeLayout(layout, header, { ...value, checksum: value.checksum ?? 0 });
    if (value.checksum === undefined) writeLayout(layout, header, { ...value, checksum: checksumOf(header, payload, context) });
    return concatBytes(header, payload);
  },
  fields(bytes, context, base) {
    const type = bytes[0];
    const nodes = layoutNodes(type === 1 ? unreachable : layout, bytes, base);
    if (bytes.length >= LENGTH && type !== undefined) nodes.push(verdict('icmpv6.checksum.status', state(bytes, context), base + 2), ...restNodes(type, bytes, base));
    return group('icmpv6', 'ICMPv6', base, Math.min(LENGTH, bytes.length), nodes);
  },
};

function restNodes(type: number, bytes: Uint8Array, base: number): FieldNode[] {
  if (type === 128 || type === 129) return [specNode(restSpec.ident, bytes, base), specNode(restSpec.sequence, bytes, base)];
  return [specNode(type === 2 ? restSpec.mtu : restSpec.rest, bytes, base)];
}

function checksumOf(header: Uint8Array, payload: Uint8Array, context: Context): number {
  if (context.network === undefined) throw new TypeError('an ICMPv6 checksum needs the addresses');
  return internetChecksum(pseudoHeader(context.network, PROTOCOL, header.length + payload.length), header, payload);
}

function state(bytes: Uint8Array, context: Context): Verdict {
  if (context.network === undefined || (context.missing ?? 0) > 0) return 'unverified';
  return internetChecksum(pseudoHeader(context.network, PROTOCOL, bytes.length), bytes) === 0 ? 'good' : 'bad';
}
