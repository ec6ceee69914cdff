// The graphs of one direction of a TCP connection: sequence numbers over time, throughput, round-trip time, window. Runs the analysis once more over the
// flow's packets and keeps what the picture needs.

import { never } from '../../base/assert';
import { TCP_FLAGS } from '../../codec/tcp/codec';
import { TcpAnalyser } from '../analysis/tcpAnalyser';
import { TCP_ANALYSIS } from '../analysis/tcpAnalysis';
import type { FlowTable } from '../flows/flowTable';
import { KIND } from '../index/linkHeader';
import { CHUNK, PACKET_FLAG, type PacketTable } from '../packetTable';
import type { GraphKind, GraphSeries } from '../session';
import { originOf, timeIn } from '../tables/chosen';
import { Samples } from './samples';
import { rates } from './rates';

/** One packet of the flow, as seen from the direction that is drawn. */
interface Seen {
  readonly packet: number;
  readonly time: number;
  /** Sent in the direction that is drawn. */
  readonly own: boolean;
  readonly flags: number;
  readonly bits: number;
  /** Relative, not wrapped: of its first byte, of the byte after it, and of what it acknowledges in the other direction. */
  readonly begin: number;
  readonly end: number;
  readonly acknowledged: number;
  readonly payload: number;
  /** Bytes that its window allows. */
  readonly window: number;
  readonly rtt: number;
}

/** The series of a graph; none for a flow that is not TCP. `dir`: up is from the flow's first end to its second. */
export function connectionGraph(table: PacketTable, flows: FlowTable, flow: number, dir: 'up' | 'down', kind: GraphKind): GraphSeries[] {
  if (flow < 1 || flow > flows.count || flows.columns.kind[flow] !== KIND.tcp) return [];
  const seen = packetsOf(table, flows, flow, dir === 'up' ? 0 : 1);
  switch (kind) {
    case 'sequence': return sequenceGraph(seen);
    case 'throughput': return rates(seen);
    case 'rtt': return rttGraph(seen);
    case 'window': return windowGraph(seen);
    default: return never(kind);
  }
}

function* packetsOf(table: PacketTable, flows: FlowTable, flow: number, drawn: 0 | 1): Generator<Seen> {
  const analyser = new TcpAnalyser(table, flows, flow);
  const { base, scale } = { base: flows.columns.base, scale: analyser.directions };
  const origin = originOf(table);
  /** Where each direction has come to: numbers go round after 4 GiB. */
  const reached = [0, 0];
  const unwrap = (side: number, relative: number): number => {
    const before = reached[side] ?? 0;
    const value = before + ((relative - before) | 0);
    reached[side] = Math.max(before, value);
    return value;
  };
  const last = flows.columns.last[flow] ?? 0;
  for (let packet = flows.columns.first[flow] ?? 0; packet <= last; packet++) {
    const chunk = table.chunks[Math.floor(packet / CHUNK)];
    const row = packet % CHUNK;
    if (chunk === undefined || chunk.flow[row] !== flow || chunk.payloadAt[row] === 0) continue;
    analyser.advance(packet + 1);
    const flags = chunk.flags[row] ?? 0;
    const side = (flags & PACKET_FLAG.reverse) === 0 ? 0 : 1;
    const begin = unwrap(side, (chunk.sequence[row] ?? 0) - (base[flow * 2 + side] ?? 0));
    const shift = (flags & TCP_FLAGS.SYN) === 0 ? Math.max(0, scale.scale[analyser.rowOf(flow) * 2 + side] ?? 0) : 0;
    yield {
      packet, time: timeIn(chunk, row, origin), own: side === drawn, flags, bits: analyser.bits, begin, end: begin + (chunk.payload[row] ?? 0),
      acknowledged: (flags & TCP_FLAGS.ACK) === 0 ? Number.NaN : unwrap(1 - side, (chunk.acknowledgment[row] ?? 0) - (base[flow * 2 + 1 - side] ?? 0)),
      payload: chunk.payload[row] ?? 0, window: (chunk.window[row] ?? 0) * 2 ** shift, rtt: analyser.ackRtt,
    };
  }
}

const SENT_AGAIN = TCP_ANALYSIS['tcp.analysis.retransmission'];

/** What was sent (the end of each segment), what of it was sent again, what the other end acknowledged, and up to where its window allows. */
function sequenceGraph(seen: Iterable<Seen>): GraphSeries[] {
  const [sent, again, acknowledged, edge] = [new Samples(), new Samples(), new Samples(), new Samples()];
  for (const { own, packet, time, payload, end, bits, acknowledged: ack, window } of seen) {
    if (own && payload > 0) ((bits & SENT_AGAIN) === 0 ? sent : again).add(time, end, packet);
    if (own || Number.isNaN(ack)) continue;
    acknowledged.add(time, ack, packet);
    edge.add(time, ack + window, packet);
  }
  return [sent.series('sequence', 'B'), acknowledged.series('acknowledged', 'B'), again.series('retransmission', 'B'), edge.series('window', 'B')];
}

function rttGraph(seen: Iterable<Seen>): GraphSeries[] {
  const rtt = new Samples();
  for (const { own, packet, time, rtt: elapsed } of seen) if (!own && !Number.isNaN(elapsed)) rtt.add(time, elapsed, packet);
  return [rtt.series('rtt', 'ns')];
}

/** What the other end allows to be on its way at once. */
function windowGraph(seen: Iterable<Seen>): GraphSeries[] {
  const window = new Samples();
  for (const { own, packet, time, window: room, flags } of seen) if (!own && (flags & TCP_FLAGS.RST) === 0) window.add(time, room, packet);
  return [window.series('window', 'B')];
}
