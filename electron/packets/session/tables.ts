// The tables and pictures of a whole capture or of what a filter lets through: chooses the packets, then counts over columns, all of it in slices.

import type { CaptureAnswers, CaptureQuestion } from '../../../shared/ipc/captureContract';
import type { DissectedPacket } from '../../../shared/packets/dissector';
import type { TableEnd } from '../../../shared/packets/session';
import { connectionGraph } from '../../../shared/packets/graphs/connection';
import type { PacketIndexer } from '../../../shared/packets/index/packetIndexer';
import type { Chosen } from '../../../shared/packets/tables/chosen';
import { conversations, endpoints } from '../../../shared/packets/tables/conversations';
import { hierarchy } from '../../../shared/packets/tables/hierarchy';
import { ioGraph } from '../../../shared/packets/tables/ioGraph';
import { largestRows, MOST_DISSECTED } from '../../../shared/packets/tables/limits';
import type { Breath } from './breath';
import { inSlices } from './lane';
import { FoundRows } from './rowLists';
import { toldOf, type Step } from './step';

/** Packets between two looks at the clock: dissections of so many take a few ms. */
const LOOK = 32;

export type TableQuestion = Extract<CaptureQuestion, { name: 'conversations' | 'endpoints' | 'hierarchy' | 'graph' | 'ioGraph' | 'count' }>;

export interface TableParts {
  readonly index: PacketIndexer;
  readonly linkTypes: readonly number[];
  /** Whether packets fit, asked in rising order. Null: an empty filter. Throws FILTER_WRONG. */
  fits(filter: string): Step<boolean> | null;
  /** Who dissects packets in rising order. */
  dissect(): Step<DissectedPacket>;
  /** The name of an address where it has one and names are wanted, or it itself. */
  named(address: string): string;
}

/**
 * What a newer question of the same sort ends: counts of a filter end as it changes. Those of the whole file end by themselves, as more than one
 * part of the page may wait for them; null for these.
 */
export function slotOf(question: TableQuestion): string | null {
  switch (question.name) {
    case 'conversations': case 'endpoints': case 'hierarchy': return question.filter === '' ? null : question.name;
    case 'ioGraph': return question.request.filters.length === 0 ? null : `${question.name} ${question.request.interval}`;
    case 'graph': return question.name;
    case 'count': return null;
    default: return question satisfies never;
  }
}

/** Rejects with Superseded, and FILTER_WRONG. */
export async function tableAnswer(question: TableQuestion, parts: TableParts, breath: Breath): Promise<CaptureAnswers[TableQuestion['name']]> {
  const { index, named } = parts;
  const calledEnd = <T extends TableEnd>(end: T): T => {
    const name = named(end.address);
    return name === end.address ? end : { ...end, name };
  };
  switch (question.name) {
    case 'conversations': return largestRows(await inSlices(conversations(index, question.kind, await chosenBy(question.filter, parts, breath)), breath), ({ bytes: [forth, back] }) => forth + back, question.most).map((row) => ({ ...row, a: calledEnd(row.a), b: calledEnd(row.b) }));
    case 'endpoints': return largestRows(await inSlices(endpoints(index, question.kind, await chosenBy(question.filter, parts, breath)), breath), ({ bytes }) => bytes).map(calledEnd);
    case 'hierarchy': {
      const chosen = await chosenBy(question.filter, parts, breath);
      return inSlices(hierarchy(index.table, index.flows, parts.linkTypes, chosen, await protocolsOf(chosen, parts, breath)), breath);
    }
    case 'graph': return connectionGraph(index.table, index.flows, question.flow, question.dir, question.kind);
    case 'ioGraph': {
      const { interval, filters } = question.request;
      const chosen: NonNullable<Chosen>[] = [];
      for (const filter of filters) {
        const one = await chosenBy(filter, parts, breath);
        if (one !== null) chosen.push(one);
      }
      return inSlices(ioGraph(index.table, interval, chosen), breath);
    }
    case 'count': {
      const counts: number[] = [];
      for (const filter of question.filters) counts.push((await chosenBy(filter, parts, breath))?.count ?? index.table.count);
      return counts;
    }
    default: return question satisfies never;
  }
}

async function chosenBy(filter: string, { index, fits: fitsOf }: TableParts, breath: Breath): Promise<Chosen> {
  const fits = fitsOf(filter);
  if (fits === null) return null;
  const found = new FoundRows();
  for (let packet = 0; packet < index.table.count; packet++) {
    if (fits(packet) ?? await toldOf(fits, packet, breath)) found.add(packet);
    if (packet % LOOK === 0 && breath.due) await breath.take();
  }
  return found;
}

/** The protocols of each packet that counts; null: too many, the columns tell. */
async function protocolsOf(chosen: Chosen, parts: TableParts, breath: Breath): Promise<((packet: number) => readonly string[]) | null> {
  const count = chosen?.count ?? parts.index.table.count;
  if (count > MOST_DISSECTED) return null;
  const dissect = parts.dissect();
  const told = new Map<number, readonly string[]>();
  for (let position = 0; position < count; position++) {
    const packet = chosen?.at(position) ?? position;
    told.set(packet, (await toldOf(dissect, packet, breath)).layers.filter(({ protocol }) => protocol !== 'frame').map(({ protocol }) => protocol));
    if (breath.due) await breath.take();
  }
  return (packet) => told.get(packet) ?? [];
}
