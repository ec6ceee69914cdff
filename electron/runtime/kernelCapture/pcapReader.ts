// Takes a pcap file apart while it is being written (tcpdump's standard output): whole packets out of pieces of any size.
// Format: draft-ietf-opsawg-pcap, sections 4 and 5. Either byte order, micro- or nanoseconds. No file of a stranger: damage throws.

export interface PcapPacket {
  /** Microseconds since the epoch, with a fraction. */
  readonly time: number;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly size: number;
}

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
/** No packet of an interface is longer (LIMITS of the snap length asked for). */
const LONGEST = 262_144;

interface FileHeader {
  readonly little: boolean;
  /** Parts of a second in the second field of a time. */
  readonly parts: number;
  readonly linkType: number;
}

export class PcapReader {
  private rest = new Uint8Array(0);
  private header: FileHeader | null = null;

  /** The next piece of the file; the packets that are whole now. Throws on what is no pcap. */
  push(piece: Uint8Array): PcapPacket[] {
    const bytes = new Uint8Array(this.rest.length + piece.length);
    bytes.set(this.rest);
    bytes.set(piece, this.rest.length);
    const view = new DataView(bytes.buffer);
    const packets: PcapPacket[] = [];
    let at = 0;
    if (this.header === null) {
      if (bytes.length < FILE_HEADER) {
        this.rest = bytes;
        return packets;
      }
      this.header = readHeader(view);
      at = FILE_HEADER;
    }
    const { little, parts, linkType } = this.header;
    while (bytes.length - at >= PACKET_HEADER) {
      const kept = view.getUint32(at + 8, little);
      if (kept > LONGEST) throw new Error(`the capture is damaged: a packet of ${kept} bytes`);
      if (bytes.length - at < PACKET_HEADER + kept) break;
      const time = view.getUint32(at, little) * 1e6 + (view.getUint32(at + 4, little) / parts) * 1e6;
      packets.push({ time, linkType, size: view.getUint32(at + 12, little), bytes: bytes.subarray(at + PACKET_HEADER, at + PACKET_HEADER + kept) });
      at += PACKET_HEADER + kept;
    }
    this.rest = bytes.slice(at);
    return packets;
  }
}

function readHeader(view: DataView): FileHeader {
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    // The upper bits of the last field tell of frame check sequences.
    if (magic === MICROSECONDS || magic === NANOSECONDS) return { little, parts: magic === NANOSECONDS ? 1e9 : 1e6, linkType: view.getUint32(20, little) & 0xffff };
  }
  throw new Error('what tcpdump writes is no pcap file');
}
