// Fills a stretch: what PacketIndexer is for a whole capture, for packets of which nobody has read yet what was before them.

import type { CaptureInterface, CaptureSink } from '../captureFacts';
import { LINK_LIMIT, LinkTable } from '../flows/linkTable';
import { HeaderScan } from '../index/headers';
import { KIND } from '../index/linkHeader';
import { FlowRuns } from './flowRuns';
import { STRETCH_HEAD, STRETCH_ROWS, type Stretch } from './stretch';

const NO_LINK_TYPE = -1;
const MAX_32 = 0xffff_ffff;

export class StretchIndexer implements CaptureSink {
  #stretch: Stretch;
  readonly #runs: FlowRuns;
  #links = new LinkTable();
  readonly #scan = new HeaderScan();
  #linkTypes: number[] = [];
  #start = 0;
  #rows = 0;
  #bytes = 0;
  #cut = false;
  #interfaces = false;
  #tcp = false;
  #odd = false;
  #firstSeconds = Infinity;
  #firstNanos = 0;
  #lastSeconds = -Infinity;
  #lastNanos = 0;

  constructor(stretch: Stretch) {
    this.#stretch = stretch;
    this.#runs = new FlowRuns(stretch);
  }

  /** Goes on with an empty stretch that begins at byte `start` of the file, after these interfaces. */
  begin(stretch: Stretch, interfaces: readonly CaptureInterface[], start: number): void {
    this.#stretch = stretch;
    this.#runs.begin(stretch);
    this.#links = new LinkTable();
    this.#linkTypes = interfaces.map(({ linkType }) => linkType);
    this.#start = start;
    this.#rows = this.#bytes = this.#firstNanos = this.#lastNanos = 0;
    this.#cut = this.#interfaces = this.#tcp = this.#odd = false;
    this.#firstSeconds = Infinity;
    this.#lastSeconds = -Infinity;
  }

  /** Rows that there is still room for. */
  get room(): number {
    return STRETCH_ROWS - this.#rows;
  }

  /** Ends it before byte `end`. False: it holds what its columns cannot, and is of no use. */
  end(end: number, options: number): boolean {
    const { head, linkWords } = this.#stretch;
    this.#runs.end();
    const links = this.#links.count;
    linkWords.set(this.#links.words.subarray(0, (links + 1) * 3));
    head[STRETCH_HEAD.start] = this.#start;
    head[STRETCH_HEAD.end] = end;
    head[STRETCH_HEAD.rows] = this.#rows;
    head[STRETCH_HEAD.links] = links;
    head[STRETCH_HEAD.wireBytes] = this.#bytes;
    head[STRETCH_HEAD.options] = options;
    head[STRETCH_HEAD.cut] = this.#cut ? 1 : 0;
    head[STRETCH_HEAD.interfaces] = this.#interfaces ? 1 : 0;
    head[STRETCH_HEAD.tcp] = this.#tcp ? 1 : 0;
    head[STRETCH_HEAD.firstSeconds] = this.#firstSeconds;
    head[STRETCH_HEAD.firstNanos] = this.#firstNanos;
    head[STRETCH_HEAD.lastSeconds] = this.#lastSeconds;
    head[STRETCH_HEAD.lastNanos] = this.#lastNanos;
    return this.#rows > 0 && links < LINK_LIMIT && !this.#odd;
  }

  interface(one: CaptureInterface): void {
    this.#linkTypes.push(one.linkType);
  }

  packet(iface: number, seconds: number, nanos: number, bytes: Uint8Array, start: number, captured: number, wire: number, offset: number): void {
    const scan = this.#scan;
    scan.scan(this.#linkTypes[iface] ?? NO_LINK_TYPE, bytes, start, captured, wire);
    const { columns } = this.#stretch;
    const row = this.#rows++;
    columns.flow[row] = this.#runs.add(scan, bytes, row, wire);
    if (!(seconds >= 0 && seconds <= MAX_32)) this.#odd = true;
    if (captured !== wire) this.#cut = true;
    if (iface !== 0) this.#interfaces = true;
    columns.seconds[row] = seconds;
    columns.nanos[row] = nanos;
    columns.offset[row] = offset - this.#start;
    columns.wire[row] = wire;
    columns.captured[row] = captured;
    columns.iface[row] = iface;
    columns.kind[row] = scan.kind;
    columns.flags[row] = scan.flags;
    const tcp = scan.kind === KIND.tcp;
    if (tcp) this.#tcp = true;
    columns.sequence[row] = tcp ? scan.sequence : 0;
    columns.acknowledgment[row] = tcp ? scan.acknowledgment : 0;
    columns.window[row] = tcp ? scan.window : 0;
    columns.payloadAt[row] = scan.payloadAt;
    columns.payload[row] = scan.payload;
    columns.link[row] = scan.linkAt >= 0 ? this.#links.add(scan.view, scan.linkAt) : 0;
    this.#bytes += wire;
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
