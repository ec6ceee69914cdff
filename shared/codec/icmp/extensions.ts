// What routers add behind the packet that an ICMP message quotes (RFC 4884): a structure of objects, such as the MPLS labels that the packet had
// (RFC 4950) or the interface that it came in by (RFC 5837). Extended echoes ask about an interface in the same form (RFC 8335).

import { readUint } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { group, verdict, type FieldNode } from '../field';
import { hex, labelled } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { NodeReader, type BitPart } from '../nodeReader';

const HEAD = 8;
const VERSION = 2;
const STRUCTURE_HEAD = 4;
const OBJECT_HEAD = 4;
/** Where the structure begins when the length says nothing: as those wrote it who came before the RFC (5.5). */
const CLASSIC = 128;
const CLASS = { mpls: 1, interface: 2, identification: 3 } as const;
const CLASSES: ReadonlyMap<number, string> = new Map([[1, 'MPLS label stack'], [2, 'Interface information'], [3, 'Interface identification']]);
const ROLES: ReadonlyMap<number, string> = new Map([[0, 'incoming'], [1, 'part of incoming'], [2, 'outgoing'], [3, 'next hop']]);
/** The sub-type of interface information: bits that say what is there (RFC 5837 4.1). */
const PRESENT: readonly BitPart[] = [
  ['icmp.int_info.role', 0xc0, labelled(ROLES)], ['icmp.int_info.reserved', 0x30, String], ['icmp.int_info.ifindex', 0x08], ['icmp.int_info.ipaddr', 0x04],
  ['icmp.int_info.name_present', 0x02], ['icmp.int_info.mtu_present', 0x01],
];
const IDENTIFIED_BY = { name: 1, index: 2, address: 3 } as const;
const FAMILY = { ipv4: 1, ipv6: 2 } as const;
const FAMILIES: ReadonlyMap<number, string> = new Map([[1, 'IPv4'], [2, 'IPv6']]);

/**
 * Where the quoted packet of an error ends, when extensions follow it; null: none do. `said`: what the length field says, in bytes. Without it there are
 * extensions only behind 128 bytes, with the right version and checksum (RFC 4884 5.5).
 */
export function extensionStart(bytes: Uint8Array, said: number): number | null {
  if (said > 0) return bytes.length >= HEAD + said + STRUCTURE_HEAD ? HEAD + said : null;
  const start = HEAD + CLASSIC;
  if (bytes.length < start + STRUCTURE_HEAD + OBJECT_HEAD || (bytes[start] ?? 0) >> 4 !== VERSION) return null;
  return internetChecksum(bytes.subarray(start)) === 0 || readUint(bytes, start + 2, 2) === 0 ? start : null;
}

/** The structure from `start` on; `cut`: bytes of it were not captured. */
export function extensionNode(bytes: Uint8Array, start: number, base: number, cut: boolean): FieldNode {
  const reader = new NodeReader(bytes, start, bytes.length, base);
  reader.split(2, [['icmp.ext.version', 0xf000, String], ['icmp.ext.res', 0x0fff, hex(3)]]);
  const checksum = reader.number('icmp.ext.checksum', 2, hex(4));
  // RFC 4884 7: a checksum of zero was not made.
  if (checksum !== null) reader.nodes.push(verdict('icmp.ext.checksum.status', checksum === 0 ? 'absent' : cut ? 'unverified' : internetChecksum(bytes.subarray(start)) === 0 ? 'good' : 'bad', base + start + 2));
  for (let count = 0; reader.left >= OBJECT_HEAD && count < CODEC_LIMITS.options && !reader.stopped; count++) {
    const kind = bytes[reader.at + 2] ?? 0;
    // An object is never shorter than its own head.
    reader.inside('icmp.ext.object', CLASSES.get(kind) ?? `Object ${kind}`, Math.max(OBJECT_HEAD, readUint(bytes, reader.at, 2)), 'icmp.ext.data', object);
  }
  reader.rest('icmp.ext.data');
  return group('icmp.ext', 'Extensions', base + start, bytes.length - start, reader.nodes);
}

