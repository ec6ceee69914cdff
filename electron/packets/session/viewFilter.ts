// A display filter as a test of packets: by the columns where they tell, else by their headers where these are plain, else by the dissection of each.

import type { FilterError } from '../../../shared/filter/filter';
import { matches } from '../../../shared/filter/evaluate';
import { fieldSourceOf } from '../../../shared/filter/fieldSource';
import { parseFilter } from '../../../shared/filter/parse';
import type { DissectedPacket } from '../../../shared/packets/dissector';
import { ColumnFilter, type CaptureColumns } from '../../../shared/packets/matching/columnFilter';
import { quickFilter, type QuickInput } from '../../../shared/packets/matching/quickSource';
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

/** `input`: what plain headers are read from. */
export function filterTest(text: string, columns: CaptureColumns, dissect: (packet: number) => DissectedPacket, input: QuickInput | null = null): FilterTest {
  const parsed = parseFilter(text);
  if ('error' in parsed) return parsed;
  const { ok: filter } = parsed;
  if (filter === null) return { test: null, asked: null };
  const byColumns = new ColumnFilter(filter, columns);
  const quick = byColumns.cheap || input === null ? null : quickFilter(filter, input);
  const byBytes = (number: number): boolean => {
    const told = quick?.fits(number) ?? null;
    if (told !== null) return told;
    const packet = dissect(number);
    return matches(filter, fieldSourceOf(packet.layers, packet.sources.map(({ bytes }) => bytes)));
  };
  const test = (number: number): boolean => {
    const verdict = byColumns.verdict(number);
    return verdict === VERDICT.maybe ? byBytes(number) : verdict === VERDICT.yes;
  };
  return { test, asked: { columns: byColumns, byBytes } };
}
