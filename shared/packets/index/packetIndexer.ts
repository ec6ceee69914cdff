// Fills the columns of an open capture: the sink into which a reader of files pours its packets. A look at the headers, the flow, one row; what the
// bytes mean beyond that is asked of the codecs when a packet is shown. Makes no object a packet.

import type { CaptureInterface, CaptureSink } from '../captureFacts';
import { FlowTable } from '../flows/flowTable';
import { LinkTable } from '../flows/linkTable';
import { CHUNK, PACKET_FLAG, PacketTable } from '../packetTable';
import { HeaderScan } from './headers';
import { KIND } from './linkHeader';

const NO_LINK_TYPE = -1;

export class PacketIndexer implements CaptureSink {
  readonly table = new PacketTable();
  readonly flows = new FlowTable();
  readonly links = new LinkTable();
  readonly #scan = new HeaderScan();
  readonly #linkTypes: number[] = [];
  #bytes = 0;
  #firstSeconds = Infinity;
  #firstNanos = 0;
  #lastSeconds = -Infinity;
  #lastNanos = 0;

  /** Sum of the packets' bytes on the wire. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Seconds since 1970 and nanoseconds of the earliest and the latest packet; null: there are none. */
  get span(): { readonly first: readonly [number, number]; readonly last: readonly [number, number] } | null {
    return this.table.count === 0 ? null : { first: [this.#firstSeconds, this.#firstNanos], last: [this.#lastSeconds, this.#lastNanos] };
  }

  interface(one: CaptureInterface): void {
    this.#linkTypes.push(one.linkType);
  }

  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number, offset: number, comment: string): void {
    const scan = this.#scan;
    scan.scan(this.#linkTypes[iface] ?? NO_LINK_TYPE, bytes, start, captured, wire);
    const { table } = this;
    const number = table.count;
    const row = number & (CHUNK - 1);
    const chunk = table.append();
    chunk.flow[row] = this.flows.add(scan, bytes, number, wire);
    if (!chunk.fits(seconds, offset, captured, wire)) chunk.widen(seconds, offset, captured, wire);
    chunk.seconds[row] = seconds;
    chunk.nanos[row] = nanos;
    chunk.offset[row] = offset;
    chunk.wire[row] = wire;
    // Where it is one with `wire`, they are the same number.
    chunk.captured[row] = captured;
    if (iface !== 0) chunk.iface[row] = iface;
    chunk.kind[row] = scan.kind;
    chunk.flags[row] = comment === '' ? scan.flags : scan.flags | PACKET_FLAG.comment;
    if (scan.kind === KIND.tcp) {
      chunk.sequence[row] = scan.sequence;
      chunk.acknowledgment[row] = scan.acknowledgment;
      chunk.window[row] = scan.window;
    }
    chunk.payloadAt[row] = scan.payloadAt;
    chunk.payload[row] = scan.payload;
    if (scan.linkAt >= 0) chunk.link[row] = this.links.add(scan.view, scan.linkAt);
    this.#bytes += wire;
    this.#time(seconds, nanos);
  }

  #time(seconds: number, nanos: number): void {
    if (seconds > this.#lastSeconds || (seconds === this.#lastSeconds && nanos > this.#lastNanos)) {
      this.#lastSeconds = seconds;
      this.#lastNanos = nanos;
    }
    if (seconds < this.#firstSeconds || (seconds === this.#firstSeconds && nanos < this.#firstNanos)) {
      this.#firstSeconds = seconds;
      this.#firstNanos = nanos;
    }
  }
}
