// ICMPv6 (RFC 4443; neighbour discovery RFC 4861, multicast listeners RFC 2710, RFC 3810): as ICMP, with the IPv6 addresses in its
// checksum. It also does what ARP does in IPv4, and tells hosts of routers, prefixes and name servers.

import { concatBytes, NO_BYTES, readUint, writeUint } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { pseudoHeader } from '../address';
import { incomplete, type Codec, type Context } from '../codec';
import { group, verdict, type Verdict } from '../field';
import { hex, labelled, layoutNodes, readLayout, uint, unit, writeLayout, type ValuesOf } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { extendedEcho, extensionNode, extensionStart } from '../icmp/extensions';
import { NodeReader } from '../nodeReader';
import { CODES, ICMPV6_TYPE, PREFERENCES, RECORDS, TYPES } from './names';
import { optionsTo } from './options';
import { RARE_LEAST, rareMessage } from './rareMessages';

const LENGTH = 8;
const PROTOCOL = 58;
/** RFC 4443 section 2.1: types below 128 are errors; these four are defined and quote the packet. */
const LAST_ERROR = 4;
const ECHOES: readonly number[] = [ICMPV6_TYPE.echo, ICMPV6_TYPE.echoReply];
/** Bytes of the fixed part of each type that is a message by itself. */
const LEAST: ReadonlyMap<number, number> = new Map([
  [ICMPV6_TYPE.query, 24], [ICMPV6_TYPE.report, 24], [ICMPV6_TYPE.done, 24], [ICMPV6_TYPE.routerSolicitation, 8], [ICMPV6_TYPE.routerAdvertisement, 16],
  [ICMPV6_TYPE.neighborSolicitation, 24], [ICMPV6_TYPE.neighborAdvertisement, 24], [ICMPV6_TYPE.redirect, 40], [ICMPV6_TYPE.report2, 8], ...RARE_LEAST,
]);

/** Errors whose first byte behind the checksum says how long the quoted packet is, in words of eight bytes (RFC 4884 4.4, 4.5). */
const SIZED: readonly number[] = [ICMPV6_TYPE.unreachable, ICMPV6_TYPE.timeExceeded];
const WORD = 8;
const LENGTH_AT = 4;

/** Where what is no quoted packet begins; the end of the bytes when there is nothing of the kind. */
function extensionAt(bytes: Uint8Array): number {
  const type = bytes[0] ?? 0;
  if (type === ICMPV6_TYPE.extendedEcho) return LENGTH;
  const words = SIZED.includes(type) ? bytes[LENGTH_AT] ?? 0 : 0;
  return words === 0 ? bytes.length : extensionStart(bytes, words * WORD) ?? bytes.length;
}

const layout = {
  type: uint('icmpv6.type', 0, 1, { format: labelled(TYPES) }),
  code: uint('icmpv6.code', 1, 1),
  checksum: uint('icmpv6.checksum', 2, 2, { format: hex(4) }),
};

