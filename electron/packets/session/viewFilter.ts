// A display filter as a test of packets: by the columns where they tell, else by their headers where these are plain, else by the dissection of each.

import { isMark } from '../../../shared/codec/expert/marks';
import type { Filter, FilterError } from '../../../shared/filter/filter';
import { matches } from '../../../shared/filter/evaluate';
import { fieldSourceOf } from '../../../shared/filter/fieldSource';
import { filterFields, parseFilter } from '../../../shared/filter/parse';
import { askedFields } from '../../../shared/packets/dissection/askedFields';
import type { AskedFields, DissectedPacket } from '../../../shared/packets/dissector';
import { ColumnFilter, type CaptureColumns } from '../../../shared/packets/matching/columnFilter';
import { quickFilter, type QuickInput } from '../../../shared/packets/matching/quickSource';
import { spokenVerdict } from '../../../shared/packets/matching/spokenVerdict';
import type { PacketWindow } from '../../../shared/packets/matching/packetWindow';
import { VERDICT } from '../../../shared/packets/matching/verdict';

export type PacketTest = (packet: number) => boolean;

/** A filter that is right: what the columns say of packets, and who tells of those that they leave open. */
export interface FilterAsked {
  readonly columns: ColumnFilter;
  /** By the bytes of a packet; what takes its time. */
  readonly byBytes: PacketTest;
}

/** `test`: both in one. Null: the filter is empty. */
export type FilterTest = { readonly error: FilterError } | { readonly test: PacketTest; readonly asked: FilterAsked } | { readonly test: null; readonly asked: null };

/** What the bytes of packets are asked through. */
export interface FilterInput extends QuickInput {
  readonly window: PacketWindow;
  /** As PacketDissector. */
  speaks(packet: number): readonly string[] | null;
}

export type Layers = (packet: number, frame: boolean, asked?: AskedFields) => Pick<DissectedPacket, 'layers' | 'sources'>;

/** `layers`: as PacketDissector, or all of a dissected packet. `input`: null: everything is dissected that the columns leave open. */
export function filterTest(text: string, columns: CaptureColumns, layers: Layers, input: QuickInput | FilterInput | null = null): FilterTest {
  const parsed = parseFilter(text);
  if ('error' in parsed) return parsed;
  const { ok: filter } = parsed;
  return filter === null ? { test: null, asked: null } : filterAsked(filter, columns, layers, input);
}

/** As filterTest, of a filter that was read. */
export function filterAsked(filter: Filter, columns: CaptureColumns, layers: Layers, input: QuickInput | FilterInput | null): { readonly test: PacketTest; readonly asked: FilterAsked } {
  const byColumns = new ColumnFilter(filter, columns);
  const quick = byColumns.cheap || input === null ? null : quickFilter(filter, input);
  const speaks = input !== null && 'speaks' in input ? input.speaks : null;
  const spoken = quick === null && speaks !== null ? spokenVerdict(filter) : null;
  // What the capture cut off the frame knows.
  const names = filterFields(filter);
  const asked = askedFields(names);
  const frame = names.some((name) => name.split('.')[0] === 'frame' || isMark(name));
  const byBytes = (number: number): boolean => {
    const told = quick?.fits(number) ?? null;
    if (told !== null) return told;
    const said = spoken === null ? null : speaks?.(number) ?? null;
    const verdict = said === null ? VERDICT.maybe : spoken?.(said) ?? VERDICT.maybe;
    if (verdict !== VERDICT.maybe) return verdict === VERDICT.yes;
    const packet = layers(number, frame, asked);
    return matches(filter, fieldSourceOf(packet.layers, packet.sources.map(({ bytes }) => bytes)));
  };
  const test = (number: number): boolean => {
    const verdict = byColumns.verdict(number);
    return verdict === VERDICT.maybe ? byBytes(number) : verdict === VERDICT.yes;
  };
  return { test, asked: { columns: byColumns, byBytes } };
}
