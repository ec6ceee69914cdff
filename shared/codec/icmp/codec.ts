// ICMP (RFC 792; router discovery RFC 1256, address masks RFC 950): type, code, checksum, then what the type says. An error quotes the
// packet that it is about, and the walk goes on into it: that is how "port unreachable" names its port.

import { concatBytes, NO_BYTES, readUint, writeUint } from '../../base/bytes';
import { internetChecksum } from '../../base/checksum';
import { incomplete, type Codec } from '../codec';
import { generated, group, verdict, type FieldNode } from '../field';
import { hex, labelled, layoutNodes, readLayout, uint, unit, writeLayout, type ValuesOf } from '../layout';
import { NodeReader } from '../nodeReader';
import { extendedEcho, extensionNode, extensionStart } from './extensions';
import { CODES, ICMP_TYPE, TYPES } from './names';

const LENGTH = 8;
/** Types that carry the beginning of the packet that caused them. */
const ERRORS: readonly number[] = [ICMP_TYPE.unreachable, ICMP_TYPE.quench, ICMP_TYPE.redirect, ICMP_TYPE.timeExceeded, ICMP_TYPE.parameter];
/** RFC 1191 section 4. */
const FRAGMENTATION_NEEDED = 4;

const layout = {
  type: uint('icmp.type', 0, 1, { format: labelled(TYPES) }),
  code: uint('icmp.code', 1, 1),
  checksum: uint('icmp.checksum', 2, 2, { format: hex(4) }),
};

export type IcmpHeader = ValuesOf<typeof layout> & {
  /** Bytes 4 to 7. */
  readonly rest: number;
  /** What else is in the message of a type that is fixed: clocks, masks, routers. */
  readonly body: Uint8Array;
  /** What follows the quoted packet (RFC 4884). */
  readonly extension: Uint8Array;
};
/** Without a checksum, the right one is written; without a body or an extension, none. */
export type IcmpInput = Pick<IcmpHeader, 'type' | 'code'> & Partial<IcmpHeader>;

/** Types whose second byte behind the checksum says how long the quoted packet is, in words of four bytes (RFC 4884 4). */
const SIZED: readonly number[] = [ICMP_TYPE.unreachable, ICMP_TYPE.timeExceeded, ICMP_TYPE.parameter];
const WORD = 4;
const LENGTH_AT = 5;

/** Where what is no quoted packet begins; the end of the bytes when there is nothing of the kind. */
function extensionAt(bytes: Uint8Array): number {
  const type = bytes[0] ?? 0;
  if (type === ICMP_TYPE.extendedEcho) return LENGTH;
  return (SIZED.includes(type) ? extensionStart(bytes, (bytes[LENGTH_AT] ?? 0) * WORD) : null) ?? bytes.length;
}

/** Bytes of the message before its payload. Router lists: number and size (in words) of the entries (RFC 1256 section 3). */
function headerLength(bytes: Uint8Array): number {
  switch (bytes[0]) {
    case ICMP_TYPE.timestamp: case ICMP_TYPE.timestampReply: return 20;
    case ICMP_TYPE.mask: case ICMP_TYPE.maskReply: return 12;
    case ICMP_TYPE.advertisement: return LENGTH + (bytes[4] ?? 0) * (bytes[5] ?? 0) * 4;
    default: return LENGTH;
  }
}

export const codec: Codec<IcmpHeader, IcmpInput> = {
  protocol: 'icmp',
  title: 'ICMP',
  layer: 'internet',
  claims: ['ip.proto:1'],
  decode(bytes, context) {
    if (bytes.length < LENGTH) return incomplete(LENGTH);
    const length = headerLength(bytes);
    if (bytes.length < length) return incomplete(length);
    const header = readLayout(layout, bytes);
    const quotes = ERRORS.includes(header.type);
    const end = extensionAt(bytes);
    return {
      status: 'complete', value: { ...header, rest: readUint(bytes, 4, 4), body: bytes.slice(LENGTH, length), extension: bytes.slice(end) }, length,
      payload: { start: length, end, missing: context.missing ?? 0 }, next: quotes ? ['ethertype:2048'] : [], inside: {}, quotes,
    };
  },
  encode(value, payload) {
    const extension = value.extension ?? NO_BYTES;
    const header = concatBytes(new Uint8Array(LENGTH), value.body ?? NO_BYTES);
    writeUint(header, 4, 4, value.rest ?? 0);
    writeLayout(layout, header, { ...value, checksum: value.checksum ?? 0 });
    if (value.checksum === undefined) writeLayout(layout, header, { ...value, checksum: internetChecksum(concatBytes(header, payload, extension)) });
    return concatBytes(header, payload, extension);
  },
  fields(bytes, context, base) {
    const [type, code] = bytes;
    const codes = type === undefined ? undefined : CODES.get(type);
    const nodes = layoutNodes({ ...layout, code: uint('icmp.code', 1, 1, { format: codes === undefined ? String : labelled(codes) }) }, bytes, base);
    if (bytes.length < LENGTH || type === undefined) return group('icmp', 'ICMP', base, bytes.length < LENGTH ? bytes.length : LENGTH, nodes);
    const whole = (context.missing ?? 0) === 0 && context.quoted !== true;
    nodes.push(verdict('icmp.checksum.status', !whole ? 'unverified' : internetChecksum(bytes) === 0 ? 'good' : 'bad', base + 2));
    const end = Math.min(headerLength(bytes), bytes.length);
    const reader = new NodeReader(bytes, 4, end, base);
    body(reader, type, code ?? 0);
    reader.rest('icmp.reserved', reader.stopped ? 'cut off' : undefined);
    const extension = extensionAt(bytes);
    const more = extension < bytes.length ? [extensionNode(bytes, extension, base, (context.missing ?? 0) > 0)] : [];
    return group('icmp', 'ICMP', base, end, [...nodes, ...reader.nodes, ...more]);
  },
};

