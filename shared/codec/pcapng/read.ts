// Takes the bodies of pcapng blocks apart (draft-ietf-opsawg-pcapng, section 4): sections, interfaces, names, secrets, options. Bytes in, values out;
// a fault is a sentence for people. Packets are left to packets/file, which reads a million of them without an object each.

import { NO_BYTES, toHex } from '../../base/bytes';
import { utf8Text } from '../../base/bytesText';
import { ipv4Text, ipv6Text } from '../address';
import { INTERFACE_OPTION, NAME_RECORD, OPTION, padded, SECTION_OPTION } from './format';

/** What is wrong with a block, in English for people, and as a kind. Most hold less than they claim to hold. */
export class BlockFault extends Error {
  constructor(message: string, readonly kind: 'blockContent' | 'blockLength' | 'packetLength' | 'interface' | 'version' | 'other' = 'blockContent') {
    super(message);
  }
}

export interface PcapngOption {
  readonly code: number;
  readonly value: Uint8Array;
}

/** Options from `at` up to `end` (section 3.5); opt_endofopt ends them, and may be missing. Throws BlockFault when one goes on past the end. */
export function readOptions(bytes: Uint8Array, at: number, end: number, little: boolean): PcapngOption[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const options: PcapngOption[] = [];
  for (let next = at; end - next >= 4;) {
    const code = view.getUint16(next, little);
    const length = view.getUint16(next + 2, little);
    if (code === OPTION.end) break;
    if (padded(length) > end - next - 4) throw new BlockFault(`an option of ${length} B goes on past the end of its block`);
    options.push({ code, value: bytes.slice(next + 4, next + 4 + length) });
    next += 4 + padded(length);
  }
  return options;
}

/** A string of an option; some writers end it with zero bytes. */
function optionText(value: Uint8Array): string {
  const end = value.indexOf(0);
  return utf8Text(end < 0 ? value : value.subarray(0, end));
}

const textOf = (options: readonly PcapngOption[], code: number): string => optionText(options.find((one) => one.code === code)?.value ?? NO_BYTES);

export const commentsOf = (options: readonly PcapngOption[]): string[] => options.filter(({ code }) => code === OPTION.comment).map(({ value }) => optionText(value));

/** A whole number of 4 or 8 bytes; null when it has another length. */
export function optionUint(value: Uint8Array | undefined, little: boolean): bigint | null {
  if (value?.length !== 4 && value?.length !== 8) return null;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return value.length === 4 ? BigInt(view.getUint32(0, little)) : view.getBigUint64(0, little);
}

export interface SectionHeader {
  readonly version: readonly [major: number, minor: number];
  readonly comments: readonly string[];
  readonly hardware: string;
  readonly os: string;
  readonly application: string;
}

/** The body of a section header block: byte-order magic, version, length (not used: it may be unknown), options. */
export function readSection(bytes: Uint8Array, start: number, end: number, little: boolean): SectionHeader {
  if (end - start < 16) throw new BlockFault('a section header is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = [view.getUint16(start + 4, little), view.getUint16(start + 6, little)] as const;
  const options = readOptions(bytes, start + 16, end, little);
  const text = (code: number): string => textOf(options, code);
  return { version, comments: commentsOf(options), hardware: text(SECTION_OPTION.hardware), os: text(SECTION_OPTION.os), application: text(SECTION_OPTION.application) };
}

export interface InterfaceDescription {
  readonly linkType: number;
  readonly snapLength: number;
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  readonly os: string;
  /** Parts of a second. */
  readonly resolution: number;
  /** Seconds to add. */
  readonly offset: number;
  /** Bits of the frame check sequence; null: not said. */
  readonly fcs: number | null;
}

export function readInterface(bytes: Uint8Array, start: number, end: number, little: boolean): InterfaceDescription {
  if (end - start < 8) throw new BlockFault('an interface description is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const options = readOptions(bytes, start + 8, end, little);
  const value = (code: number): Uint8Array | undefined => options.find((one) => one.code === code)?.value;
  const filter = value(INTERFACE_OPTION.filter);
  const offset = value(INTERFACE_OPTION.timeOffset);
  return {
    linkType: view.getUint16(start, little),
    snapLength: view.getUint32(start + 4, little),
    name: textOf(options, INTERFACE_OPTION.name),
    description: textOf(options, INTERFACE_OPTION.description),
    // The first byte says what it is: 0, a text (section 4.2).
    filter: filter?.[0] === 0 ? optionText(filter.subarray(1)) : '',
    os: textOf(options, INTERFACE_OPTION.os),
    resolution: resolutionOf(value(INTERFACE_OPTION.timeResolution)?.[0]),
    offset: offset?.length === 8 ? Number(new DataView(offset.buffer, offset.byteOffset, 8).getBigInt64(0, little)) : 0,
    fcs: value(INTERFACE_OPTION.fcsLength)?.[0] ?? null,
  };
}

/** if_tsresol: a power of 10, or of 2 where the highest bit is set; microseconds when it is not there. */
function resolutionOf(value: number | undefined): number {
  if (value === undefined) return 1_000_000;
  // Number('1e9') is the nearest double of the power, which 10 ** 23 is not.
  return value < 0x80 ? Number(`1e${value}`) : 2 ** (value & 0x7f);
}

/** Tells each name of a names block: the address as text, and the first of its names. Kinds that are not known are passed over. */
export function readNames(bytes: Uint8Array, start: number, end: number, little: boolean, tell: (address: string, name: string) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = start; end - at >= 4;) {
    const kind = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (kind === NAME_RECORD.end) return;
    if (padded(length) > end - at - 4) throw new BlockFault(`a name record of ${length} B goes on past the end of its block`);
    const value = bytes.subarray(at + 4, at + 4 + length);
    const size = { [NAME_RECORD.ipv4]: 4, [NAME_RECORD.ipv6]: 16, [NAME_RECORD.eui48]: 6, [NAME_RECORD.eui64]: 8 }[kind];
    if (size !== undefined && length > size) tell(addressText(value.subarray(0, size)), optionText(value.subarray(size)));
    at += 4 + padded(length);
  }
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return ipv4Text(bytes);
  return bytes.length === 16 ? ipv6Text(bytes) : toHex(bytes, ':');
}

/** Kind and bytes of decryption secrets (section 4.7). */
export function readSecrets(bytes: Uint8Array, start: number, end: number, little: boolean): { readonly kind: number; readonly data: Uint8Array } {
  if (end - start < 8) throw new BlockFault('decryption secrets are too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(start + 4, little);
  if (length > end - start - 8) throw new BlockFault(`secrets of ${length} B go on past the end of their block`);
  return { kind: view.getUint32(start, little), data: bytes.slice(start + 8, start + 8 + length) };
}
