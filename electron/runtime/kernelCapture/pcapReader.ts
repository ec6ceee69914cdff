// Takes a pcap file apart while it is being written (tcpdump's standard output): whole packets out of pieces of any size, as objects for the story.
// The format is read by shared/packets/file. No file of a stranger: damage throws.

import type { CaptureInterface } from '../../../shared/packets/captureFacts';
import { CaptureError } from '../../../shared/packets/file/captureError';
import { CaptureReader } from '../../../shared/packets/file/captureReader';

export interface PcapPacket {
  /** Microseconds since the epoch, with a fraction. */
  readonly time: number;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire. */
  readonly size: number;
}

export class PcapReader {
  #packets: PcapPacket[] = [];
  #linkType = 0;
  readonly #reader = new CaptureReader({
    interface: ({ linkType }: CaptureInterface) => {
      this.#linkType = linkType;
    },
    packet: (_iface, seconds, nanos, bytes, start, captured, wire) => {
      this.#packets.push({ time: seconds * 1e6 + nanos / 1000, linkType: this.#linkType, size: wire, bytes: bytes.slice(start, start + captured) });
    },
  }, { live: true });

  /** The next piece of the file; the packets that are whole now. Throws on what is no capture, and on damage. */
  push(piece: Uint8Array): PcapPacket[] {
    try {
      this.#reader.push(piece);
    } catch (thrown) {
      throw thrown instanceof CaptureError ? new Error(`what tcpdump writes is no pcap file: ${thrown.message}`) : thrown;
    }
    const { damage } = this.#reader.facts;
    if (damage !== null) throw new Error(`the capture is damaged: ${damage.why}`);
    const packets = this.#packets;
    this.#packets = [];
    return packets;
  }
}
