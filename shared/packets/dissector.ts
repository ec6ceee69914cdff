// What the dissection of whole packets promises: layers of a packet with what other packets tell about it. A frame alone is codec/dissect.ts; here
// fragments are put together, streams reassembled, sessions decrypted and TCP analysed. Implemented in dissection/.

import type { DissectedLayer } from '../codec/dissect';

/** Where the packets are. Reading may throw what reading a file throws. */
export interface PacketBytes {
  /** The captured bytes of a packet, by number from 0. */
  bytes(number: number): Uint8Array;
}

/** Bytes that a tree's ranges count in: the frame, or what was put together or opened from several. */
export interface PacketSource {
  /** 'frame', 'reassembled', 'decrypted', ... As Wireshark names its byte tabs. */
  readonly name: 'frame' | 'reassembled' | 'decrypted' | 'decompressed' | 'defragmented';
  readonly bytes: Uint8Array;
}

export interface PacketLayer extends DissectedLayer {
  /** Index into `sources` of the packet. */
  readonly source: number;
}

export interface DissectedPacket {
  readonly number: number;
  readonly sources: readonly PacketSource[];
  /** 'frame' first (generated fields: numbers, times, lengths), then outermost to innermost; a packet in which several messages end has several of a protocol. */
  readonly layers: readonly PacketLayer[];
  /** Wireshark's columns: the innermost protocol that says something ('HTTP', 'TLSv1.3'), and one line of English about it. */
  readonly protocol: string;
  readonly info: string;
  /** What is wrong or worth knowing, worst first. */
  readonly trouble: 'none' | 'chat' | 'note' | 'warn' | 'error';
}

/** What somebody asks for of packets: what is not needed for it may be left out of their trees. */
export interface AskedFields {
  /** Fields of a protocol's header, by Wireshark's name of it. */
  asks(protocol: string): boolean;
  /** False: of what TCP and UDP carry alone; then layers of headers may be left out. */
  readonly headers: boolean;
  /** What only the streams of TCP tell: the messages in them, and what segments are parts of. */
  readonly streams: boolean;
}

export interface PacketDissector {
  /**
   * One packet. In rising order this is one pass over the file; out of order, the flow's packets before it are read first, within limits.
   * Never throws for what the bytes are.
   */
  dissect(number: number): DissectedPacket;
  /** The same without words for people, and without the frame's own layer unless it is asked for: for filters. `asked`: trees need no other fields than these. */
  layers(number: number, frame: boolean, asked?: AskedFields): Pick<DissectedPacket, 'layers' | 'sources'>;
  /**
   * The protocols of the messages of a TCP stream that end in a packet, without their trees; a record of TLS that says nothing but bytes is SEALED, HTTP without a head HEADLESS. Null: the
   * packet is more, or less, than TCP with a stream, and its dissection tells.
   */
  speaks(number: number): readonly string[] | null;
  /** Packets of its flow that are read again when this one is asked for; counted up to `most`. */
  before(number: number, most: number): number;
  /** Reads so many of them at most, then some of those that tell where it is answered. True: all are, and this packet takes no longer than any other. */
  prepare(number: number, most: number): boolean;
}

/** Application data of TLS that nobody opened. */
export const SEALED = 'tls:sealed';
/** Bytes where a message of HTTP was to begin. */
export const HEADLESS = 'http:headless';
/** A header of DNS, and bytes behind it that are no question and no record. */
export const BARE = 'dns:bare';
