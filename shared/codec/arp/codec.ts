// ARP (RFC 826; probes and announcements RFC 5227): who has this IPv4 address, and who says that he has. Two sizes in the header say
// how long the four addresses are; those of Ethernet and IPv4 are shown as such, all others as bytes.

import { concatBytes, toHex } from '../../base/bytes';
import { ipv4Text, macText } from '../address';
import { incomplete, type Codec } from '../codec';
import { generated, group, type FieldNode } from '../field';
import { bytesNode, hex, labelled, layoutNodes, readLayout, uint, unit, writeLayout, type ValuesOf } from '../layout';

const HEAD = 8;
const HARDWARE: ReadonlyMap<number, string> = new Map([[1, 'Ethernet'], [6, 'IEEE 802'], [15, 'Frame Relay'], [19, 'ATM'], [24, 'IEEE 1394'], [32, 'InfiniBand']]);
const OPERATIONS: ReadonlyMap<number, string> = new Map([
  [1, 'request'], [2, 'reply'], [3, 'reverse request'], [4, 'reverse reply'], [8, 'inverse request'], [9, 'inverse reply'],
]);
const OPERATION = { request: 1, reply: 2 } as const;
const ETHERNET = { types: [1, 6], size: 6 };
const IPV4 = { type: 0x0800, size: 4 };
const ETHERTYPES: ReadonlyMap<number, string> = new Map([[IPV4.type, 'IPv4']]);

const layout = {
  hardware: uint('arp.hw.type', 0, 2, { format: labelled(HARDWARE) }),
  protocol: uint('arp.proto.type', 2, 2, { format: labelled(ETHERTYPES, hex(4)) }),
  hardwareSize: uint('arp.hw.size', 4, 1, { format: unit('B') }),
  protocolSize: uint('arp.proto.size', 5, 1, { format: unit('B') }),
  operation: uint('arp.opcode', 6, 2, { format: labelled(OPERATIONS) }),
};

/** Addresses are bytes: their sizes are the header's. */
export interface ArpAddresses {
  readonly senderHardware: Uint8Array;
  readonly senderProtocol: Uint8Array;
  readonly targetHardware: Uint8Array;
  readonly targetProtocol: Uint8Array;
}
export type ArpPacket = ValuesOf<typeof layout> & ArpAddresses;
/** Without types and sizes: those of Ethernet and IPv4. */
export type ArpInput = Pick<ArpPacket, 'operation'> & ArpAddresses & Partial<ArpPacket>;

/** Where the four addresses begin and end. */
function ranges({ hardwareSize: h, protocolSize: p }: Pick<ArpPacket, 'hardwareSize' | 'protocolSize'>): Readonly<Record<keyof ArpAddresses, readonly [number, number]>> {
  return {
    senderHardware: [HEAD, HEAD + h], senderProtocol: [HEAD + h, HEAD + h + p], targetHardware: [HEAD + h + p, HEAD + 2 * h + p], targetProtocol: [HEAD + 2 * h + p, HEAD + 2 * (h + p)],
  };
}

