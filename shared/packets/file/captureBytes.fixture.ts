// Capture files for tests, byte by byte and in either byte order, independent of the writers; and everything that a reader tells of them.

import { concatBytes } from '../../base/bytes';
import { utf8Bytes } from '../../base/bytesText';
import type { CaptureComplaint, CaptureFacts, CaptureInterface } from '../captureFacts';
import { CaptureReader } from './captureReader';

/** Numbers in their widths: `[value, bytes]`, and bytes as they are. */
export type Part = readonly [value: number | bigint, size: 1 | 2 | 4 | 8] | Uint8Array;

export function pack(little: boolean, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return concatBytes(...parts.map((part) => {
    if (part instanceof Uint8Array) return part;
    const [value, size] = part;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)));
    const used = bytes.slice(8 - size);
    return little ? used.reverse() : used;
  }));
}

export interface PcapRecord {
  readonly seconds: number;
  readonly parts: number;
  readonly bytes: string;
  readonly wire?: number;
  /** Bytes between the usual header and the packet. */
  readonly extra?: Uint8Array;
  /** The two lengths change places. */
  readonly swapped?: boolean;
}

export interface PcapShape {
  readonly little?: boolean;
  readonly magic?: number;
  readonly version?: readonly [number, number];
  readonly link?: number;
  readonly snap?: number;
  /** Between the header and the first record. */
  readonly after?: Uint8Array;
}

export function pcapBytes(records: readonly PcapRecord[], { little = true, magic = 0xa1b2c3d4, version = [2, 4], link = 1, snap = 65_535, after = new Uint8Array(0) }: PcapShape = {}): Uint8Array<ArrayBuffer> {
  return concatBytes(
    pack(little, [magic, 4], [version[0], 2], [version[1], 2], [0, 4], [0, 4], [snap, 4], [link, 4], after),
    ...records.map(({ seconds, parts, bytes, wire = bytes.length, extra = new Uint8Array(0), swapped = false }) => {
      const lengths = swapped ? [wire, bytes.length] as const : [bytes.length, wire] as const;
      return pack(little, [seconds, 4], [parts, 4], [lengths[0], 4], [lengths[1], 4], extra, utf8Bytes(bytes));
    }),
  );
}

const filled = (bytes: Uint8Array): Uint8Array => concatBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));

/** Blocks of pcapng in one byte order. Options are `[code, bytes or text]`. */
export function blocksIn(little: boolean) {
  type Options = readonly (readonly [code: number, value: Uint8Array | string])[];
  const options = (all: Options): Uint8Array => (all.length === 0 ? new Uint8Array(0) : concatBytes(...all.map(([code, value]) => {
    const bytes = typeof value === 'string' ? utf8Bytes(value) : value;
    return pack(little, [code, 2], [bytes.length, 2], filled(bytes));
  }), new Uint8Array(4)));
  const block = (type: number, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> => {
    const body = pack(little, ...parts);
    return pack(little, [type, 4], [12 + body.length, 4], body, [12 + body.length, 4]);
  };
  return {
    block,
    section: (all: Options = [], version: readonly [number, number] = [1, 0]) => block(0x0a0d0d0a, [0x1a2b3c4d, 4], [version[0], 2], [version[1], 2], [-1n, 8], options(all)),
    interface: (link: number, snap = 0, all: Options = []) => block(1, [link, 2], [0, 2], [snap, 4], options(all)),
    packet: (iface: number, time: bigint, bytes: string, all: Options = [], wire = bytes.length) => block(6, [iface, 4], [time >> 32n, 4], [time & 0xffffffffn, 4], [bytes.length, 4], [wire, 4], filled(utf8Bytes(bytes)), options(all)),
    oldPacket: (iface: number, time: bigint, bytes: string, all: Options = []) => block(2, [iface, 2], [7, 2], [time >> 32n, 4], [time & 0xffffffffn, 4], [bytes.length, 4], [bytes.length, 4], filled(utf8Bytes(bytes)), options(all)),
    simple: (bytes: string, wire = bytes.length) => block(3, [wire, 4], filled(utf8Bytes(bytes))),
    /** Records are `[kind, address, names]`. */
    names: (records: readonly (readonly [kind: number, address: readonly number[], names: string])[]) => block(4, ...records.map(([kind, address, names]) => {
      const value = concatBytes(Uint8Array.from(address), utf8Bytes(names));
      return pack(little, [kind, 2], [value.length, 2], filled(value));
    }), [0, 4]),
    statistics: (iface: number, all: Options) => block(5, [iface, 4], [0, 8], options(all)),
    secrets: (kind: number, text: string) => block(10, [kind, 4], [text.length, 4], filled(utf8Bytes(text))),
    custom: (pen: number, data: Uint8Array, type = 0x0bad) => block(type, [pen, 4], filled(data)),
    number: (value: number | bigint, size: 1 | 2 | 4 | 8) => pack(little, [value, size]),
  };
}

export interface ToldPacket {
  readonly iface: number;
  readonly time: readonly [seconds: number, nanos: number];
  readonly text: string;
  readonly wire: number;
  readonly offset: number;
  readonly comment: string;
}

export interface Told {
  readonly facts: CaptureFacts;
  readonly packets: readonly ToldPacket[];
  readonly interfaces: readonly CaptureInterface[];
}

/** A file given in pieces of this size. Throws as the reader does. */
export function tell(file: Uint8Array, piece = file.length || 1, complaint: CaptureComplaint | null = null): Told {
  const packets: ToldPacket[] = [];
  const interfaces: CaptureInterface[] = [];
  const reader = new CaptureReader({
    interface: (one) => interfaces.push(one),
    packet: (iface, seconds, nanos, bytes, start, captured, wire, offset, comment) => {
      if (start + captured > bytes.length) throw new Error(`${captured} B from ${start} of ${bytes.length}`);
      packets.push({ iface, time: [seconds, nanos], text: String.fromCharCode(...bytes.subarray(start, start + captured)), wire, offset, comment });
    },
  });
  for (let at = 0; at < file.length; at += piece) reader.push(file.slice(at, at + piece));
  return { facts: reader.end(complaint), packets, interfaces };
}
