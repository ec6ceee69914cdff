// All HTTP exchanges of a capture, connection by connection: in clear, and under TLS where its keys are there. Reads in steps, so that whoever
// waits for it can do other things; what it leaves out is counted (EXCHANGE_LIMITS).

import { lowerBound } from '../../base/lists';
import { FlowMessages, type MessagesInput } from '../follow/flowMessages';
import { KIND } from '../index/linkHeader';
import { PACKET_FLAG } from '../packetTable';
import { EXCHANGE_LIMITS, type Exchange, type ExchangeList } from './exchange';
import { FlowExchanges } from './flowExchanges';

interface OpenFlow {
  readonly messages: FlowMessages;
  readonly exchanges: FlowExchanges;
  /** Place in the order of its first packet. */
  readonly from: number;
}

export class CaptureExchanges {
  /** Packets of TCP, those of a connection together, and where those of each connection end. */
  readonly #order: Uint32Array;
  readonly #ends: Uint32Array;
  /** Of HTTP/2, where the messages of others come between: the packets with its frames. */
  readonly #framed = new Map<Exchange, readonly number[]>();
  readonly #found: Exchange[] = [];
  #next = 0;
  #open: OpenFlow | null = null;
  #left = 0;
  #unread = 0;

  constructor(private readonly input: MessagesInput, private readonly limits: { readonly exchanges: number; readonly packets: number; readonly quiet: number } = EXCHANGE_LIMITS) {
    ({ order: this.#order, ends: this.#ends } = packetsByFlow(input));
  }

  /** Packets of the capture. */
  get packets(): number {
    return this.input.table.count;
  }

  /** Reads so many packets more; true: there are no more. */
  advance(packets: number): boolean {
    for (let end = Math.min(this.#order.length, this.#next + packets); this.#next < end; ) {
      const at = this.#next++;
      const packet = this.#order[at] ?? 0;
      const flow = this.#flowOf(packet);
      const open = (this.#open ??= this.#begin(flow, at));
      open.exchanges.push(packet, open.messages.push(packet));
      const last = at + 1 === this.#order.length || this.#flowOf(this.#order[at + 1] ?? 0) !== flow;
      const read = at + 1 - open.from;
      if (!last && read < this.limits.packets && (open.exchanges.heard || read < this.limits.quiet)) continue;
      this.#close(open, packet);
      if (last) continue;
      this.#unread++;
      while (this.#next < this.#order.length && this.#flowOf(this.#order[this.#next] ?? 0) === flow) this.#next++;
    }
    return this.#next >= this.#order.length;
  }

  /** Once all is read. */
  list(): ExchangeList {
    return { exchanges: this.#found.toSorted((a, b) => a.start - b.start), left: this.#left, unread: this.#unread };
  }

  /** The packets that brought its messages, or bytes of their connection between their first and last bytes the same way. */
  *packetsOf(exchange: Exchange): Generator<number> {
    const framed = this.#framed.get(exchange);
    if (framed !== undefined) return yield* framed;
    const [begin, end] = [this.#ends[exchange.flow - 1] ?? 0, this.#ends[exchange.flow] ?? 0];
    const packets = { length: end - begin, at: (index: number) => this.#order[begin + index] ?? 0 };
    for (const side of [exchange.request, exchange.response]) {
      if (side === null) continue;
      // Out of order, the first byte may come last.
      const [first, last] = [Math.min(side.first, side.last), Math.max(side.first, side.last)];
      for (let at = lowerBound(packets, first); at < packets.length; at++) {
        const packet = packets.at(at);
        if (packet > last) break;
        if (packet === side.first || packet === side.last || (this.#payload(packet) > 0 && this.#isBack(packet) === this.#isBack(side.first))) yield packet;
      }
    }
  }

  #payload(packet: number): number {
    const { chunk, row } = this.input.table.locate(packet);
    return chunk.payload[row] ?? 0;
  }

  #isBack(packet: number): boolean {
    const { chunk, row } = this.input.table.locate(packet);
    return ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) !== 0;
  }

  #flowOf(packet: number): number {
    const { chunk, row } = this.input.table.locate(packet);
    return chunk.flow[row] ?? 0;
  }

  #begin(flow: number, from: number): OpenFlow {
    const { table, flows } = this.input;
    return { messages: new FlowMessages(this.input, flow), exchanges: new FlowExchanges(table, { flow, stream: flows.columns.stream[flow] ?? 0 }, this.limits.exchanges - this.#found.length), from };
  }

  #close({ messages, exchanges }: OpenFlow, packet: number): void {
    for (const one of exchanges.finish(messages.finish(packet))) {
      this.#found.push(one.exchange);
      if (one.framed.length > 0) this.#framed.set(one.exchange, one.framed);
    }
    this.#left += exchanges.left;
    this.#open = null;
  }
}

/** Numbers of the packets of TCP, by their flows, rising within each; and by a flow's number where its packets end. */
function packetsByFlow({ table, flows: { columns, count } }: MessagesInput): { readonly order: Uint32Array; readonly ends: Uint32Array } {
  const starts = new Uint32Array(count + 2);
  const each = (use: (flow: number, packet: number) => void): void => {
    let number = 0;
    for (const chunk of table.chunks) {
      for (let row = 0; row < chunk.flow.length && number < table.count; row++, number++) {
        const flow = chunk.flow[row] ?? 0;
        if (flow !== 0 && columns.kind[flow] === KIND.tcp) use(flow, number);
      }
    }
  };
  each((flow) => void (starts[flow + 1] = (starts[flow + 1] ?? 0) + 1));
  for (let flow = 1; flow < starts.length; flow++) starts[flow] = (starts[flow] ?? 0) + (starts[flow - 1] ?? 0);
  const order = new Uint32Array(starts[count + 1] ?? 0);
  each((flow, packet) => {
    const at = starts[flow] ?? 0;
    order[at] = packet;
    starts[flow] = at + 1;
  });
  return { order, ends: starts };
}