export const codec: Codec<ArpPacket, ArpInput> = {
  protocol: 'arp',
  title: 'ARP',
  layer: 'link',
  // 0x0806; reverse ARP 0x8035 (RFC 903) has the same form.
  claims: ['ethertype:2054', 'ethertype:32821'],
  decode(bytes, context) {
    if (bytes.length < HEAD) return incomplete(HEAD);
    const head = readLayout(layout, bytes);
    const length = HEAD + 2 * (head.hardwareSize + head.protocolSize);
    if (bytes.length < length) return incomplete(length);
    const at = ranges(head);
    const cut = (name: keyof ArpAddresses): Uint8Array => bytes.slice(...at[name]);
    return {
      status: 'complete', length, payload: { start: length, end: length, missing: context.missing ?? 0 }, next: [], inside: {}, quotes: false,
      value: { ...head, senderHardware: cut('senderHardware'), senderProtocol: cut('senderProtocol'), targetHardware: cut('targetHardware'), targetProtocol: cut('targetProtocol') },
    };
  },
  encode(value, payload) {
    const { senderHardware, senderProtocol, targetHardware, targetProtocol } = value;
    if (senderHardware.length !== targetHardware.length || senderProtocol.length !== targetProtocol.length) throw new RangeError('the addresses of sender and target differ in size');
    const head = new Uint8Array(HEAD);
    writeLayout(layout, head, { hardware: 1, protocol: IPV4.type, ...value, hardwareSize: senderHardware.length, protocolSize: senderProtocol.length });
    return concatBytes(head, senderHardware, senderProtocol, targetHardware, targetProtocol, payload);
  },
  fields(bytes, context, base) {
    const nodes = layoutNodes(layout, bytes.subarray(0, HEAD), base);
    if (bytes.length < HEAD) return group('arp', 'ARP', base, bytes.length, nodes);
    const head = readLayout(layout, bytes);
    const at = ranges(head);
    // Sizes that the whole packet does not hold are wrong: nobody can say then where an address begins. In a short capture they may be right.
    if (at.targetProtocol[1] > bytes.length + (context.missing ?? 0)) return group('arp', 'ARP', base, bytes.length, nodes, `the sizes say ${at.targetProtocol[1]} bytes, the packet has ${bytes.length + (context.missing ?? 0)}`);
    const end = Math.min(at.targetProtocol[1], bytes.length);
    const mac = ETHERNET.types.includes(head.hardware) && head.hardwareSize === ETHERNET.size;
    const ip = head.protocol === IPV4.type && head.protocolSize === IPV4.size;
    const address = (name: string, [from, to]: readonly [number, number], kind: 'mac' | 'ip'): FieldNode[] => {
      if (from >= bytes.length || from === to) return [];
      const typed = to <= bytes.length && (kind === 'mac' ? mac : ip);
      if (!typed) return [bytesNode(name, bytes, from, Math.min(to, bytes.length), base, to > bytes.length ? `${to - from} bytes long, ${bytes.length - from} are here` : undefined)];
      const text = kind === 'mac' ? macText(bytes.subarray(from, to)) : ipv4Text(bytes.subarray(from, to));
      return [{ name: `${name}_${kind === 'mac' ? 'mac' : 'ipv4'}`, value: text, display: text, start: base + from, length: to - from, children: [] }];
    };
    if (ip && bytes.length >= at.targetProtocol[1]) nodes.push(...kindNodes(bytes, head.operation, at, base));
    nodes.push(
      ...address('arp.src.hw', at.senderHardware, 'mac'), ...address('arp.src.proto', at.senderProtocol, 'ip'), ...address('arp.dst.hw', at.targetHardware, 'mac'), ...address('arp.dst.proto', at.targetProtocol, 'ip'),
    );
    return group('arp', 'ARP', base, end, nodes);
  },
};

/** RFC 5227 1.1: a probe asks for an address that nobody says to have; an announcement, or a gratuitous reply, tells of its own. */
function kindNodes(bytes: Uint8Array, operation: number, at: ReturnType<typeof ranges>, base: number): FieldNode[] {
  const text = (name: keyof ArpAddresses): string => toHex(bytes.subarray(...at[name]));
  if (operation !== OPERATION.request && operation !== OPERATION.reply) return [];
  const yes = (name: string): FieldNode => generated(name, true, 'yes', base, 0);
  const own = text('senderProtocol');
  if (operation === OPERATION.request && /^0+$/.test(own) && own !== text('targetProtocol')) return [yes('arp.isprobe')];
  if (own !== text('targetProtocol')) return [];
  return [yes('arp.isgratuitous'), ...(operation === OPERATION.request && /^0+$/.test(text('targetHardware')) ? [yes('arp.isannouncement')] : [])];
}
