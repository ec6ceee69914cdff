// The packets of one flow, in parts: what a ladder of it draws. Found by one look over a column; the last flow's are kept.

import type { DissectedPacket } from '../../../shared/packets/dissector';
import { flowAt } from '../../../shared/packets/flows/flow';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import { PACKET_FLAG } from '../../../shared/packets/packetTable';
import type { FlowPacket, FlowPart } from '../../../shared/packets/session';
import { EngineError } from '../../runtime/engineError';
import type { Breath } from './breath';
import { flowPackets } from './flowPackets';
import type { PacketRows } from './packetRows';
import { toldOf, type Step } from './step';

export class FlowParts {
  #kept: { readonly flow: number; readonly until: number; readonly packets: Uint32Array } | null = null;

  constructor(private readonly index: PacketIndexer, private readonly rows: PacketRows, private readonly named: (address: string) => string) {}

  /** Packets `from` up to `from + count` of a flow. `dissect`: asked in rising order. Rejects with FLOW_UNKNOWN, and with Superseded. */
  async part(flow: number, from: number, count: number, dissect: Step<DissectedPacket>, breath: Breath): Promise<FlowPart> {
    if (flow < 1 || flow > this.index.flows.count) throw new EngineError('FLOW_UNKNOWN', `there is no conversation ${flow}`, 'flow');
    const { a, b, kind, stream } = flowAt(this.index.flows.columns, flow);
    const packets = this.packets(flow);
    const shown: FlowPacket[] = [];
    for (const number of packets.subarray(from, from + count)) {
      const { chunk, row } = this.index.table.locate(number);
      const made = this.rows.kept(number, []) ?? this.rows.made(await toldOf(dissect, number, breath), []);
      shown.push({ ...made, back: ((chunk.flags[row] ?? 0) & PACKET_FLAG.reverse) !== 0, payload: chunk.payload[row] ?? 0 });
      if (breath.due) await breath.take();
    }
    return {
      flow, kind, stream, a: { address: this.named(a.address), port: a.port }, b: { address: this.named(b.address), port: b.port }, total: packets.length,
      packets: shown,
    };
  }

  /** Numbers of a flow's packets so far, rising. */
  packets(flow: number): Uint32Array {
    const { columns } = this.index.flows;
    const last = columns.last[flow] ?? 0;
    if (this.#kept?.flow === flow && this.#kept.until === last) return this.#kept.packets;
    this.#kept = { flow, until: last, packets: flowPackets(this.index, flow) };
    return this.#kept.packets;
  }
}