export type Icmpv6Header = ValuesOf<typeof layout> & {
  /** Bytes 4 to 7. */
  readonly rest: number;
  /** What else is in a message that carries no other packet: addresses, options, records. */
  readonly body: Uint8Array;
  /** What follows the quoted packet (RFC 4884). */
  readonly extension: Uint8Array;
};
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
    const least = LEAST.get(header.type);
    if (least !== undefined && bytes.length < least) return incomplete(least);
    const length = least === undefined ? LENGTH : bytes.length;
    const quotes = header.type >= 1 && header.type <= LAST_ERROR;
    const end = extensionAt(bytes);
    return {
      status: 'complete', value: { ...header, rest: readUint(bytes, 4, 4), body: bytes.slice(LENGTH, length), extension: bytes.slice(end) }, length,
      payload: { start: length, end, missing: context.missing ?? 0 }, next: quotes ? ['ethertype:34525'] : [], inside: {}, quotes,
    };
  },
  encode(value, carried, context) {
    const payload = concatBytes(carried, value.extension ?? NO_BYTES);
    const header = concatBytes(new Uint8Array(LENGTH), value.body ?? NO_BYTES);
    writeUint(header, 4, 4, value.rest ?? 0);
    writeLayout(layout, header, { ...value, checksum: value.checksum ?? 0 });
    if (value.checksum === undefined) writeLayout(layout, header, { ...value, checksum: checksumOf(header, payload, context) });
    return concatBytes(header, payload);
  },
  fields(bytes, context, base) {
    const type = bytes[0];
    const codes = type === undefined ? undefined : CODES.get(type);
    const nodes = layoutNodes({ ...layout, code: uint('icmpv6.code', 1, 1, { format: codes === undefined ? String : labelled(codes) }) }, bytes, base);
    if (bytes.length < LENGTH || type === undefined) return group('icmpv6', 'ICMPv6', base, Math.min(LENGTH, bytes.length), nodes);
    nodes.push(verdict('icmpv6.checksum.status', state(bytes, context), base + 2));
    const reader = new NodeReader(bytes, 4, LEAST.has(type) ? bytes.length : LENGTH, base);
    body(reader, type);
    reader.rest('icmpv6.unknown_data', reader.stopped ? 'cut off' : undefined);
    const extension = extensionAt(bytes);
    const more = extension < bytes.length ? [extensionNode(bytes, extension, base, (context.missing ?? 0) > 0)] : [];
    return group('icmpv6', 'ICMPv6', base, reader.at, [...nodes, ...reader.nodes, ...more]);
  },
};

/** What stands behind the checksum, by type. */
function body(reader: NodeReader, type: number): void {
  const address = (name: string): unknown => reader.ipv6(name);
  switch (type) {
    case ICMPV6_TYPE.tooBig: return void reader.number('icmpv6.mtu', 4, unit('B'));
    case ICMPV6_TYPE.parameter: return void reader.number('icmpv6.pointer', 4);
    case ICMPV6_TYPE.query: case ICMPV6_TYPE.report: case ICMPV6_TYPE.done: return listeners(reader, type);
    case ICMPV6_TYPE.report2: return records(reader);
    case ICMPV6_TYPE.routerAdvertisement: routerAdvertisement(reader); break;
    case ICMPV6_TYPE.neighborSolicitation:
      reader.bytesOf('icmpv6.reserved', 4);
      address('icmpv6.nd.ns.target_address');
      break;
    case ICMPV6_TYPE.neighborAdvertisement:
      reader.bits('icmpv6.nd.na.flag', 4, hex(8), [
        ['icmpv6.nd.na.flag.r', 0x8000_0000], ['icmpv6.nd.na.flag.s', 0x4000_0000], ['icmpv6.nd.na.flag.o', 0x2000_0000], ['icmpv6.nd.na.flag.rsv', 0x1fff_ffff],
      ]);
      address('icmpv6.nd.na.target_address');
      break;
    case ICMPV6_TYPE.redirect:
      reader.bytesOf('icmpv6.reserved', 4);
      address('icmpv6.nd.rd.target_address');
      address('icmpv6.rd.na.destination_address');
      break;
    case ICMPV6_TYPE.unreachable: case ICMPV6_TYPE.timeExceeded: {
      const words = reader.bytes[LENGTH_AT] ?? 0;
      if (words > 0) reader.number('icmpv6.length', 1, (value) => `${value * WORD} B`);
      reader.bytesOf('icmpv6.reserved', reader.left);
      return;
    }
    case ICMPV6_TYPE.routerSolicitation: reader.bytesOf('icmpv6.reserved', 4); break;
    case ICMPV6_TYPE.extendedEcho: case ICMPV6_TYPE.extendedReply:
      reader.number('icmpv6.echo.identifier', 2, hex(4));
      return extendedEcho(reader, 'icmpv6', type === ICMPV6_TYPE.extendedEcho);
    default:
      if (RARE_LEAST.has(type)) return rareMessage(reader, type, reader.bytes[1] ?? 0);
      if (!ECHOES.includes(type)) return void reader.bytesOf('icmpv6.data', 4);
      reader.number('icmpv6.echo.identifier', 2, hex(4));
      reader.number('icmpv6.echo.sequence_number', 2);
      return;
  }
  optionsTo(reader);
}

