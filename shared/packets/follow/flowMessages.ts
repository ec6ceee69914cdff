// The messages of one TCP connection, packet by packet, without the trees that an inspector shows: for what is followed and what is listed.
// Reads the connection anew, from its first packet on.

import type { KeyLog } from '../../codec/tls/decrypt/keyLog';
import type { DecodeAs } from '../decodeAs';
import type { PacketBytes } from '../dissector';
import { FlowStreams, type PacketStreams } from '../dissection/flowStreams';
import type { Outcome } from '../dissection/streams/outcome';
import type { FlowTable } from '../flows/flowTable';
import type { PacketTable } from '../packetTable';
import { segmentOf } from './segment';

export interface MessagesInput {
  readonly table: PacketTable;
  readonly flows: FlowTable;
  readonly packets: PacketBytes;
  readonly keys: KeyLog;
  /** What somebody said that ports speak. */
  readonly decodeAs?: DecodeAs;
}

export class FlowMessages {
  readonly #streams: FlowStreams;

  constructor(private readonly input: MessagesInput, flow: number) {
    const ports = input.flows.columns.ports[flow] ?? 0;
    this.#streams = new FlowStreams(input.keys, [ports >>> 16, ports & 0xffff], (packet) => segmentOf(input.table, input.packets, packet).bytes, undefined, input.decodeAs);
  }

  /** What the next packet of the flow tells: ask in rising order. */
  push(packet: number): PacketStreams {
    return this.#streams.push(segmentOf(this.input.table, this.input.packets, packet));
  }

  /** What had begun when the capture of it ended; `packet`: the last that was pushed. */
  finish(packet: number): Outcome {
    return this.#streams.finish(packet);
  }

  /** True: the flow's first end is its client, so that 'up' means the same in the table and in messages. */
  get aligned(): boolean {
    return this.#streams.role('up') === 'up';
  }
}
