// IPv4 headers (RFC 791; differentiated services RFC 2474, congestion notification RFC 3168). Fragments are not put together: only
// the first one names what follows, the others carry data.

import { concatBytes, readUint } from '../../base/bytes';
import { internetChecksum, rightChecksum } from '../../base/checksum';
import { incomplete, malformed, missingBytes, type Claim, type Codec } from '../codec';
import { calculated, group, verdict } from '../field';
import { bit, hex, ipv4Address, labelled, layoutNodes, readLayout, specNode, uint, unit, versionOf, view, writeLayout, type ValuesOf } from '../layout';
import { IP_PROTOCOLS } from '../protocols';
import { optionNodes } from './options';

const LEAST = 20;

const layout = {
  version: uint('ip.version', 0, 1, { mask: 0xf0 }),
  headerLength: uint('ip.hdr_len', 0, 1, { mask: 0x0f, scale: 4, format: unit('B') }),
  services: uint('ip.dsfield', 1, 1, { format: hex(2) }),
  dscp: view(uint('ip.dsfield.dscp', 1, 1, { mask: 0xfc }), 'services'),
  ecn: view(uint('ip.dsfield.ecn', 1, 1, { mask: 0x03, format: labelled(new Map([[0, 'Not-ECT'], [1, 'ECT(1)'], [2, 'ECT(0)'], [3, 'CE']])) }), 'services'),
  totalLength: uint('ip.len', 2, 2, { format: unit('B') }),
  identification: uint('ip.id', 4, 2, { format: hex(4) }),
  flags: uint('ip.flags', 6, 1, { mask: 0xe0, format: (value) => ['MF', 'DF', 'RB'].filter((_, i) => (value >> i) & 1).join(', ') || '0' }),
  reservedFlag: view(bit('ip.flags.rb', 6, 1, 0x80), 'flags'),
  dontFragment: view(bit('ip.flags.df', 6, 1, 0x40), 'flags'),
  moreFragments: view(bit('ip.flags.mf', 6, 1, 0x20), 'flags'),
  /** In units of 8 bytes, as on the wire. */
  fragmentOffset: uint('ip.frag_offset', 6, 2, { mask: 0x1fff, format: (value) => `${value * 8} B` }),
  ttl: uint('ip.ttl', 8, 1),
  protocol: uint('ip.proto', 9, 1, { format: labelled(IP_PROTOCOLS) }),
  checksum: uint('ip.checksum', 10, 2, { format: hex(4) }),
  source: ipv4Address('ip.src', 12),
  destination: ipv4Address('ip.dst', 16),
};

/** Bits of `flags`. */
export const IPV4_FLAGS = { MF: 1, DF: 2, RB: 4 } as const;

export type Ipv4Header = ValuesOf<typeof layout> & { readonly options: Uint8Array };
/** Lengths and the checksum are made right when left out; ttl 64, don't fragment, no options. Options are padded to words. */
export type Ipv4Input = Pick<Ipv4Header, 'source' | 'destination' | 'protocol'> & Partial<Ipv4Header>;

export const codec: Codec<Ipv4Header, Ipv4Input> = {
  protocol: 'ip',
  title: 'IPv4',
  layer: 'internet',
  claims: ['ethertype:2048', 'ip.proto:4', 'linktype:228'],
  decode(bytes, context) {
    if (bytes.length < 1) return incomplete(LEAST);
    if (versionOf(bytes) !== 4) return malformed(0, `version ${versionOf(bytes)} is not 4`);
    const length = ((bytes[0] ?? 0) & 0x0f) * 4;
    if (length < LEAST) return malformed(0, `header length ${length} is shorter than ${LEAST}`);
    if (bytes.length < length) return incomplete(length);
    const header = readLayout(layout, bytes);
    const whole = bytes.length + (context.missing ?? 0);
    // Length 0: the card was given more than 65,535 bytes to cut up (segmentation offload), seen only on the sending machine.
    const total = header.totalLength === 0 ? whole : header.totalLength;
    if (total < length) return malformed(2, `total length ${total} is shorter than the header's ${length}`);
    const end = Math.min(total, bytes.length);
    const first = header.fragmentOffset === 0;
    const next: Claim[] = first ? [`ip.proto:${header.protocol}`] : [];
    const missing = missingBytes(total, bytes.length, context);
    const cut = (header.flags & IPV4_FLAGS.MF) !== 0 || !first;
    return {
      status: 'complete', value: { ...header, options: bytes.slice(LEAST, length) }, length, payload: { start: length, end, missing }, next,
      // A fragment's checksum covers bytes that are in others, so its addresses are not handed on.
      inside: cut ? { fragment: true } : { network: { source: header.source, destination: header.destination } }, quotes: false,
    };
  },
  encode(value, payload) {
    const given = value.options ?? new Uint8Array(0);
    const options = concatBytes(given, new Uint8Array((4 - (given.length % 4)) % 4));
    const length = LEAST + options.length;
    const header = concatBytes(new Uint8Array(LEAST), options);
    const whole = {
      version: 4, headerLength: length, services: 0, totalLength: length + payload.length, identification: 0, flags: IPV4_FLAGS.DF,
      fragmentOffset: 0, ttl: 64, ...value, checksum: value.checksum ?? 0,
    };
    writeLayout(layout, header, whole);
    if (value.checksum === undefined) writeLayout(layout, header, { ...whole, checksum: internetChecksum(header) });
    return concatBytes(header, payload);
  },
  fields(bytes, context, base) {
    // Of another version nobody can say what its bytes are.
    if (bytes.length > 0 && versionOf(bytes) !== 4) return group('ip', 'IPv4', base, bytes.length, [specNode(layout.version, bytes, base)], `version ${versionOf(bytes)} is not 4`);
    const announced = ((bytes[0] ?? 0) & 0x0f) * 4;
    const end = Math.min(Math.max(announced, LEAST), bytes.length);
    const whole = bytes.length + (context.missing ?? 0);
    const nodes = layoutNodes(layout, bytes.subarray(0, end), base).map((node) => (node.name === 'ip.len' && node.value === 0 ? { ...node, value: whole, display: `${whole} B` } : node));
    if (announced >= LEAST && bytes.length >= 12) {
      const left = bytes.length < announced ? null : internetChecksum(bytes.subarray(0, announced));
      nodes.push(verdict('ip.checksum.status', left === null ? 'unverified' : left === 0 ? 'good' : 'bad', base + 10));
      if (left !== null) nodes.push(calculated('ip.checksum_calculated', rightChecksum(readUint(bytes, 10, 2), left), base + 10));
      if (announced > LEAST && end > LEAST) nodes.push(optionNodes(bytes.subarray(0, end), LEAST, base));
    }
    return group('ip', 'IPv4', base, end, nodes);
  },
};
