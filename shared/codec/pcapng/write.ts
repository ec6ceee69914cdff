// pcapng blocks as bytes (draft-ietf-opsawg-pcapng): section, interface, packet, names, secrets. Little-endian, times in nanoseconds.
// Knows nothing of traces: shared/trace/export decides what goes into a file.

import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';

const BLOCK = { section: 0x0a0d0d0a, interface: 1, names: 4, packet: 6, secrets: 10 } as const;
const OPTION = { end: 0, comment: 1, hardware: 2, os: 3, application: 4, interfaceName: 2, interfaceDescription: 3, timeResolution: 9 } as const;
/** Secrets of TLS in the format of an NSS key log: 'TLSK' (section 4.7). */
const TLS_KEY_LOG = 0x544c534b;
const NANOSECONDS = 9;

type Option = readonly [code: number, value: Uint8Array | string];

const padded = (length: number): number => (length + 3) & ~3;

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
  const length = 12 + body.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(uint32(type, length), ...body, uint32(length));
}

/** Of unknown length, as a file that grows has it. `application`: who wrote it. */
export function sectionBlock(application: string, comment = ''): Uint8Array<ArrayBuffer> {
  const all: Option[] = [...(comment === '' ? [] : [[OPTION.comment, comment] as const]), [OPTION.application, application]];
  return block(BLOCK.section, uint32(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff), options(all));
}

/** The first interface has number 0. */
export function interfaceBlock(linkType: number, name: string, description: string): Uint8Array<ArrayBuffer> {
  return block(BLOCK.interface, uint32(linkType, 0), options([[OPTION.interfaceName, name], [OPTION.interfaceDescription, description], [OPTION.timeResolution, new Uint8Array([NANOSECONDS])]]));
}

/** `time`: nanoseconds since 1970. `wire`: bytes of the packet as it was, of which `bytes` are here. */
export function packetBlock(interfaceId: number, time: bigint, bytes: Uint8Array, wire: number, comment = ''): Uint8Array<ArrayBuffer> {
  const head = uint32(interfaceId, Number((time >> 32n) & 0xffffffffn), Number(time & 0xffffffffn), bytes.length, wire);
  return block(BLOCK.packet, head, pad(bytes), options(comment === '' ? [] : [[OPTION.comment, comment]]));
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
    return concatBytes(uint32((address.length === 4 ? 1 : 2) | (value.length << 16)), pad(value));
  });
  return block(BLOCK.names, ...records, uint32(0));
}

/** Lines of an NSS key log. Must stand before the packets that they open. */
export function keysBlock(keyLog: string): Uint8Array<ArrayBuffer> {
  const bytes = utf8Bytes(keyLog);
  return block(BLOCK.secrets, uint32(TLS_KEY_LOG, bytes.length), pad(bytes));
}
