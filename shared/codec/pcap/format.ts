// The header of a pcap file and of its records (draft-ietf-opsawg-pcap): what the magic number, the version and the link type say of how the rest
// is to be read, in all the variants that libpcap and Wireshark read. Knows one header at a time; the way through a file is packets/file.

/** Magic numbers, as the writer's byte order has them. */
export const PCAP_MAGIC = {
  microseconds: 0xa1b2c3d4,
  nanoseconds: 0xa1b23c4d,
  /** Kuznetzov's patch of 1999: longer record headers. */
  patched: 0xa1b2cd34,
  /** Ixia's lcap: the length of all records follows the header. Captured by hardware (ns) and by software (µs). */
  ixiaHardware: 0x1c0001ac,
  ixiaSoftware: 0x1c0001ab,
  navtel: 0xa12b3c4d,
} as const;

export const PCAP_HEADER = 24;
/** Bytes before each packet: seconds, parts of a second, bytes kept, bytes on the wire. */
export const PCAP_RECORD = 16;

export interface PcapHeader {
  readonly little: boolean;
  /** Bytes before the first record. */
  readonly length: number;
  readonly version: readonly [major: number, minor: number];
  /** Parts of a second that times count. */
  readonly resolution: 1_000_000 | 1_000_000_000;
  /** Lengths of a record's header that it may have, likeliest first: the file does not say which. */
  readonly records: readonly number[];
  /** The two lengths stand in the other order (before version 2.3; 2.3 itself: where they make no sense otherwise). */
  readonly swapped: 'no' | 'yes' | 'maybe';
  readonly snapLength: number;
  readonly linkType: number;
  /** Bits of a frame check sequence at the end of each packet; null: the file does not say. */
  readonly fcs: number | null;
}

/** Link types of AIX (RFC 1573 ifType values), which has version 2.2 and counts nanoseconds. */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([[6, 1], [9, 6], [15, 10], [24, 0]]);

/** Whether a file that begins so is a pcap. At least 4 bytes. */
export const isPcap = (bytes: Uint8Array): boolean => byteOrder(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) !== null;

/** True: little-endian. Null: no pcap. */
function byteOrder(view: DataView): boolean | null {
  const known: readonly number[] = Object.values(PCAP_MAGIC);
  if (view.byteLength < 4) return null;
  if (known.includes(view.getUint32(0, true))) return true;
  return known.includes(view.getUint32(0, false)) ? false : null;
}

/** The header of a file whose first 24 bytes are there. Null: no pcap. */
export function readPcapHeader(bytes: Uint8Array): PcapHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = byteOrder(view);
  if (little === null || bytes.length < PCAP_HEADER) return null;
  const magic = view.getUint32(0, little);
  const version = [view.getUint16(4, little), view.getUint16(6, little)] as const;
  const [major, minor] = version;
  const field = view.getUint32(20, little);
  const aix = magic === PCAP_MAGIC.microseconds && major === 2 && minor === 2 ? AIX_LINK_TYPES.get(field) : undefined;
  const nano = magic === PCAP_MAGIC.nanoseconds || magic === PCAP_MAGIC.ixiaHardware || aix !== undefined;
  const ixia = magic === PCAP_MAGIC.ixiaHardware || magic === PCAP_MAGIC.ixiaSoftware;
  return {
    little,
    length: ixia ? PCAP_HEADER + 4 : PCAP_HEADER,
    version,
    resolution: nano ? 1_000_000_000 : 1_000_000,
    records: recordLengths(magic, major, minor),
    swapped: major === 543 || (major === 2 && minor < 3) ? 'yes' : major === 2 && minor === 3 ? 'maybe' : 'no',
    snapLength: view.getUint32(16, little),
    // Section 4: FCS length in the upper four bits, in units of 16 bits, where bit 26 says that it is there.
    linkType: aix ?? field & 0xffff,
    fcs: (field & 0x04000000) === 0 ? null : (field >>> 28) * 16,
  };
}

/** 24: interface, protocol and packet type follow (patches of 1999-04-17 and 1999-10-29); 28: those and two processors (1999-09-15); 20: Nokia's four bytes. */
function recordLengths(magic: number, major: number, minor: number): readonly number[] {
  if (magic === PCAP_MAGIC.patched) return [24, 28];
  return magic === PCAP_MAGIC.microseconds && major === 2 && minor === 4 ? [PCAP_RECORD, 24, 20] : [PCAP_RECORD];
}