function object(reader: NodeReader): string | undefined {
  reader.number('icmp.ext.length', 2);
  const kind = reader.number('icmp.ext.class', 1, labelled(CLASSES));
  const type = reader.bits('icmp.ext.ctype', 1, String, kind === CLASS.interface ? PRESENT : []);
  if (kind === CLASS.mpls && type === 1) return labels(reader);
  if (kind === CLASS.interface && type !== null) interfaceInformation(reader, type);
  else if (kind === CLASS.identification) identification(reader, type ?? 0);
  return undefined;
}

/** RFC 4950 3: the labels, outermost first. */
function labels(reader: NodeReader): string {
  const said: number[] = [];
  for (let count = 0; reader.left >= 4 && count < CODEC_LIMITS.options; count++) {
    const parts = reader.split(3, [['icmp.mpls.label', 0xfffff0, String], ['icmp.mpls.exp', 0x00000e, String], ['icmp.mpls.s', 0x000001]]);
    reader.number('icmp.mpls.ttl', 1);
    said.push((parts ?? 0) >> 4);
  }
  return `MPLS labels ${said.join(', ')}`;
}

/** RFC 5837 4: in the order of the bits. */
function interfaceInformation(reader: NodeReader, type: number): void {
  if ((type & 0x08) !== 0) reader.number('icmp.int_info.index', 4);
  if ((type & 0x04) !== 0) {
    const family = reader.number('icmp.int_info.afi', 2, labelled(FAMILIES));
    reader.bytesOf('icmp.ext.data', 2);
    if (family === FAMILY.ipv4) reader.ipv4('icmp.int_info.ipv4');
    else if (family === FAMILY.ipv6) reader.ipv6('icmp.int_info.ipv6');
  }
  if ((type & 0x02) !== 0) {
    // The length counts itself.
    const length = reader.number('icmp.int_info.name_length', 1) ?? 0;
    if (length > 1) reader.text('icmp.int_info.name', Math.min(length - 1, reader.left));
  }
  if ((type & 0x01) !== 0) reader.number('icmp.int_info.mtu', 4);
}

/** RFC 8335 2.1: which interface the question is about. */
function identification(reader: NodeReader, type: number): void {
  switch (type) {
    case IDENTIFIED_BY.name: {
      // Padded with zeros to words of four bytes.
      const padding = reader.bytes.subarray(reader.at, reader.end).indexOf(0);
      reader.text('icmp.int_ident.name', padding < 0 ? reader.left : padding);
      if (padding >= 0 && reader.bytes.subarray(reader.at, reader.end).every((byte) => byte === 0)) reader.at = reader.end;
      break;
    }
    case IDENTIFIED_BY.index: reader.number('icmp.int_ident.index', 4); break;
    case IDENTIFIED_BY.address: {
      const family = reader.number('icmp.int_ident.afi', 2, labelled(FAMILIES));
      const length = reader.number('icmp.int_ident.addr_length', 1);
      reader.bytesOf('icmp.int_ident.reserved', 1);
      if (family === FAMILY.ipv4 && length === 4) reader.ipv4('icmp.int_ident.ipv4');
      else if (family === FAMILY.ipv6 && length === 16) reader.ipv6('icmp.int_ident.ipv6');
      else if (length !== null && length > 0 && length <= reader.left) reader.bytesOf('icmp.int_ident.address', length);
      break;
    }
    default:
  }
}

const STATES: ReadonlyMap<number, string> = new Map([[0, 'Reserved'], [1, 'Incomplete'], [2, 'Reachable'], [3, 'Stale'], [4, 'Delay'], [5, 'Probe'], [6, 'Failed']]);

/** What an extended echo says behind its identifier (RFC 8335 2 and 3), for both versions of ICMP. */
export function extendedEcho(reader: NodeReader, prefix: 'icmp' | 'icmpv6', asks: boolean): void {
  reader.number(`${prefix}.ext.echo.seq`, 1);
  const at = `${prefix}.ext.echo`;
  if (asks) reader.split(1, [[`${at}.req.res`, 0xfe, hex(2)], [`${at}.req.local`, 0x01]]);
  else reader.split(1, [[`${at}.rsp.state`, 0xe0, labelled(STATES)], [`${at}.rsp.res`, 0x18, hex(1)], [`${at}.rsp.active`, 0x04], [`${at}.rsp.ipv4`, 0x02], [`${at}.rsp.ipv6`, 0x01]]);
}
