// The way through a pcap file: its header, then record after record (draft-ietf-opsawg-pcap, section 5). No object for a packet.

import { PCAP_HEADER, PCAP_RECORD, readPcapHeader, type PcapHeader } from '../../codec/pcap/format';
import { CaptureError } from './captureError';
import type { FactsBuilder } from './factsBuilder';
import { CAPTURE_LIMITS, longestPacket } from './limits';
import { recordHeaderLength, recordLengths } from './pcapVariant';
import type { Scanner } from './scanner';

const NANOS = 1_000_000_000;

export class PcapScanner implements Scanner {
  need = PCAP_HEADER;
  #header: PcapHeader | null = null;
  #record = 0;
  #longest: number = CAPTURE_LIMITS.packet;

  /** `live`: of a program that writes now, whose first packet must not wait for a second one: no variants. */
  constructor(private readonly facts: FactsBuilder, private readonly live: boolean) {}

  get begun(): boolean {
    return this.#header !== null;
  }

  scan(bytes: Uint8Array, view: DataView, start: number, end: number, base: number): number {
    let at = start;
    if (this.#header === null) {
      if (end - start < this.need) return start;
      const header = this.#open(bytes.subarray(start, start + PCAP_HEADER));
      this.need = header.length;
      if (end - start < header.length) return start;
      this.#header = header;
      this.#begin(header);
      at += header.length;
    }
    if (this.#record === 0 && !this.#choose(view, this.#header, at, end, false)) return at;
    return this.#records(bytes, view, this.#header, at, end, base);
  }

  finish(bytes: Uint8Array, view: DataView, start: number, end: number, base: number): number {
    if (this.#header === null || this.#record !== 0) return start;
    this.#choose(view, this.#header, start, end, true);
    return this.#records(bytes, view, this.#header, start, end, base);
  }

  /** The header of a file; `need` grows when it is longer than this. */
  #open(bytes: Uint8Array): PcapHeader {
    const header = readPcapHeader(bytes);
    if (header === null) throw new CaptureError('NOT_A_CAPTURE', 'it is no pcap file');
    const [major, minor] = header.version;
    if (major < 2) throw new CaptureError('CAPTURE_VERSION', `pcap files of version ${major}.${minor} are not read: 2.0 to 2.4 are`);
    return header;
  }

  #begin(header: PcapHeader): void {
    const { linkType, snapLength, resolution, fcs } = header;
    this.#longest = longestPacket(linkType);
    this.need = PCAP_RECORD;
    this.facts.byteOrder = header.little ? 'little' : 'big';
    this.facts.addInterface(0, { linkType, snapLength, resolution, name: '', description: '', filter: '', os: '', offset: 0, fcs });
  }

  /** Finds how long a record's header is. False: more bytes are needed for that. */
  #choose(view: DataView, header: PcapHeader, at: number, end: number, last: boolean): boolean {
    const found = this.live ? (header.records[0] ?? PCAP_RECORD) : recordHeaderLength(view, at, end, header, this.#longest, last);
    if (found > 0) this.#record = found;
    if (found > PCAP_RECORD) this.facts.leave('what a patched writer put before each packet: its interface, protocol and direction');
    this.need = Math.abs(found);
    return found > 0;
  }

  #records(bytes: Uint8Array, view: DataView, header: PcapHeader, start: number, end: number, base: number): number {
    const { facts } = this;
    const { sink } = facts;
    const { little, resolution } = header;
    const plain = header.swapped === 'no';
    const record = this.#record;
    const scale = NANOS / resolution;
    let at = start;
    while (end - at >= record) {
      const captured = plain ? view.getUint32(at + 8, little) : recordLengths(view, at, header)[0];
      if (captured > this.#longest) {
        facts.damage = { offset: base + at, kind: 'packetLength', why: `a packet of ${captured} B: more than ${this.#longest}` };
        return at;
      }
      if (end - at < record + captured) {
        this.need = record + captured;
        return at;
      }
      const wire = plain ? view.getUint32(at + 12, little) : recordLengths(view, at, header)[1];
      let seconds = view.getUint32(at, little);
      let parts = view.getUint32(at + 4, little);
      if (parts >= resolution) {
        // Some writers let the parts run over a second: it is the same time.
        seconds += Math.floor(parts / resolution);
        parts %= resolution;
      }
      sink.packet(0, seconds, parts * scale, bytes, at + record, captured, wire, base + at + record, '');
      facts.packets++;
      at += record + captured;
    }
    this.need = record;
    return at;
  }
}
