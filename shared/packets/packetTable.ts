// The packets of a capture file as columns: what a list, a filter and an analysis need of each, 39 bytes a packet; the bytes themselves stay in
// the file. Filled by index/packetIndexer.ts from what a reader of files finds; read by number, from 0. Knows no file and no screen.

/** Packets of one chunk of columns: a power of two. */
export const CHUNK = 65_536;

/** Bits of `flags` above the nine of TCP (RFC 9293 3.1, AE of RFC 9768 at 0x100). */
export const PACKET_FLAG = {
  /** Sent by the flow's second end to its first. */
  reverse: 0x200,
  /** An IP fragment: all but the first have no ports. */
  fragment: 0x400,
  /** Its headers go on past what was kept, or cannot be: the codecs tell. */
  damaged: 0x800,
  /** The file has a comment on it. */
  comment: 0x1000,
  /** More than the columns tell: several IP headers (the innermost is in them), or reserved bits of TCP. */
  more: 0x2000,
} as const;

/** Packets of these flags have more in them than their columns say, or less. */
export const UNSURE = PACKET_FLAG.fragment | PACKET_FLAG.damaged | PACKET_FLAG.more;

/** What the headers say that it is, outermost wins nothing: TCP in IPv6 is 'tcp'. The order is part of saved views. */
export const PACKET_KINDS = ['other', 'arp', 'ip', 'ipv6', 'icmp', 'icmpv6', 'udp', 'tcp'] as const;
export type PacketKind = (typeof PACKET_KINDS)[number];

export interface PacketChunk {
  /** Whole seconds since 1970, and nanoseconds beside them. */
  readonly seconds: Uint32Array | Float64Array;
  readonly nanos: Uint32Array;
  /** Of the packet's first byte in the (expanded) file. */
  readonly offset: Uint32Array | Float64Array;
  /** Bytes that are in the file, and that were on the wire: the same column where nothing was cut off. */
  readonly captured: Uint16Array | Uint32Array;
  readonly wire: Uint16Array | Uint32Array;
  /** Index into CaptureFacts.interfaces. */
  readonly iface: Uint16Array;
  /** Index of PACKET_KINDS. */
  readonly kind: Uint8Array;
  /** Flow number from 1; 0: none (no IP). */
  readonly flow: Uint32Array;
  /** TCP's nine flags (0 for others) and PACKET_FLAG. */
  readonly flags: Uint16Array;
  /** As on the wire; 0 for others. */
  readonly sequence: Uint32Array;
  readonly acknowledgment: Uint32Array;
  readonly window: Uint16Array;
  /** Where the transport's payload begins in the packet, and how many bytes of it were on the wire. */
  readonly payloadAt: Uint16Array;
  readonly payload: Uint16Array | Uint32Array;
  /** Bits of TCP_ANALYSIS (analysis/); 0 until it has run. */
  readonly analysis: Uint16Array;
  /** Number of its pair of Ethernet addresses in LinkTable; 0: none, or too many. */
  readonly link: Uint16Array;
}

const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;

/** A chunk that is being filled. Columns begin narrow, and one that a number does not fit is made wider; what is 0 is not written, for memory that nobody wrote to costs none. */
export class FillingChunk implements PacketChunk {
  seconds: Uint32Array | Float64Array = new Uint32Array(CHUNK);
  readonly nanos = new Uint32Array(CHUNK);
  offset: Uint32Array | Float64Array = new Uint32Array(CHUNK);
  wire: Uint16Array | Uint32Array = new Uint16Array(CHUNK);
  captured = this.wire;
  readonly iface = new Uint16Array(CHUNK);
  readonly kind = new Uint8Array(CHUNK);
  readonly flow = new Uint32Array(CHUNK);
  readonly flags = new Uint16Array(CHUNK);
  readonly sequence = new Uint32Array(CHUNK);
  readonly acknowledgment = new Uint32Array(CHUNK);
  readonly window = new Uint16Array(CHUNK);
  readonly payloadAt = new Uint16Array(CHUNK);
  payload: Uint16Array | Uint32Array = new Uint16Array(CHUNK);
  readonly analysis = new Uint16Array(CHUNK);
  readonly link = new Uint16Array(CHUNK);

  /** Whether the columns hold these numbers as they are. */
  fits(seconds: number, offset: number, captured: number, wire: number): boolean {
    return captured === wire && wire <= MAX_16 && offset <= MAX_32 && seconds <= MAX_32 && seconds >= 0;
  }

  /** Makes room for numbers that are beyond the columns, or that differ where two columns are one. */
  widen(seconds: number, offset: number, captured: number, wire: number): void {
    if (!(seconds <= MAX_32 && seconds >= 0) && this.seconds instanceof Uint32Array) this.seconds = Float64Array.from(this.seconds);
    if (offset > MAX_32 && this.offset instanceof Uint32Array) this.offset = Float64Array.from(this.offset);
    if (captured !== wire && this.captured === this.wire) this.captured = this.wire.slice();
    if ((captured > MAX_16 || wire > MAX_16) && this.wire instanceof Uint16Array) {
      const whole = this.captured === this.wire;
      this.wire = Uint32Array.from(this.wire);
      this.captured = whole ? this.wire : Uint32Array.from(this.captured);
      // No payload is longer than its packet.
      this.payload = Uint32Array.from(this.payload);
    }
  }
}

export class PacketTable {
  readonly chunks: PacketChunk[] = [];
  #count = 0;
  #latest: FillingChunk | null = null;

  get count(): number {
    return this.#count;
  }

  /** Adds a packet: the chunk whose row (number % CHUNK, all zero) is to be filled with it. Its number was `count` before. */
  append(): FillingChunk {
    if ((this.#count++ & (CHUNK - 1)) === 0 || this.#latest === null) {
      this.#latest = new FillingChunk();
      this.chunks.push(this.#latest);
    }
    return this.#latest;
  }

  /** ns since whole seconds of the capture's first packet: exact within 104 days. Throws RangeError for a number that is not there. */
  time(number: number): number {
    const { chunk, row } = this.locate(number);
    return ((chunk.seconds[row] ?? 0) - (this.chunks[0]?.seconds[0] ?? 0)) * 1e9 + (chunk.nanos[row] ?? 0);
  }

  /** The chunk and the row in it of a packet. Throws RangeError for a number that is not there. */
  locate(number: number): { readonly chunk: PacketChunk; readonly row: number } {
    const chunk = this.chunks[Math.floor(number / CHUNK)];
    if (chunk === undefined || number < 0 || number >= this.#count) throw new RangeError(`packet ${number} of ${this.#count}`);
    return { chunk, row: number % CHUNK };
  }
}
