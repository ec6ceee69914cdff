// pcapng blocks as bytes (draft-ietf-opsawg-pcapng): section, interface, packet, names, secrets. Little-endian, times in nanoseconds.
// Knows nothing of traces: shared/trace/export decides what goes into a file.

import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import { BLOCK, BLOCK_FRAME, BYTE_ORDER_MAGIC, INTERFACE_OPTION, NAME_RECORD, OPTION, padded, SECTION_OPTION, TLS_KEY_LOG } from './format';

type Option = readonly [code: number, value: Uint8Array | string];

function uint32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint32(4 * index, value, true));
  return bytes;
}

function pad(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(padded(bytes.length));
  out.set(bytes);
  return out;
}

/** Values over 65,535 B do not fit an option: they are cut. */
function options(all: readonly Option[]): Uint8Array {
  if (all.length === 0) return new Uint8Array(0);
  const parts = all.map(([code, value]) => {
    const bytes = (typeof value === 'string' ? utf8Bytes(value) : value).subarray(0, 0xffff);
    return concatBytes(uint32(code | (bytes.length << 16)), pad(bytes));
  });
  return concatBytes(...parts, uint32(OPTION.end));
}

function block(type: number, ...body: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = BLOCK_FRAME + body.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(uint32(type, length), ...body, uint32(length));
}

/** Of unknown length, as a file that grows has it. `application`: who wrote it. */
export function sectionBlock(application: string, comment = ''): Uint8Array<ArrayBuffer> {
  const all: Option[] = [...(comment === '' ? [] : [[OPTION.comment, comment] as const]), [SECTION_OPTION.application, application]];
  return block(BLOCK.section, uint32(BYTE_ORDER_MAGIC, 1, 0xffffffff, 0xffffffff), options(all));
}

export interface InterfaceOptions {
  /** Decimal places of a second that times count; 9 when it is left out. */
  readonly places?: number;
  /** Bytes of a packet that are kept at most; 0: all. */
  readonly snapLength?: number;
  /** Bits of the frame check sequence at the end of each packet; null: not known. */
  readonly fcs?: number | null;
}

/** The first interface has number 0. What has no name or description says none. */
export function interfaceBlock(linkType: number, name: string, description: string, { places = 9, snapLength = 0, fcs = null }: InterfaceOptions = {}): Uint8Array<ArrayBuffer> {
  const all: Option[] = [
    ...(name === '' ? [] : [[INTERFACE_OPTION.name, name] as const]),
    ...(description === '' ? [] : [[INTERFACE_OPTION.description, description] as const]),
    [INTERFACE_OPTION.timeResolution, new Uint8Array([places])],
    ...(fcs === null ? [] : [[INTERFACE_OPTION.fcsLength, new Uint8Array([fcs])] as const]),
  ];
  return block(BLOCK.interface, uint32(linkType, snapLength), options(all));
}

/** `time`: nanoseconds since 1970. `wire`: bytes of the packet as it was, of which `bytes` are here. */
export function packetBlock(interfaceId: number, time: bigint, bytes: Uint8Array, wire: number, comment = ''): Uint8Array<ArrayBuffer> {
  const head = uint32(interfaceId, Number((time >> 32n) & 0xffffffffn), Number(time & 0xffffffffn), bytes.length, wire);
  return block(BLOCK.packet, head, pad(bytes), options(comment === '' ? [] : [[OPTION.comment, comment]]));
}

/** Bytes of a packet block without options. */
export const packetBlockSize = (captured: number): number => BLOCK_FRAME + 20 + padded(captured);

/** Where the packet begins in its block. */
export const PACKET_AT = 28;

/**
 * What stands around the packet of such a block, into a view of its memory at `at`: the packet, and zeros up to a multiple of four, are the caller's
 * (PACKET_AT). Where the block ends.
 */
export function framePacketBlock(view: DataView, at: number, interfaceId: number, high: number, low: number, captured: number, wire: number): number {
  const length = packetBlockSize(captured);
  view.setUint32(at, BLOCK.packet, true);
  view.setUint32(at + 4, length, true);
  view.setUint32(at + 8, interfaceId, true);
  view.setUint32(at + 12, high, true);
  view.setUint32(at + 16, low, true);
  view.setUint32(at + 20, captured, true);
  view.setUint32(at + 24, wire, true);
  view.setUint32(at + length - 4, length, true);
  return at + length;
}

/**
 * As packetBlock, into `target` (with `view` over the same bytes) at `at`, without an object: `high` and `low` are the halves of the time, the packet is
 * `captured` bytes from `start` of `source`. Where it ends.
 */
export function putPacketBlock(target: Uint8Array, view: DataView, at: number, interfaceId: number, high: number, low: number, source: Uint8Array, start: number, captured: number, wire: number): number {
  const end = framePacketBlock(view, at, interfaceId, high, low, captured, wire);
  // What fills the packet up.
  if (captured > 0) view.setUint32(end - 8, 0, true);
  target.set(source.subarray(start, start + captured), at + PACKET_AT);
  return end;
}

export interface NamedAddress {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly name: string;
}

/** Name resolution records (section 4.5): what the addresses are called. */
export function namesBlock(names: readonly NamedAddress[]): Uint8Array<ArrayBuffer> {
  const records = names.map(({ address, name }) => {
    const value = concatBytes(address, utf8Bytes(name), new Uint8Array(1));
    return concatBytes(uint32((address.length === 4 ? NAME_RECORD.ipv4 : NAME_RECORD.ipv6) | (value.length << 16)), pad(value));
  });
  return block(BLOCK.names, ...records, uint32(0));
}

/** Lines of an NSS key log. Must stand before the packets that they open. */
export function keysBlock(keyLog: string): Uint8Array<ArrayBuffer> {
  const bytes = utf8Bytes(keyLog);
  return block(BLOCK.secrets, uint32(TLS_KEY_LOG, bytes.length), pad(bytes));
}
