// Fills the columns of an open capture: the sink into which a reader of files pours its packets. A look at the headers, the flow, one row; what the
// bytes mean beyond that is asked of the codecs when a packet is shown. Makes no object a packet.

import type { CaptureInterface, CaptureSink } from '../captureFacts';
import { FlowTable } from '../flows/flowTable';
import { LinkTable } from '../flows/linkTable';
import { PACKET_FLAG, PacketTable, type PacketValues } from '../packetTable';
import { HeaderScan } from './headers';

const NO_LINK_TYPE = -1;

export class PacketIndexer implements CaptureSink {
  readonly table = new PacketTable();
  readonly flows = new FlowTable();
  readonly links = new LinkTable();
  readonly #scan = new HeaderScan();
  readonly #linkTypes: number[] = [];
  readonly #values: PacketValues = {
    seconds: 0, nanos: 0, offset: 0, captured: 0, wire: 0, iface: 0, kind: 0, flow: 0, flags: 0, sequence: 0, acknowledgment: 0, window: 0, payloadAt: 0, payload: 0,
  };
  #bytes = 0;
  /** Seconds and nanoseconds of the earliest and the latest packet. */
  #least: readonly [number, number] = [Infinity, 0];
  readonly #greatest: [number, number] = [-Infinity, 0];

  /** Sum of the packets' bytes on the wire. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Seconds since 1970 and nanoseconds of the earliest and the latest packet; null: there are none. */
  get span(): { readonly first: readonly [number, number]; readonly last: readonly [number, number] } | null {
    return this.table.count === 0 ? null : { first: this.#least, last: [...this.#greatest] };
  }

  interface(one: CaptureInterface): void {
    this.#linkTypes.push(one.linkType);
  }

  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number, offset: number, comment: string): void {
    const scan = this.#scan;
    scan.scan(this.#linkTypes[iface] ?? NO_LINK_TYPE, bytes, start, captured, wire);
    const { table } = this;
    const number = table.count;
    const values = this.#values;
    values.flow = this.flows.add(scan, bytes, number, wire);
    values.seconds = seconds;
    values.nanos = nanos;
    values.offset = offset;
    values.captured = captured;
    values.wire = wire;
    values.iface = iface;
    values.kind = scan.kind;
    values.flags = comment === '' ? scan.flags : scan.flags | PACKET_FLAG.comment;
    values.sequence = scan.sequence;
    values.acknowledgment = scan.acknowledgment;
    values.window = scan.window;
    values.payloadAt = scan.payloadAt;
    values.payload = scan.payload;
    table.add(values);
    if (scan.linkAt >= 0) table.link(this.links.add(bytes, scan.linkAt));
    this.#bytes += wire;
    this.#time(seconds, nanos);
  }

  #time(seconds: number, nanos: number): void {
    const least = this.#least;
    if (seconds < least[0] || (seconds === least[0] && nanos < least[1])) this.#least = [seconds, nanos];
    const greatest = this.#greatest;
    // Nearly every packet comes here: no object is made.
    if (seconds > greatest[0] || (seconds === greatest[0] && nanos > greatest[1])) {
      greatest[0] = seconds;
      greatest[1] = nanos;
    }
  }
}
