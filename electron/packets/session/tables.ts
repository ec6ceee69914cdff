// The tables and pictures of a whole capture or of what a filter lets through: chooses the packets in slices, then counts over columns.

import type { CaptureAnswers, CaptureQuestion } from '../../../shared/ipc/captureContract';
import type { DissectedPacket } from '../../../shared/packets/dissector';
import { connectionGraph } from '../../../shared/packets/graphs/connection';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import type { Chosen } from '../../../shared/packets/tables/chosen';
import { conversations, endpoints } from '../../../shared/packets/tables/conversations';
import { hierarchy } from '../../../shared/packets/tables/hierarchy';
import { ioGraph } from '../../../shared/packets/tables/ioGraph';
import { largestRows } from '../../../shared/packets/tables/limits';
import type { Breath } from './breath';
import { FoundRows } from './rowLists';
import type { PacketTest } from './viewFilter';

/** Packets whose protocols are told by their dissection; of more, the columns tell. */
const MOST_DISSECTED = 30_000;

export type TableQuestion = Extract<CaptureQuestion, { name: 'conversations' | 'endpoints' | 'hierarchy' | 'graph' | 'ioGraph' }>;

export interface TableParts {
  readonly index: PacketIndexer;
  readonly linkTypes: readonly number[];
  /** Null: an empty filter. Throws FILTER_WRONG. */
  test(filter: string): PacketTest | null;
  dissect(packet: number): DissectedPacket;
  /** The name of an address where it has one and names are wanted, or it itself. */
  named(address: string): string;
}

/** Rejects with Superseded, and FILTER_WRONG. */
export async function tableAnswer(question: TableQuestion, parts: TableParts, breath: Breath): Promise<CaptureAnswers[TableQuestion['name']]> {
  const { index, named } = parts;
  switch (question.name) {
    case 'conversations': return largestRows(conversations(index, question.kind, await chosenBy(question.filter, parts, breath)), ({ bytes: [forth, back] }) => forth + back).map((row) => ({ ...row, a: { ...row.a, address: named(row.a.address) }, b: { ...row.b, address: named(row.b.address) } }));
    case 'endpoints': return largestRows(endpoints(index, question.kind, await chosenBy(question.filter, parts, breath)), ({ bytes }) => bytes).map((row) => ({ ...row, address: named(row.address) }));
    case 'hierarchy': {
      const chosen = await chosenBy(question.filter, parts, breath);
      return hierarchy(index.table, index.flows, parts.linkTypes, chosen, await protocolsOf(chosen, parts, breath));
    }
    case 'graph': return connectionGraph(index.table, index.flows, question.flow, question.dir, question.kind);
    case 'ioGraph': {
      const { interval, filters } = question.request;
      const chosen: NonNullable<Chosen>[] = [];
      for (const filter of filters) {
        const one = await chosenBy(filter, parts, breath);
        if (one !== null) chosen.push(one);
      }
      return ioGraph(index.table, interval, chosen);
    }
    default: return question satisfies never;
  }
}

async function chosenBy(filter: string, { index, test }: TableParts, breath: Breath): Promise<Chosen> {
  const fits = test(filter);
  if (fits === null) return null;
  const found = new FoundRows();
  for (let packet = 0; packet < index.table.count; packet++) {
    if (fits(packet)) found.add(packet);
    if (breath.due) await breath.take();
  }
  return found;
}

/** The protocols of each packet that counts; null: too many, the columns tell. */
async function protocolsOf(chosen: Chosen, { index, dissect }: TableParts, breath: Breath): Promise<((packet: number) => readonly string[]) | null> {
  const count = chosen?.count ?? index.table.count;
  if (count > MOST_DISSECTED) return null;
  const told = new Map<number, readonly string[]>();
  for (let position = 0; position < count; position++) {
    const packet = chosen?.at(position) ?? position;
    told.set(packet, dissect(packet).layers.filter(({ protocol }) => protocol !== 'frame').map(({ protocol }) => protocol));
    if (breath.due) await breath.take();
  }
  return (packet) => told.get(packet) ?? [];
}
