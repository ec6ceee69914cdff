// What is worth knowing of a header by itself, as Wireshark marks it: times to live that are about to end, addresses that cannot be, options and numbers that
// say nothing. Made from the header's tree; part of marks.ts.

import type { DissectedLayer } from '../dissect';
import type { FieldNode } from '../field';
import { TCP_FLAGS } from '../tcp/codec';

export type Severity = 'chat' | 'note' | 'warning' | 'error';
export interface HeaderMark {
  readonly severity: Severity;
  readonly about: 'sequence' | 'protocol';
  readonly text: string;
  readonly node: FieldNode;
}

/** What it says stays on its link, so it lives 1, whatever group it is about (RFC 3376 4). */
const IGMP = 2;
/** Below this a packet may not arrive. Protocols of routers send so on purpose: PIM and OSPF. */
const SHORT_LIVED = 5;
const BETWEEN_ROUTERS: ReadonlySet<unknown> = new Set([103, 89]);
/** RFC 5771 4: what is sent there does not leave the link, so it lives 1; some send 255, to be known for neighbours (RFC 5082, RFC 6762 11). */
const LOCAL_GROUP = /^224\.0\.0\./;
const FULL_LIVED: ReadonlySet<unknown> = new Set(['224.0.0.18', '224.0.0.102', '224.0.0.251']);
/** RFC 4795 2.5 leaves it to the sender. */
const ANY_LIVED = '224.0.0.252';
/** From 224.0.0.0 on. */
const MULTICAST = 224;
/** Ports that traceroute counts through, three for a hop; answers come from them. */
const TRACEROUTE = { first: 33_435, last: 33_464, each: 3 } as const;
/** A router that takes options away leaves these. Wireshark 4.0 counts them across other options too, and begins anew at a word: what it finds is not always in a row. */
const NOPS = 4;
/** The shortest frame without its check sequence (IEEE 802.3 4.2.3.3). */
const SHORTEST = 60;

/** The marks of a header, in the order of its fields. */
export function headerMarks({ protocol, tree }: DissectedLayer): readonly HeaderMark[] {
  switch (protocol) {
    case 'eth': return [...ofEthernet(tree), ...ofTrailer(tree, protocol)];
    case 'vlan': case 'ieee8021ad': return ofTrailer(tree, protocol);
    case 'ip': return ofIpv4(tree);
    case 'udp': return ofUdp(tree);
    case 'tcp': return ofTcp(tree);
    case 'arp': return tree.children.filter(({ name }) => name === 'arp.duplicate-address-detected').map((node) => mark('warning', 'sequence', `Duplicate IP address configured (${node.display})`, node));
    default: return [];
  }
}

const mark = (severity: Severity, about: HeaderMark['about'], text: string, node: FieldNode): HeaderMark => ({ severity, about, text, node });
const child = (tree: FieldNode, name: string): FieldNode | undefined => tree.children.find((node) => node.name === name);

function ofEthernet(tree: FieldNode): HeaderMark[] {
  const marks: HeaderMark[] = [];
  const source = child(tree, 'eth.src');
  if (source?.children.some(({ name, value }) => name === 'eth.src.ig' && value === true) === true) marks.push(mark('warning', 'protocol', 'Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)', source));
  return marks;
}

/** Behind padding it begins later, and a frame that stayed short was not filled up. */
function ofTrailer(tree: FieldNode, protocol: string): HeaderMark[] {
  const trailer = child(tree, `${protocol}.trailer`);
  const end = trailer === undefined ? 0 : trailer.start + trailer.length + (child(tree, 'eth.fcs')?.length ?? 0);
  if (trailer === undefined || trailer.start >= SHORTEST || end < SHORTEST) return [];
  return [mark('note', 'protocol', "Didn't find padding of zeros, and an undecoded trailer exists. There may be padding of non-zeros.", trailer)];
}

function ofIpv4(tree: FieldNode): HeaderMark[] {
  const ttl = child(tree, 'ip.ttl');
  const destination = child(tree, 'ip.dst')?.value;
  if (typeof ttl?.value !== 'number' || typeof destination !== 'string') return [];
  const protocol = child(tree, 'ip.proto')?.value;
  const marks: HeaderMark[] = [];
  if (LOCAL_GROUP.test(destination)) {
    const right = protocol !== IGMP && FULL_LIVED.has(destination) ? 255 : 1;
    if ((protocol === IGMP || destination !== ANY_LIVED) && ttl.value !== right) marks.push(mark('note', 'sequence', `"Time To Live" != ${right} for a packet sent to the Local Network Control Block (see RFC 3171)`, ttl));
  } else if (ttl.value < SHORT_LIVED && !isGroup(destination) && !BETWEEN_ROUTERS.has(protocol)) marks.push(mark('note', 'sequence', `"Time To Live" only ${ttl.value}`, ttl));
  return marks;
}

/** Class D, and no broadcast (RFC 5771 3). */
function isGroup(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return first >= MULTICAST && first < MULTICAST + 16;
}

function ofUdp(tree: FieldNode): HeaderMark[] {
  const { first, last, each } = TRACEROUTE;
  return ['udp.srcport', 'udp.dstport'].flatMap((name) => {
    const port = child(tree, name);
    if (typeof port?.value !== 'number' || port.value < first || port.value > last) return [];
    const probe = port.value - first;
    return [mark('chat', 'sequence', `Possible traceroute: hop #${Math.floor(probe / each) + 1}, attempt #${(probe % each) + 1}`, port)];
  });
}

function ofTcp(tree: FieldNode): HeaderMark[] {
  const flags = Number(child(tree, 'tcp.flags')?.value ?? TCP_FLAGS.ACK | TCP_FLAGS.URG);
  const marks: HeaderMark[] = [];
  const idle = (name: string, flag: number, text: string): void => {
    const node = child(tree, name);
    if (node !== undefined && node.value !== 0 && (flags & flag) === 0) marks.push(mark('note', 'protocol', text, node));
  };
  idle('tcp.ack_raw', TCP_FLAGS.ACK, 'The acknowledgment number field is nonzero while the ACK flag is not set');
  idle('tcp.urgent_pointer', TCP_FLAGS.URG, 'The urgent pointer field is nonzero while the URG flag is not set');
  // Each run of four options that are none.
  let run = 0;
  for (const node of child(tree, 'tcp.options')?.children ?? []) {
    run = node.name === 'tcp.options.nop' ? run + 1 : 0;
    if (run === NOPS) marks.push(mark('warning', 'protocol', '4 NOP in a row - a router may have removed some options', node));
  }
  return marks;
}
