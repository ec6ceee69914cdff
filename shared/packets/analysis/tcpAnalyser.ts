// The analysis of TCP: one rising pass over the columns that finds what was lost, came twice, came late or stood still, with Wireshark 4.0's meaning
// of the words (User's Guide 7.5 "TCP Analysis"). Stops anywhere and goes on when more packets are there. What was in fragments of IP is left out.

import { TCP_FLAGS } from '../../codec/tcp/codec';
import { KNOWN } from '../flows/flowColumns';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { CHUNK, PACKET_FLAG, type PacketChunk, type PacketTable } from '../packetTable';
import { after, before, FAST_NS, notAfter, OUT_OF_ORDER_NS, within } from './sequence';
import { TCP_ANALYSIS } from './tcpAnalysis';
import { TcpConnections, TcpDirections, UNSEEN } from './tcpState';
import { WaitingSegments } from './waitingSegments';

const { SYN, ACK, FIN, RST, PSH } = TCP_FLAGS;
const RETRANSMISSION = TCP_ANALYSIS['tcp.analysis.retransmission'];
const FAST = TCP_ANALYSIS['tcp.analysis.fast_retransmission'] | RETRANSMISSION;
const SPURIOUS = TCP_ANALYSIS['tcp.analysis.spurious_retransmission'] | RETRANSMISSION;
const OUT_OF_ORDER = TCP_ANALYSIS['tcp.analysis.out_of_order'];
const DUPLICATE_ACK = TCP_ANALYSIS['tcp.analysis.duplicate_ack'];
const LOST = TCP_ANALYSIS['tcp.analysis.lost_segment'];
const ACK_LOST = TCP_ANALYSIS['tcp.analysis.ack_lost_segment'];
const KEEP_ALIVE = TCP_ANALYSIS['tcp.analysis.keep_alive'];
const KEEP_ALIVE_ACK = TCP_ANALYSIS['tcp.analysis.keep_alive_ack'];
const ZERO_WINDOW = TCP_ANALYSIS['tcp.analysis.zero_window'];
const ZERO_PROBE = TCP_ANALYSIS['tcp.analysis.zero_window_probe'];
const ZERO_PROBE_ACK = TCP_ANALYSIS['tcp.analysis.zero_window_probe_ack'];
const WINDOW_UPDATE = TCP_ANALYSIS['tcp.analysis.window_update'];
const WINDOW_FULL = TCP_ANALYSIS['tcp.analysis.window_full'];
const REUSED = TCP_ANALYSIS['tcp.analysis.reused_ports'];

export class TcpAnalyser {
  readonly directions = new TcpDirections();
  readonly connections = new TcpConnections();
  readonly #segments = new WaitingSegments();
  readonly #alone: boolean;
  #next = 0;
  /** Whole seconds of the capture's first packet: times count from there, as in PacketTable. */
  #base = 0;
  /** Of the packet analysed last; numbers of packets -1 and times NaN where there are none. */
  bits = 0;
  /** It was looked into for what is under way, be there something to tell or not. */
  looked = false;
  acksFrame = -1;
  ackRtt = Number.NaN;
  inFlight = 0;
  pushBytes = 0;
  duplicateNumber = 0;
  duplicateFrame = -1;
  rto = Number.NaN;
  rtoFrame = -1;
  completenessBefore = 0;
  /** The packet before it in its flow; itself where it is the first. */
  before = 0;

  /** `only`: analyses one flow alone and writes nothing into the table; 0: every flow, on demand; left out: writes the analysis column. */
  constructor(private readonly table: PacketTable, private readonly flows: FlowTable, private readonly only?: number) {
    this.#alone = only !== undefined && only > 0;
    if (only !== undefined && only > 0) this.#next = flows.columns.first[only] ?? 0;
  }