/** RFC 4861 4.2; preference RFC 4191. */
function routerAdvertisement(reader: NodeReader): void {
  reader.number('icmpv6.nd.ra.cur_hop_limit', 1);
  reader.bits('icmpv6.nd.ra.flag', 1, hex(2), [
    ['icmpv6.nd.ra.flag.m', 0x80], ['icmpv6.nd.ra.flag.o', 0x40], ['icmpv6.nd.ra.flag.h', 0x20], ['icmpv6.nd.ra.flag.prf', 0x18, labelled(PREFERENCES)], ['icmpv6.nd.ra.flag.p', 0x04],
    ['icmpv6.nd.ra.flag.rsv', 0x03],
  ]);
  reader.number('icmpv6.nd.ra.router_lifetime', 2, unit('s'));
  reader.number('icmpv6.nd.ra.reachable_time', 4, unit('ms'));
  reader.number('icmpv6.nd.ra.retrans_timer', 4, unit('ms'));
}

/** RFC 2710 section 3; a query of RFC 3810 5.1 is longer. */
function listeners(reader: NodeReader, type: number): void {
  const second = type === ICMPV6_TYPE.query && reader.left > 20;
  reader.number(second ? 'icmpv6.mld.maximum_response_code' : 'icmpv6.mld.maximum_response_delay', 2, second ? String : unit('ms'));
  reader.bytesOf('icmpv6.reserved', 2);
  reader.ipv6('icmpv6.mld.multicast_address');
  if (!second) return;
  reader.bits('icmpv6.mld.flag', 1, hex(2), [['icmpv6.mld.flag.s', 0x08], ['icmpv6.mld.flag.qrv', 0x07], ['icmpv6.mld.flag.reserved', 0xf0]]);
  reader.number('icmpv6.mld.qqi', 1);
  const sources = reader.number('icmpv6.mld.nb_sources', 2) ?? 0;
  for (let i = 0; i < Math.min(sources, CODEC_LIMITS.options) && !reader.stopped; i++) reader.ipv6('icmpv6.mld.source_address');
}

/** RFC 3810 5.2. */
function records(reader: NodeReader): void {
  reader.bytesOf('icmpv6.reserved', 2);
  const count = reader.number('icmpv6.mldr.nb_mcast_records', 2) ?? 0;
  for (let i = 0; i < Math.min(count, CODEC_LIMITS.options) && reader.left >= 4; i++) {
    const words = reader.bytes[reader.at + 1] ?? 0;
    const sources = readUint(reader.bytes, reader.at + 2, 2);
    reader.inside('icmpv6.mldr.mar', 'Record', 20 + sources * 16 + words * 4, 'icmpv6.unknown_data', (inner) => {
      const type = inner.number('icmpv6.mldr.mar.record_type', 1, labelled(RECORDS)) ?? 0;
      inner.number('icmpv6.mldr.mar.aux_data_len', 1);
      inner.number('icmpv6.mldr.mar.nb_sources', 2);
      const group_ = inner.ipv6('icmpv6.mldr.mar.multicast_address');
      for (let j = 0; j < Math.min(sources, CODEC_LIMITS.options / 4) && !inner.stopped; j++) inner.ipv6('icmpv6.mldr.mar.source_address');
      if (words > 0) inner.bytesOf('icmpv6.mldr.mar.auxiliary_data', Math.min(words * 4, inner.left));
      return `${RECORDS.get(type) ?? type} ${group_ ?? ''}`;
    });
  }
}

function checksumOf(header: Uint8Array, payload: Uint8Array, context: Context): number {
  if (context.network === undefined) throw new TypeError('an ICMPv6 checksum needs the addresses');
  return internetChecksum(pseudoHeader(context.network, PROTOCOL, header.length + payload.length), header, payload);
}

function state(bytes: Uint8Array, context: Context): Verdict {
  if (context.network === undefined || context.quoted === true || (context.missing ?? 0) > 0) return 'unverified';
  return internetChecksum(pseudoHeader(context.network, PROTOCOL, bytes.length), bytes) === 0 ? 'good' : 'bad';
}
