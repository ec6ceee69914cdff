// What a capture file says besides its packets: interfaces, names, keys, comments, custom blocks, and where it is damaged. Filled by the reader
// of files (file/) while it goes; read by the index, the dissector and the screens.

export interface CaptureInterface {
  /** Section of the file, from 0 (pcap: one). */
  readonly section: number;
  /** LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** Bytes of a packet that are kept at most; 0: all. */
  readonly snapLength: number;
  /** '' when the file does not say. */
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  readonly os: string;
  /** Parts of a second that its times count, and seconds to add (if_tsresol, if_tsoffset). */
  readonly resolution: number;
  readonly offset: number;
  /** Bits of the frame check sequence at the end of each packet, where the file says. */
  readonly fcs?: number;
}

export interface CustomBlock {
  /** Private enterprise number of who defined it. */
  readonly pen: number;
  /** What follows the number: data, and options if it has any, with what fills them up. */
  readonly data: Uint8Array;
  /** Of the data's first byte in the (expanded) file. */
  readonly offset: number;
}

export interface Damage {
  /** Of the block or packet that cannot be read, in the (expanded) file. */
  readonly offset: number;
  /** English, for people: 'a block of 7 B is shorter than 12'. */
  readonly why: string;
}

/** What is wrong, for whoever says it in another language. 'other': only `why` tells. */
export const DAMAGE_KINDS = ['cut', 'gzip', 'packetLength', 'blockLength', 'version', 'byteOrder', 'blockContent', 'interface', 'other'] as const;
export type DamageKind = (typeof DAMAGE_KINDS)[number];

export interface CaptureComplaint extends Pick<Damage, 'why'> {
  readonly kind: DamageKind;
}
export interface CaptureDamage extends Damage, CaptureComplaint {}

export interface CaptureFacts {
  readonly format: 'pcap' | 'pcapng';
  readonly gzip: boolean;
  /** Of the first section. */
  readonly byteOrder: 'little' | 'big';
  readonly interfaces: readonly CaptureInterface[];
  /** Address as text to name, later records win. */
  readonly names: ReadonlyMap<string, string>;
  /** NSS key log lines of the file's decryption secrets. */
  readonly keyLog: string;
  /** Of the sections. */
  readonly comments: readonly string[];
  readonly hardware: string;
  readonly os: string;
  readonly application: string;
  /** By packet number. */
  readonly packetComments: ReadonlyMap<number, string>;
  /** Packets that have other options too: flags, hashes, counts of drops. */
  readonly packetOptions: number;
  readonly custom: readonly CustomBlock[];
  /** Blocks by type, of all types that are in the file; pcap: none. */
  readonly blocks: ReadonlyMap<number, number>;
  /** Those of types that are not known, and were skipped. */
  readonly unknownBlocks: ReadonlyMap<number, number>;
  /** Packets that an interface dropped, by interface, where the file says so (isb_ifdrop). */
  readonly drops: ReadonlyMap<number, number>;
  /** What is over a bound of reading and not here, in English for people: 'custom blocks over 64 MiB'. */
  readonly leftOut: readonly string[];
  /** Where the file ends too early or goes wrong; null: it is whole. Everything before it is there. */
  readonly damage: CaptureDamage | null;
}

/** What a reader tells while it goes through a file. Numbers only, so that a million packets make no objects. */
export interface CaptureSink {
  /** The next interface; its number is the count so far. */
  interface(one: CaptureInterface): void;
  /**
   * The next packet: `captured` bytes from `start` of `bytes`, valid until this returns; `offset` is the first one's place in the file.
   * `comment`: '' when there is none.
   */
  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number, offset: number, comment: string): void;
  /** The next custom block, in its place among the packets. With this, CaptureFacts keeps none. `data` is the sink's own. */
  custom?(block: CustomBlock): void;
}
