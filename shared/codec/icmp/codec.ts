// ICMP (RFC 792): type, code, checksum and four bytes whose meaning the type gives. An error quotes the packet that it is about, and
// the walk goes on into it: that is how "port unreachable" names its port.

import { concatBytes, readUint } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { incomplete, type Codec } from '../codec';
import { group, verdict, type FieldNode } from '../field';
import { hex, ipv4Address, labelled, layoutNodes, readLayout, specNode, uint, unit, writeLayout, type ValuesOf } from '../layout';

const LENGTH = 8;
const TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'Echo reply'], [3, 'Destination unreachable'], [4, 'Source quench'], [5, 'Redirect'], [8, 'Echo request'], [11, 'Time exceeded'], [12, 'Parameter problem'],
]);
const UNREACHABLE: ReadonlyMap<number, string> = new Map([
  [0, 'Net unreachable'], [1, 'Host unreachable'], [2, 'Protocol unreachable'], [3, 'Port unreachable'], [4, 'Fragmentation needed'],
]);
/** Types that carry the beginning of the packet that caused them. */
const ERRORS = [3, 4, 5, 11, 12];
/** RFC 1191 section 4. */
const FRAGMENTATION_NEEDED = { type: 3, code: 4 };

const layout = {
  type: uint('icmp.type', 0, 1, { format: labelled(TYPES) }),
  code: uint('icmp.code', 1, 1),
  checksum: uint('icmp.checksum', 2, 2, { format: hex(4) }),
};
const unreachable = { ...layout, code: uint('icmp.code', 1, 1, { format: labelled(UNREACHABLE) }) };
const restSpec = {
  ident: uint('icmp.ident', 4, 2),
  sequence: uint('icmp.seq', 6, 2),
  gateway: ipv4Address('icmp.redir_gw', 4),
  mtu: uint('icmp.mtu', 6, 2, { format: unit('B') }),
  unused: uint('icmp.unused', 4, 4, { format: hex(8) }),
};

export type IcmpHeader = ValuesOf<typeof layout> & { /** Bytes 4 to 7. */ readonly rest: number };
/** Without a checksum, the right one is written. */
export type IcmpInput = Pick<IcmpHeader, 'type' | 'code'> & Partial<IcmpHeader>;

export const codec: Codec<IcmpHeader, IcmpInput> = {
  protocol: 'icmp',
  title: 'ICMP',
  layer: 'internet',
  claims: ['ip.proto:1'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const header = readLayout(layout, bytes);
    const quotes = ERRORS.includes(header.type);
    return {
      status: 'complete', value: { ...header, rest: readUint(bytes, 4, 4) }, length: LENGTH,
      payload: { start: LENGTH, end: bytes.length, missing: context.missing ?? 0 }, next: quotes ? ['ethertype:2048'] : [], inside: {}, quotes,
    };
  },
  encode(value, payload) {
    const header = new Uint8Array(LENGTH);
    restSpec.unused.write(header, value.rest ?? 0);
    writeLayout(layout, header, { ...value, checksum: value.checksum ?? 0 });
    if (value.checksum === undefined) writeLayout(layout, header, { ...value, checksum: internetChecksum(header, payload) });
    return concatBytes(header, payload);
  },
  fields(bytes, context, base) {
    const type = bytes[0];
    const nodes = layoutNodes(type === 3 ? unreachable : layout, bytes, base);
    if (bytes.length >= LENGTH && type !== undefined) {
      const whole = (context.missing ?? 0) === 0;
      nodes.push(verdict('icmp.checksum.status', !whole ? 'unverified' : internetChecksum(bytes) === 0 ? 'good' : 'bad', base + 2), ...restNodes(type, bytes, base));
    }
    return group('icmp', 'ICMP', base, Math.min(LENGTH, bytes.length), nodes);
  },
};

function restNodes(type: number, bytes: Uint8Array, base: number): FieldNode[] {
  if (type === 0 || type === 8) return [specNode(restSpec.ident, bytes, base), specNode(restSpec.sequence, bytes, base)];
  if (type === 5) return [specNode(restSpec.gateway, bytes, base)];
  if (type === FRAGMENTATION_NEEDED.type && bytes[1] === FRAGMENTATION_NEEDED.code) return [specNode(restSpec.mtu, bytes, base)];
  return [specNode(restSpec.unused, bytes, base)];
}
