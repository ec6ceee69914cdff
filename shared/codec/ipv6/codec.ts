// IPv6 headers and their extension headers (RFC 8200). One value and one tree for the whole chain, because what follows it is named
// by its last link. Fragments are not put together; after ESP nothing can be read.

import { concatBytes } from '../../base/bytes';
import { incomplete, malformed, missingBytes, type Codec } from '../codec';
import { group } from '../field';
import { hex, ipv6Address, labelled, layoutNodes, readLayout, specNode, uint, unit, versionOf, view, writeLayout, type ValuesOf } from '../layout';
import { IP_PROTOCOLS } from '../protocols';
import { encodeExtensions, extensionNodes, HOP_BY_HOP, isExtension, jumboLength, walkExtensions, type Extension } from './extensions';

const LENGTH = 40;

const layout = {
  version: uint('ipv6.version', 0, 1, { mask: 0xf0 }),
  trafficClass: uint('ipv6.tclass', 0, 4, { mask: 0x0ff00000, format: hex(2) }),
  dscp: view(uint('ipv6.tclass.dscp', 0, 4, { mask: 0x0fc00000 }), 'trafficClass'),
  ecn: view(uint('ipv6.tclass.ecn', 0, 4, { mask: 0x00300000 }), 'trafficClass'),
  flowLabel: uint('ipv6.flow', 0, 4, { mask: 0x000fffff, format: hex(5) }),
  payloadLength: uint('ipv6.plen', 4, 2, { format: unit('B') }),
  nextHeader: uint('ipv6.nxt', 6, 1, { format: labelled(IP_PROTOCOLS) }),
  hopLimit: uint('ipv6.hlim', 7, 1),
  source: ipv6Address('ipv6.src', 8),
  destination: ipv6Address('ipv6.dst', 24),
};

export type Ipv6Header = ValuesOf<typeof layout> & { readonly extensions: readonly Extension[] };
/** Left out: class, flow label 0, hop limit 64, no extensions, the right payload length. `nextHeader` is what follows this header. */
export type Ipv6Input = Pick<Ipv6Header, 'source' | 'destination' | 'nextHeader'> & Partial<Ipv6Header>;

export const codec: Codec<Ipv6Header, Ipv6Input> = {
  protocol: 'ipv6',
  title: 'IPv6',
  layer: 'internet',
  claims: ['ethertype:34525', 'ip.proto:41', 'linktype:229'],
  decode(bytes, context) {
    if (bytes.length < 1) return incomplete(LENGTH);
    if (versionOf(bytes) !== 6) return malformed(0, `version ${versionOf(bytes)} is not 6`);
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const header = readLayout(layout, bytes);
    const whole = bytes.length + (context.missing ?? 0);
    const total = totalLength(bytes, header, whole);
    const inner = bytes.subarray(0, Math.min(total, bytes.length));
    const walked = walkExtensions(inner, LENGTH, header.nextHeader);
    if (walked.need !== null) return inner.length < total && walked.need <= total ? incomplete(walked.need) : malformed(walked.end, 'an extension header goes past the packet');
    return {
      status: 'complete', value: { ...header, extensions: walked.extensions }, length: walked.end,
      payload: { start: walked.end, end: inner.length, missing: missingBytes(total, bytes.length, context) },
      next: walked.next === null ? [] : [`ip.proto:${walked.next}`],
      inside: walked.fragment ? { fragment: true } : { network: { source: header.source, destination: walked.destination ?? header.destination } }, quotes: false,
    };
  },
  encode(value, payload) {
    const header = new Uint8Array(LENGTH);
    const extensions = encodeExtensions(value.extensions ?? []);
    writeLayout(layout, header, { version: 6, trafficClass: 0, flowLabel: 0, hopLimit: 64, payloadLength: extensions.length + payload.length, ...value });
    return concatBytes(header, extensions, payload);
  },
  fields(bytes, context, base) {
    // Of another version nobody can say what its bytes are.
    if (bytes.length > 0 && versionOf(bytes) !== 6) return group('ipv6', 'IPv6', base, bytes.length, [specNode(layout.version, bytes, base)], `version ${versionOf(bytes)} is not 6`);
    const nodes = layoutNodes(layout, bytes, base);
    if (bytes.length < LENGTH) return group('ipv6', 'IPv6', base, bytes.length, nodes);
    const header = readLayout(layout, bytes);
    const inner = bytes.subarray(0, totalLength(bytes, header, bytes.length + (context.missing ?? 0)));
    nodes.push(...extensionNodes(inner, LENGTH, header.nextHeader, base));
    const end = nodes.at(-1);
    return group('ipv6', 'IPv6', base, end === undefined ? LENGTH : end.start + end.length - base, nodes);
  },
};

/**
 * Bytes of the whole packet. Length 0 says "see the jumbo payload option" (RFC 2675), or that the card was given too much to cut up
 * (segmentation offload, as in IPv4); such packets have no other extension headers.
 */
function totalLength(bytes: Uint8Array, header: ValuesOf<typeof layout>, whole: number): number {
  if (header.payloadLength > 0) return LENGTH + header.payloadLength;
  if (header.nextHeader === HOP_BY_HOP) {
    const jumbo = jumboLength(bytes, LENGTH);
    return LENGTH + (jumbo ?? 0);
  }
  return isExtension(header.nextHeader) ? LENGTH : whole;
}
