// Keeps the state of the flows that are being read, and reads them on: in order each packet once, out of order what comes before a packet
// again, ahead where that is asked for. Bounded; what falls out of a bound is read anew.

import type { KnownPorts } from '../../codec/dissect';
import type { KeyLog } from '../../codec/tls/decrypt/keyLog';
import type { DecodeAs } from '../decodeAs';
import type { PacketBytes } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { segmentOf } from '../follow/segment';
import { CHUNK, type PacketTable } from '../packetTable';
import { FlowStreams, type PacketStreams } from './flowStreams';
import type { PayloadOf } from '../reassembly/tcpStream';
import { DISSECTION_LIMITS } from './limits';

export interface FlowReaderInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly packets: PacketBytes;
  readonly lookAhead?: boolean;
  /** True: however many packets of a flow lie before one that is asked for, all are read: for one pass over a file. */
  readonly wholeFlows?: boolean;
  readonly ports?: KnownPorts;
  readonly decodeAs?: DecodeAs;
}

interface FlowState {
  readonly streams: FlowStreams;
  /** The last packet that was read. */
  last: number;
}

export class FlowReader {
  /** The least recently used first. */
  readonly #states = new Map<number, FlowState>();
  readonly #outcomes = new Map<number, { readonly result: PacketStreams; readonly by: FlowState }>();
  #outcomeBytes = 0;
  /** All packets before this one were read in order: those of a flow that is not known yet hold nothing. */
  #swept = 0;
  /** Flows that fell out of the bound while they were read in order. */
  readonly #dropped = new Set<number>();

  readonly #payloadOf: PayloadOf = (packet) => segmentOf(this.input.table, this.input.packets, packet).bytes;

  constructor(private readonly input: FlowReaderInput, private readonly keys: KeyLog) {}

  /** What the streams of its flow tell about a packet. */
  streams(number: number, flow: number): PacketStreams {
    return this.#outcome(number, flow);
  }

  /** A packet was dissected: as long as that goes on in order, nothing needs to be read twice. */
  pass(number: number): void {
    if (number === this.#swept) this.#swept = number + 1;
  }

  #outcome(number: number, flow: number): PacketStreams {
    const known = this.#outcomes.get(number);
    if (known !== undefined) {
      const { result, by } = known;
      const waiting = this.input.lookAhead === true && waits(result);
      if (!waiting) return result;
      // It was read on the way to an earlier packet's end: its own end may lie further on.
      if (this.#states.get(flow) === by) {
        this.#ahead(by, number, flow, result);
        return result;
      }
    }
    const state = this.#state(number, flow);
    const result = this.#read(state, number);
    if (this.input.lookAhead === true) this.#ahead(state, number, flow, result);
    return result;
  }

  /** The state of a flow with all packets before `number` read. */
  #state(number: number, flow: number): FlowState {
    let state = this.#states.get(flow);
    this.#states.delete(flow);
    if (state === undefined || state.last >= number) {
      state = { streams: this.#begin(flow), last: -1 };
      const ahead = this.#swept === number && !this.#dropped.has(flow);
      if (!ahead) this.#replay(state, number, flow);
    } else if (this.#swept !== number) this.#replay(state, number, flow);
    this.#states.set(flow, state);
    if (this.#states.size > DISSECTION_LIMITS.flows) {
      const [oldest] = this.#states.keys();
      if (oldest !== undefined) {
        this.#states.delete(oldest);
        this.#dropped.add(oldest);
      }
    }
    return state;
  }

  #begin(flow: number): FlowStreams {
    const ports = this.input.flows.columns.ports[flow] ?? 0;
    return new FlowStreams(this.keys, [ports >>> 16, ports & 0xffff], this.#payloadOf, this.input.ports, this.input.decodeAs);
  }

  /** Reads the packets of the flow from where it stands to before `number`; only the last ones, where there are too many for who waits. */
  #replay(state: FlowState, number: number, flow: number): void {
    const first = this.input.flows.columns.first[flow] ?? 0;
    const earlier = this.#numbers(flow, Math.max(first, state.last + 1), number, Infinity);
    const most = this.input.wholeFlows === true ? Infinity : DISSECTION_LIMITS.replayPackets;
    for (const one of earlier.slice(-most)) this.#read(state, one);
  }

  /** Reads on until it is known where the packet's message ends and what answers it. */
  #ahead(state: FlowState, number: number, flow: number, result: PacketStreams): void {
    if (!waits(result)) return;
    for (const one of this.#numbers(flow, number + 1, this.input.table.count, DISSECTION_LIMITS.lookAhead)) {
      if (one <= state.last) continue;
      this.#read(state, one);
      if (!waits(result)) return;
    }
  }

  /** Packets of a flow from `from` to before `to`, at most so many. Only its column is looked through. */
  #numbers(flow: number, from: number, to: number, most: number): number[] {
    const { table } = this.input;
    const last = Math.min(to, (this.input.flows.columns.last[flow] ?? 0) + 1, table.count);
    const found: number[] = [];
    for (let at = from; at < last && found.length < most;) {
      const { chunk, row } = table.locate(at);
      const end = Math.min(CHUNK, row + last - at);
      const column = chunk.flow;
      for (let i = row; i < end && found.length < most; i++) if (column[i] === flow) found.push(at + i - row);
      at += end - row;
    }
    return found;
  }

  #read(state: FlowState, number: number): PacketStreams {
    const result = state.streams.push(segmentOf(this.input.table, this.input.packets, number));
    state.last = number;
    this.#outcomes.set(number, { result, by: state });
    this.#outcomeBytes += result.outcome.size;
    while (this.#outcomes.size > DISSECTION_LIMITS.outcomes || (this.#outcomeBytes > DISSECTION_LIMITS.outcomeBytes && this.#outcomes.size > 1)) {
      const [oldest] = this.#outcomes;
      if (oldest === undefined) break;
      this.#outcomes.delete(oldest[0]);
      this.#outcomeBytes -= oldest[1].result.outcome.size;
    }
    return result;
  }
}

/** It is not known yet where its message ends, or what answers it. */
function waits({ outcome }: PacketStreams): boolean {
  return (outcome.open && outcome.reassembledIn === null) || outcome.items.some((item) => item.kind === 'message' && item.role === 'request' && item.links?.response === null);
}