  /** Row of a flow in `connections`, and half of its rows in `directions`: who analyses one flow alone has no rows for the others. */
  readonly rowOf = (flow: number): number => (this.#alone ? 0 : flow);

  /** Number of the packet that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Goes on up to packet `end` (not included) or the table's end, at most `most` packets. True: it is there. */
  advance(end: number = this.table.count, most = Infinity): boolean {
    const stop = Math.min(end, this.table.count, this.#next + most);
    this.directions.ensure((this.rowOf(this.flows.count) + 1) * 2);
    this.connections.ensure(this.rowOf(this.flows.count) + 1);
    this.#base = this.table.chunks[0]?.seconds[0] ?? 0;
    const { only } = this;
    while (this.#next < stop) {
      const chunk = this.table.chunks[Math.floor(this.#next / CHUNK)];
      if (chunk === undefined) return true;
      const first = this.#next % CHUNK;
      const last = Math.min(CHUNK, first + stop - this.#next);
      const number = this.#next - first;
      for (let row = first; row < last; row++) {
        const flow = chunk.flow[row] ?? 0;
        if (chunk.kind[row] !== KIND.tcp || flow === 0 || (only !== undefined && only > 0 && flow !== only)) continue;
        this.#packet(chunk, row, number + row);
        if (only === undefined) chunk.analysis[row] = this.bits;
      }
      this.#next += last - first;
    }
    return this.#next >= Math.min(end, this.table.count);
  }

  #packet(chunk: PacketChunk, row: number, number: number): void {
    const flow = chunk.flow[row] ?? 0;
    const flags = chunk.flags[row] ?? 0;
    const side = (flags & PACKET_FLAG.reverse) === 0 ? 0 : 1;
    const time = ((chunk.seconds[row] ?? 0) - this.#base) * 1e9 + (chunk.nanos[row] ?? 0);
    const sequence = chunk.sequence[row] ?? 0;
    this.bits = this.inFlight = this.pushBytes = this.duplicateNumber = 0;
    this.acksFrame = this.duplicateFrame = this.rtoFrame = -1;
    this.ackRtt = this.rto = Number.NaN;
    this.looked = false;
    const { connections } = this;
    const own = this.rowOf(flow);
    const f = own * 2 + side;
    const isNew = connections.begun[own] === 0;
    this.before = connections.begin(own, number, this.flows.columns.reused[flow] === 1);
    this.completenessBefore = connections.completeness[own] ?? 0;
    if ((flags & SYN) !== 0) this.#reuse(flow, side, flags, sequence, number);
    const payload = chunk.payload[row] ?? 0;
    if (this.only !== undefined) this.directions.sacked[f] = this.flows.sacks.of(number);
    if ((flags & PACKET_FLAG.fragment) === 0 && (chunk.payloadAt[row] ?? 0) > 0) {
      this.#segment(f, own * 2 + 1 - side, own, number, sequence, chunk.acknowledgment[row] ?? 0, payload, flags, chunk.window[row] ?? 0, time);
    }
    connections.complete(own, flags, payload, isNew);
    connections.shake(own, flags, time);
    if ((flags & (SYN | FIN)) !== 0) connections.turn(own, side, flags);
    if ((flags & SYN) !== 0) this.#scales(flow, side, (flags & ACK) !== 0, number);
    if ((flags & (SYN | ACK)) !== 0) this.directions.firstAck[f] = (flags & SYN) === 0 ? 0 : 1;
  }

  /** A SYN for addresses and ports that had one before: a new connection (FlowTable told) or the same once more. */
  #reuse(flow: number, side: 0 | 1, flags: number, sequence: number, number: number): void {
    const d = this.directions;
    const { columns } = this.flows;
    const at = this.rowOf(flow) * 2 + side;
    if (columns.first[flow] === number) {
      if (columns.reused[flow] === 1) this.bits |= REUSED;
    } else if ((flags & ACK) === 0) {
      // The same SYN again: numbers that a reset set astray are put right.
      if (d.based[at] === 1) d.nextSequence[at] = d.maxToBeAcked[at] ?? 0;
    } else if (d.based[at] === 1 && d.base[at] !== sequence) {
      d.base[at] = sequence;
      this.bits |= REUSED;
    }
  }

  #countFrom(at: number, base: number): void {
    const d = this.directions;
    if (d.based[at] === 1) return;
    d.based[at] = 1;
    d.base[at] = base;
  }

  /** The rules, in Wireshark's order. `f`: rows of the direction of this segment; `r`: of the other. */
  #segment(f: number, r: number, flow: number, number: number, sequence: number, ack: number, payload: number, flags: number, window: number, time: number): void {
    const d = this.directions;
    this.#countFrom(f, (flags & SYN) === 0 ? sequence - 1 : sequence);
    if ((flags & ACK) !== 0) {
      this.#countFrom(r, ack - 1);
      d.inFlightKnown[r] = 1;
    }
    const next = d.nextSequence[f] ?? 0;
    const lastAck = d.lastAck[f] ?? 0;
    const control = (flags & (SYN | FIN | RST)) !== 0;
    if (payload === 1 && sequence === next && d.window[r] === 0) this.bits |= ZERO_PROBE;
    else this.#window(f, r, number, sequence, ack, payload, flags, window, next, lastAck, control);
    if (ack !== lastAck) {
      d.lastFresh[f] = number;
      d.duplicates[f] = 0;
    }
    if ((flags & ACK) !== 0) this.#unseen(r, ack);
    const counts = (flags & (SYN | FIN)) !== 0;
    if (payload > 0 || counts) this.#again(f, r, flow, sequence, payload, counts, time, next);
    this.#remember(f, number, sequence, payload, counts, time);
    d.window[f] = window;
    d.lastAck[f] = ack;
    d.lastAckTime[f] = time;
    d.lastBits[f] = this.bits;
    const acked = this.#segments.acknowledge(d, r, ack);
    if (acked !== 0) [this.acksFrame, this.ackRtt] = [this.#segments.frame[acked] ?? 0, time - (this.#segments.time[acked] ?? 0)];
    if (this.only !== undefined && payload > 0) this.#flight(f, r, payload, flags);
  }

  /** Windows, gaps, keep-alives and duplicate ACKs. */
  #window(f: number, r: number, number: number, sequence: number, ack: number, payload: number, flags: number, window: number, next: number, lastAck: number, control: boolean): void {
    const d = this.directions;
    if (window === 0 && !control) this.bits |= ZERO_WINDOW;
    if (next !== 0 && (flags & RST) === 0 && after(sequence, next)) {
      this.bits |= LOST;
      d.inFlightKnown[f] = 0;
    }
    if (control) return;
    if (payload <= 1 && sequence === ((next - 1) >>> 0)) this.bits |= KEEP_ALIVE;
    if (payload > 0) {
      const scale = d.scale[r] ?? -1;
      const shift = d.firstAck[r] === 1 || scale < 0 ? 0 : scale;
      if (scale !== -1 && (sequence + payload) >>> 0 === ((d.lastAck[r] ?? 0) + ((d.window[r] ?? 0) << shift)) >>> 0) this.bits |= WINDOW_FULL;
      return;
    }
    if (sequence !== next || ack !== lastAck) return;
    if (window !== d.window[f]) {
      if (window !== 0) this.bits |= WINDOW_UPDATE;
      return;
    }
    if (window === 0) {
      if (((d.lastBits[r] ?? 0) & ZERO_PROBE) !== 0) this.bits |= ZERO_PROBE_ACK;
    } else if (((d.lastBits[r] ?? 0) & KEEP_ALIVE) !== 0) this.bits |= KEEP_ALIVE_ACK;
    else {
      const duplicates = d.duplicates[f] ?? 0;
      d.duplicates[f] = duplicates === UNSEEN ? 1 : duplicates + 1;
      this.bits |= DUPLICATE_ACK;
      this.duplicateNumber = d.duplicates[f] ?? 0;
      this.duplicateFrame = d.lastFresh[f] ?? 0;
    }
  }

  /** An ACK of what was never captured: told once for each gap. */
  #unseen(r: number, ack: number): void {
    const d = this.directions;
    const most = d.maxToBeAcked[r] ?? 0;
    if (most === 0 || !after(ack, most)) return;
    this.looked = true;
    const next = d.nextSequence[r] ?? 0;
    if (before(most, next)) {
      d.maxToBeAcked[r] = next;
      this.bits |= ACK_LOST;
    } else {
      if (d.duplicates[r] === 0) this.bits |= ACK_LOST;
      d.duplicates[r] = UNSEEN;
    }
  }

  /** A segment that does not go on where the last ended: sent again, or late. */
  #again(f: number, r: number, flow: number, sequence: number, payload: number, counts: boolean, time: number, next: number): void {
    const d = this.directions;
    if ((this.bits & KEEP_ALIVE) !== 0) return;
    const acked = d.lastAck[r] ?? 0;
    const back = next !== 0 && before(sequence, next) && !(payload > 1 && ((next - 1) >>> 0) === sequence);
    if (payload > 0 && acked !== 0 && notAfter((sequence + payload) >>> 0, acked)) {
      this.bits |= SPURIOUS;
      return;
    }
    if (!back) return;
    if ((d.duplicates[r] ?? 0) >= 2 && acked === sequence && within(time - (d.lastAckTime[r] ?? 0), FAST_NS)) {
      this.bits |= FAST;
      return;
    }
    const rtt = this.connections.firstRtt[flow] ?? Number.NaN;
    const end = (sequence + payload + (counts ? 1 : 0)) >>> 0;
    if (within(time - (d.nextTime[f] ?? 0), Number.isNaN(rtt) ? OUT_OF_ORDER_NS : rtt) && next !== end) {
      this.bits |= OUT_OF_ORDER;
      return;
    }
    this.bits |= RETRANSMISSION;
    this.rto = time - (d.nextTime[f] ?? 0);
    this.rtoFrame = d.nextFrame[f] ?? 0;
    if (this.only === undefined) return;
    const segments = this.#segments;
    for (let entry = d.head[f] ?? 0; entry !== 0; entry = segments.link[entry] ?? 0) {
      this.rto = time - (segments.time[entry] ?? 0);
      this.rtoFrame = segments.frame[entry] ?? 0;
    }
  }

