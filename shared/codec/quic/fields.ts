// The tree of one packet of QUIC with Wireshark's names, as far as it may be read without keys (RFC 8999, RFC 9000 17).

import { readUint } from '../../base/bytes';
import { generated, group, type FieldNode } from '../field';
import { hex, labelled } from '../layout';
import { CODEC_LIMITS } from '../limits';
import { NodeReader } from '../nodeReader';
import { hasLengths, longHeader, PACKET, packetType, varint, VERSION_2, VERSIONS } from './header';

const TYPES: ReadonlyMap<number, string> = new Map([[PACKET.initial, 'Initial'], [PACKET.zeroRtt, '0-RTT'], [PACKET.handshake, 'Handshake'], [PACKET.retry, 'Retry']]);
/** RFC 9001 5.8. */
const TAG = 16;
/** RFC 9000 15: versions that nobody has, so that others are not forgotten. */
const isGrease = (version: number): boolean => (version & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a;
const versionText = (version: number): string => (isGrease(version) ? `reserved (${hex(8)(version)})` : labelled(VERSIONS, hex(8))(version));

export function quicFields(bytes: Uint8Array, base: number): FieldNode {
  const [first = 0] = bytes;
  if (bytes.length === 0) return group('quic', 'QUIC', base, 0, []);
  if ((first & 0x80) === 0) {
    const reader = new NodeReader(bytes, 0, bytes.length, base);
    reader.inside('quic.short', 'Short header', 1, 'quic.remaining_payload', (inner) => {
      inner.split(1, [['quic.header_form', 0x80, () => 'Short header (0)'], ['quic.fixed_bit', 0x40], ['quic.spin_bit', 0x20], ['quic.protected_bits', 0x1f, hex(2)]]);
    });
    // The five bits behind are protected (RFC 9001 5.4); Wireshark names them once they are open.
    reader.rest('quic.remaining_payload');
    return group('quic', 'QUIC', base, bytes.length, [generated('quic.packet_length', bytes.length, `${bytes.length} B`, base, bytes.length), ...reader.nodes]);
  }
  const head = longHeader(bytes);
  const end = 'status' in head ? bytes.length : head.end;
  const reader = new NodeReader(bytes, 0, end, base);
  const version = bytes.length >= 5 ? readUint(bytes, 1, 4) : null;
  firstByte(reader, first, version);
  reader.number('quic.version', 4, versionText);
  for (const [length, id] of [['quic.dcil', 'quic.dcid'], ['quic.scil', 'quic.scid']] as const) {
    const size = reader.number(length, 1, (value) => `${value} B`);
    if (size !== null) reader.bytesOf(id, size);
  }
  if (!reader.stopped && version !== null) behind(reader, version, first);
  reader.rest('quic.remaining_payload');
  const name = version === 0 ? 'Version negotiation' : version !== null && hasLengths(version) ? TYPES.get(packetType(first, version)) ?? '' : '';
  const problem = 'status' in head && head.status === 'malformed' ? head.why : undefined;
  return group('quic', `QUIC ${name}`.trim(), base, end, [generated('quic.packet_length', end, `${end} B`, base, end), ...reader.nodes], problem);
}

/** RFC 8999 5.1: one bit says the form; the others are the version's own. */
function firstByte(reader: NodeReader, first: number, version: number | null): void {
  const form = ['quic.header_form', 0x80, () => 'Long header (1)'] as const;
  if (version === null || !hasLengths(version)) return void reader.split(1, [form, ['quic.vn.unused', 0x7f, hex(2)]]);
  const type = () => `${TYPES.get(packetType(first, version)) ?? ''} (${(first >> 4) & 3})`;
  reader.split(1, [form, ['quic.fixed_bit', 0x40], [version === VERSION_2 ? 'quic.long.packet_type_v2' : 'quic.long.packet_type', 0x30, type], ['quic.protected_bits', 0x0f, hex(2)]]);
}

function behind(reader: NodeReader, version: number, first: number): void {
  if (version === 0) {
    for (let count = 0; reader.left >= 4 && count < CODEC_LIMITS.options; count++) reader.number('quic.supported_version', 4, versionText);
    return;
  }
  if (!hasLengths(version)) return;
  const type = packetType(first, version);
  if (type === PACKET.retry) {
    if (reader.left < TAG) return;
    reader.bytesOf('quic.retry_token', reader.left - TAG);
    reader.bytesOf('quic.retry_integrity_tag', TAG);
    return;
  }
  if (type === PACKET.initial) {
    const token = number(reader, 'quic.token_length');
    if (token === null || token > reader.left) return;
    if (token > 0) reader.bytesOf('quic.token', token);
  }
  number(reader, 'quic.length');
}

function number(reader: NodeReader, name: string): number | null {
  const read = varint(reader.bytes.subarray(0, reader.end), reader.at);
  if (read === null) return null;
  reader.nodes.push({ name, value: read.value, display: `${read.value} B`, start: reader.base + reader.at, length: read.length, children: [] });
  reader.at += read.length;
  return read.value;
}