const milliseconds = (value: number): string => ((value & 0x8000_0000) === 0 ? `${value} ms` : hex(8)(value));

/** What stands behind the checksum. */
function body(reader: NodeReader, type: number, code: number): void {
  switch (type) {
    case ICMP_TYPE.echo: case ICMP_TYPE.echoReply: case ICMP_TYPE.information: case ICMP_TYPE.informationReply: return numbers(reader);
    case ICMP_TYPE.timestamp: case ICMP_TYPE.timestampReply:
      numbers(reader);
      for (const clock of ['icmp.originate_timestamp', 'icmp.receive_timestamp', 'icmp.transmit_timestamp']) reader.number(clock, 4, milliseconds);
      return;
    case ICMP_TYPE.mask: case ICMP_TYPE.maskReply:
      numbers(reader);
      reader.ipv4('icmp.address_mask');
      return;
    case ICMP_TYPE.redirect:
      reader.ipv4('icmp.redir_gw');
      return;
    case ICMP_TYPE.parameter:
      reader.number('icmp.pointer', 1);
      quotedLength(reader);
      reader.bytesOf('icmp.unused', reader.left);
      return;
    case ICMP_TYPE.unreachable: case ICMP_TYPE.timeExceeded:
      if ((reader.bytes[LENGTH_AT] ?? 0) > 0) {
        reader.bytesOf('icmp.unused', 1);
        quotedLength(reader);
      }
      if (type === ICMP_TYPE.unreachable && code === FRAGMENTATION_NEEDED) {
        reader.bytesOf('icmp.unused', reader.left - 2);
        reader.number('icmp.mtu', 2, unit('B'));
      } else reader.bytesOf('icmp.unused', reader.left);
      return;
    case ICMP_TYPE.extendedEcho: case ICMP_TYPE.extendedReply:
      number(reader, 'icmp.ident');
      return extendedEcho(reader, 'icmp', type === ICMP_TYPE.extendedEcho);
    case ICMP_TYPE.advertisement: {
      reader.number('icmp.num_addrs', 1);
      const words = reader.number('icmp.addr_entry_size', 1) ?? 0;
      reader.number('icmp.lifetime', 2, unit('s'));
      while (reader.left > 0 && words >= 2 && !reader.stopped) {
        reader.ipv4('icmp.router_address');
        reader.number('icmp.pref_level', 4);
        if (words > 2) reader.bytesOf('icmp.reserved', (words - 2) * 4);
      }
      return;
    }
    case ICMP_TYPE.solicitation:
      reader.bytesOf('icmp.reserved', 4);
      return;
    default:
  }
  reader.bytesOf('icmp.unused', 4);
}

/** Identifier and sequence; some systems write them low byte first, so both readings are there. */
function numbers(reader: NodeReader): void {
  for (const name of ['icmp.ident', 'icmp.seq']) number(reader, name);
}

function number(reader: NodeReader, name: string): void {
  const value = reader.number(name, 2);
  if (value !== null) reader.nodes.push(swapped(name, value, reader));
}

/** How long the quoted packet is, when extensions follow it (RFC 4884 4). */
function quotedLength(reader: NodeReader): void {
  if ((reader.bytes[reader.at] ?? 0) === 0) return;
  const words = reader.number('icmp.length', 1) ?? 0;
  reader.nodes.push(generated('icmp.length.original_datagram', words * WORD, `${words * WORD} B`, reader.base + reader.at - 1, 1));
}

function swapped(name: string, value: number, reader: NodeReader): FieldNode {
  const low = ((value & 0xff) << 8) | (value >> 8);
  return generated(`${name}_le`, low, String(low), reader.base + reader.at - 2, 2);
}