  #remember(f: number, number: number, sequence: number, payload: number, counts: boolean, time: number): void {
    const d = this.directions;
    let end = (sequence + payload) >>> 0;
    if (payload > 0 || counts) {
      if (counts) end = (end + 1) >>> 0;
      this.#segments.add(d, f, sequence, end, number, time);
    }
    const next = d.nextSequence[f] ?? 0;
    const probe = (this.bits & ZERO_PROBE) !== 0;
    if ((next === 0 || after(end, next)) && !probe) {
      d.nextSequence[f] = end;
      d.nextFrame[f] = number;
      d.nextTime[f] = time;
    }
    const most = d.maxToBeAcked[f] ?? 0;
    if ((most === 0 || sequence === most) && !probe) d.maxToBeAcked[f] = d.nextSequence[f] ?? 0;
  }

  /** Bytes that were sent and not acknowledged, this segment's among them, and those since the last PSH. */
  #flight(f: number, r: number, payload: number, flags: number): void {
    const d = this.directions;
    if (d.head[f] === 0 || d.inFlightKnown[f] === 0) return;
    this.looked = true;
    const flight = (this.#segments.span(d, f) - (d.sacked[r] ?? 0)) >>> 0;
    if (flight > 0 && flight < 2_000_000_000) this.inFlight = flight - ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    const fresh = d.pushed[f] === 1;
    d.pushBytes[f] = fresh ? payload : (d.pushBytes[f] ?? 0) + payload;
    d.pushed[f] = (flags & PSH) === 0 ? 0 : 1;
    if (this.inFlight > 0) this.pushBytes = d.pushBytes[f] ?? 0;
  }

  /** RFC 7323 2.2: windows are scaled when both SYNs said so. */
  #scales(flow: number, side: 0 | 1, acknowledges: boolean, number: number): void {
    const { scale } = this.directions;
    const { columns } = this.flows;
    const own = this.rowOf(flow);
    const [f, r, at] = [own * 2 + side, own * 2 + 1 - side, flow * 2 + side];
    if (((columns.known[flow] ?? 0) & (KNOWN.scale << side)) !== 0 && (columns.scaledAt[at] ?? 0) <= number) {
      const shift = this.flows.rescaled.get(number) ?? columns.shift[at] ?? 0;
      if (shift >= 0) scale[f] = shift;
    }
    if (scale[f] === -1) scale[f] = scale[r] = -2;
    else if (acknowledges && scale[r] === -2) scale[f] = -2;
  }
}
