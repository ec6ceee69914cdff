// Where requests are answered that are answered further on in their flow than is read ahead of a packet: reads such a flow once more, as far as it must, and
// keeps of what it reads only the links of the requests. Never goes back, so that a flow takes twice its time at the most, however many of its answers are far.

import { forgetOldest } from './forgetOldest';
import { DISSECTION_LIMITS } from './limits';
import type { FlowStreams, PacketStreams } from './flowStreams';
import type { Links } from './streams/outcome';

/** How packets of flows are found and read. */
export interface FlowPackets {
  begin(flow: number): FlowStreams;
  /** Packets of a flow from `from` on, at most so many. */
  numbers(flow: number, from: number, most: number): readonly number[];
  read(streams: FlowStreams, packet: number): PacketStreams;
}

/** Packets that are looked for at once. */
const READ = 256;

interface Ahead {
  /** Null: the flow has ended. */
  streams: FlowStreams | null;
  last: number;
  /** The links of the requests of each packet, in their order. */
  readonly asked: Map<number, readonly Links[]>;
}

export class FarAnswers {
  /** The least recently used first. */
  readonly #flows = new Map<number, Ahead>();

  constructor(private readonly packets: FlowPackets) {}

  /** Tells the requests of a packet where they are answered; reads at most so many packets. True: nothing more can be told. */
  tell(number: number, flow: number, told: PacketStreams, most: number): boolean {
    const links = linksOf(told);
    if (links.every(({ response }) => response !== null)) return true;
    const ahead = this.#ahead(flow);
    for (let left = most; left > 0 && ahead.streams !== null && !isAnswered(ahead, number); left -= READ) this.#readOn(ahead, ahead.streams, flow, Math.min(left, READ));
    const known = ahead.asked.get(number);
    for (const [i, one] of links.entries()) one.response ??= known?.[i]?.response ?? null;
    return ahead.streams === null || isAnswered(ahead, number);
  }

  #readOn(ahead: Ahead, streams: FlowStreams, flow: number, most: number): void {
    const numbers = this.packets.numbers(flow, ahead.last + 1, most);
    for (const number of numbers) {
      const links = linksOf(this.packets.read(streams, number));
      if (links.length > 0) ahead.asked.set(number, links);
      ahead.last = number;
    }
    if (numbers.length < most) ahead.streams = null;
    while (forgetOldest(ahead.asked, DISSECTION_LIMITS.requestsAhead) !== undefined);
  }

  #ahead(flow: number): Ahead {
    const known = this.#flows.get(flow) ?? { streams: this.packets.begin(flow), last: -1, asked: new Map() };
    this.#flows.delete(flow);
    this.#flows.set(flow, known);
    forgetOldest(this.#flows, DISSECTION_LIMITS.flows);
    return known;
  }
}

/** Also one that is not known any more. */
const isAnswered = ({ asked, last }: Ahead, number: number): boolean => last >= number && asked.get(number)?.every(({ response }) => response !== null) !== false;

const linksOf = ({ outcome }: PacketStreams): readonly Links[] => outcome.items.flatMap((item) => (item.kind === 'message' && item.role === 'request' && item.links !== null ? [item.links] : []));
