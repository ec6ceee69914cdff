// Keeps the state of the flows that are being read, and reads them on: in order each packet once, out of order what comes before a packet
// again (in parts, for who must not wait), ahead where that is asked for. Bounded; what falls out of a bound is read anew.

import type { KnownPorts } from '../../codec/dissect';
import type { Codings } from '../../codec/http/codings';
import type { KeyLog } from '../../codec/tls/decrypt/keyLog';
import type { DecodeAs } from '../decodeAs';
import type { PacketBytes } from '../dissector';
import type { FlowTable } from '../flows/flowTable';
import { segmentOf } from '../follow/segment';
import { CHUNK, type PacketTable } from '../packetTable';
import { FlowStreams, type PacketStreams } from './flowStreams';
import type { PayloadOf } from '../reassembly/tcpStream';
import { FarAnswers } from './farAnswers';
import { DISSECTION_LIMITS } from './limits';

export interface FlowReaderInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly packets: PacketBytes;
  readonly lookAhead?: boolean;
  /** True: however many packets of a flow lie before one that is asked for, all are read: for who goes through a file. Left out: the last ones, for who waits. */
  readonly wholeFlows?: boolean;
  /** With `lookAhead` and `wholeFlows`, requests are told where they are answered however far ahead that is: at once, or as far as `prepare` has read. Left out: as far as is read ahead. */
  readonly farAnswers?: 'all' | 'prepared';
  readonly ports?: KnownPorts;
  readonly decodeAs?: DecodeAs;
  readonly codings?: Codings;
}

/** States that are looked at for one whose flow has ended. */
const LOOKED = 8;

interface FlowState {
  readonly streams: FlowStreams;
  /** All of the flow is read up to this packet. */
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

  /** All that comes before this packet is read. */
  #ready: { readonly number: number; readonly state: FlowState } | null = null;
  readonly #most: number;
  readonly #far: FarAnswers | null;

