// The flows of a stretch by themselves: runs of packets between the same ends, a new run at each SYN, for only who knows the packets before it can say
// whether that is a new connection. Keeps which packets FlowTable.adopt has to look at once more: few.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import { KNOWN } from '../flows/flowColumns';
import { flowKind, FlowSlots, type FlowKeys } from '../flows/flowSlots';
import { BOTH_BASES, shiftOf } from '../flows/flowTable';
import { sackedBytes } from '../flows/sackList';
import type { HeaderScan } from '../index/headers';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG } from '../packetTable';
import { STRETCH_EVENT, STRETCH_HEAD, type Stretch } from './stretch';

const SYN_ACK = TCP_FLAGS.SYN | TCP_FLAGS.ACK;

export class FlowRuns extends FlowSlots {
  #stretch: Stretch;
  columns: FlowKeys;
  #count = 0;
  #events = 0;
  #sacks = 0;
  /** Bits of KNOWN a run, as far as this stretch tells. */
  #known = new Uint8Array(1024);

  constructor(stretch: Stretch) {
    super();
    this.#stretch = stretch;
    this.columns = stretch.runs;
  }

  /** Goes on with another stretch. */
  begin(stretch: Stretch): void {
    this.#stretch = stretch;
    this.columns = stretch.runs;
    this.#count = this.#events = this.#sacks = 0;
    this.clear();
  }

  /** Writes how many there are of all. */
  end(): void {
    const { head } = this.#stretch;
    head[STRETCH_HEAD.runs] = this.#count;
    head[STRETCH_HEAD.events] = this.#events;
    head[STRETCH_HEAD.sacks] = this.#sacks;
  }

  /** Run of a packet just scanned; sets the reverse flag of `scan` as the run has it. 0: it has no addresses. */
  add(scan: HeaderScan, bytes: Uint8Array, row: number, wire: number): number {
    if (scan.version === 0) return 0;
    const kind = flowKind(scan);
    const { flags } = scan;
    const slot = this.find(scan, kind);
    let run = this.slots[slot] ?? 0;
    let event = false;
    if (run === 0 || (kind === KIND.tcp && (flags & SYN_ACK) === TCP_FLAGS.SYN)) {
      run = this.#begin(scan, kind, run === 0 ? this.take(slot) : slot);
      event = true;
    }
    const { side } = this;
    if (kind === KIND.tcp && ((flags & TCP_FLAGS.SYN) !== 0 || ((this.#known[run] ?? 0) & BOTH_BASES) !== BOTH_BASES)) {
      // What FlowTable learns from it, it knows then: it may know more, never less.
      if (scan.payloadAt > 0 && (flags & PACKET_FLAG.fragment) === 0) this.#known[run] = (this.#known[run] ?? 0) | (KNOWN.base << side) | ((flags & TCP_FLAGS.ACK) === 0 ? 0 : KNOWN.base << (1 - side));
      event = true;
    }
    const stretch = this.#stretch;
    if (event) {
      stretch.eventRow[this.#events] = row;
      stretch.eventTold[this.#events++] = (scan.payloadAt > 0 ? STRETCH_EVENT.payload : 0) | ((shiftOf(scan, bytes) + 1) << STRETCH_EVENT.shiftAt);
    }
    if (scan.optionsEnd > scan.optionsAt) {
      const size = sackedBytes(bytes, scan.view, scan.optionsAt, scan.optionsEnd);
      if (size !== 0) {
        stretch.sackRow[this.#sacks] = row;
        stretch.sackSize[this.#sacks++] = size;
      }
    }
    if (side === 1) scan.flags = flags | PACKET_FLAG.reverse;
    const { runs } = stretch;
    const at = (run << 1) | side;
    runs.packets[at] = (runs.packets[at] ?? 0) + 1;
    runs.bytes[at] = (runs.bytes[at] ?? 0) + wire;
    runs.last[run] = row;
    return run;
  }

  #begin(scan: HeaderScan, kind: number, slot: number): number {
    const run = ++this.#count;
    const { runs } = this.#stretch;
    runs.kind[run] = kind;
    runs.version[run] = scan.version;
    runs.addresses.set(this.words.subarray(0, 8), run * 8);
    runs.ports[run] = ((scan.sourcePort << 16) | scan.destinationPort) >>> 0;
    runs.packets[run * 2] = runs.packets[run * 2 + 1] = 0;
    runs.bytes[run * 2] = runs.bytes[run * 2 + 1] = 0;
    if (run >= this.#known.length) {
      const wider = new Uint8Array(run * 2);
      wider.set(this.#known);
      this.#known = wider;
    }
    this.#known[run] = 0;
    this.slots[slot] = run;
    this.side = 0;
    return run;
  }
}