  constructor(private readonly input: FlowReaderInput, private readonly keys: KeyLog) {
    this.#most = input.lookAhead === true ? DISSECTION_LIMITS.outcomesAhead : DISSECTION_LIMITS.outcomes;
    this.#far = input.farAnswers === undefined || input.lookAhead !== true ? null : new FarAnswers({
      begin: (flow) => this.#begin(flow), numbers: (flow, from, most) => this.#numbers(flow, from, input.table.count, most),
      read: (streams, packet) => streams.push(segmentOf(input.table, input.packets, packet)),
    });
  }

  /** What the streams of its flow tell about a packet. */
  streams(number: number, flow: number): PacketStreams {
    const told = this.#outcome(number, flow);
    this.#far?.tell(number, flow, told, this.input.farAnswers === 'all' ? Infinity : 0);
    return told;
  }

  /** How many packets of its flow are read before this one when it is asked for; counted up to `most`. */
  before(number: number, flow: number, most: number): number {
    if (this.#outcomes.has(number) || this.#isKnown(number, flow)) return 0;
    const last = this.#states.get(flow)?.last ?? -1;
    return this.#numbers(flow, last < number ? last + 1 : 0, number, most).length;
  }

  /** Reads at most so many of the packets that come before this one in its flow, or some of those where it is answered. True: all of them are. */
  prepare(number: number, flow: number, most: number): boolean {
    if (!this.#outcomes.has(number) && !this.#prepared(number, flow, most)) return false;
    return this.#far === null || this.#far.tell(number, flow, this.#outcome(number, flow), Math.min(most, DISSECTION_LIMITS.lookAhead));
  }

  #prepared(number: number, flow: number, most: number): boolean {
    this.#ready = null;
    const state = this.#state(number, flow);
    const earlier = this.#numbers(flow, state.last + 1, number, most);
    for (const one of earlier) this.#readAgain(state, one);
    if (earlier.length === most) return false;
    state.last = number - 1;
    this.#ready = { number, state };
    return true;
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
    const state = this.#ready?.number === number ? this.#ready.state : this.#replayed(number, flow);
    this.#ready = null;
    const result = this.#read(state, number);
    if (this.input.lookAhead === true) this.#ahead(state, number, flow, result);
    return result;
  }

  /** Nothing of its flow comes before this packet that was not read. */
  #isKnown(number: number, flow: number): boolean {
    if (this.#swept !== number) return false;
    const state = this.#states.get(flow);
    return state === undefined ? !this.#dropped.has(flow) : state.last < number;
  }

  /** The state of a flow as far as it was read before `number`, now the last used. */
  #state(number: number, flow: number): FlowState {
    const isKnown = this.#isKnown(number, flow);
    const known = this.#states.get(flow);
    const state = known === undefined || known.last >= number ? { streams: this.#begin(flow), last: -1 } : known;
    if (isKnown) state.last = number - 1;
    this.#states.delete(flow);
    this.#states.set(flow, state);
    if (known === undefined) this.#makeRoom(number);
    return state;
  }

  /** Of the states that were not used for long, those go first whose flows have ended before this packet: others would be read from their beginning again. */
  #makeRoom(number: number): void {
    const { last } = this.input.flows.columns;
    for (let looked = 0; looked < LOOKED && this.#states.size > DISSECTION_LIMITS.flows; looked++) {
      const [oldest] = this.#states;
      if (oldest === undefined) return;
      const [flow, state] = oldest;
      this.#states.delete(flow);
      if ((last[flow] ?? 0) <= Math.max(number, state.last)) return void this.#dropped.add(flow);
      this.#states.set(flow, state);
    }
    const [oldest] = this.#states.keys();
    if (oldest === undefined || this.#states.size <= (this.input.wholeFlows === true ? DISSECTION_LIMITS.flowsInOrder : DISSECTION_LIMITS.flows)) return;
    this.#states.delete(oldest);
    this.#dropped.add(oldest);
  }

  #begin(flow: number): FlowStreams {
    const ports = this.input.flows.columns.ports[flow] ?? 0;
    return new FlowStreams(this.keys, [ports >>> 16, ports & 0xffff], this.#payloadOf, this.input.ports, this.input.decodeAs, null, this.input.codings);
  }

  /** The state of a flow with what comes before `number` read; only the last packets, where there are too many for who waits. */
  #replayed(number: number, flow: number): FlowState {
    const state = this.#state(number, flow);
    if (state.last === number - 1) return state;
    const earlier = this.#numbers(flow, state.last + 1, number, Infinity);
    const most = this.input.wholeFlows === true ? Infinity : DISSECTION_LIMITS.replayPackets;
    for (const one of earlier.slice(-most)) this.#readAgain(state, one);
    return state;
  }

  /** Reads on until it is known where the packet's message ends and what answers it. */
  #ahead(state: FlowState, number: number, flow: number, result: PacketStreams): void {
    if (!waits(result)) return;
    for (const one of this.#numbers(flow, number + 1, this.input.table.count, DISSECTION_LIMITS.lookAhead)) {
      if (one <= state.last) continue;
      this.#readAgain(state, one);
      if (!waits(result)) return;
    }
  }

  /** Packets of a flow from `from` to before `to`, at most so many. Only its column is looked through. */
  #numbers(flow: number, from: number, to: number, most: number): number[] {
    const { table, flows: { columns } } = this.input;
    const last = Math.min(to, (columns.last[flow] ?? 0) + 1, table.count);
    const found: number[] = [];
    for (let at = Math.max(columns.first[flow] ?? 0, from); at < last && found.length < most;) {
      const { chunk, row } = table.locate(at);
      const end = Math.min(CHUNK, row + last - at);
      const column = chunk.flow;
      for (let i = row; i < end && found.length < most; i++) if (column[i] === flow) found.push(at + i - row);
      at += end - row;
    }
    return found;
  }

  /** Of what it told before, if it was read before, nothing is kept. */
  #readAgain(state: FlowState, number: number): void {
    const kept = this.#outcomes.get(number);
    if (kept !== undefined) this.#outcomeBytes -= kept.result.outcome.size;
    this.#outcomes.delete(number);
    this.#read(state, number);
  }

  #read(state: FlowState, number: number): PacketStreams {
    const result = state.streams.push(segmentOf(this.input.table, this.input.packets, number));
    state.last = number;
    this.#outcomes.set(number, { result, by: state });
    this.#outcomeBytes += result.outcome.size;
    while (this.#outcomes.size > this.#most || (this.#outcomeBytes > DISSECTION_LIMITS.outcomeBytes && this.#outcomes.size > 1)) {
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
