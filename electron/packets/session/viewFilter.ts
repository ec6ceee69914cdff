// A display filter as a test of packets: by the columns where they tell, else by their headers where these are plain, else by the dissection of each.

import { isMark } from '../../../shared/codec/expert/marks';
import type { Filter, FilterError } from '../../../shared/filter/filter';
import { matches } from '../../../shared/filter/evaluate';
import { fieldSourceOf } from '../../../shared/filter/fieldSource';
import { filterFields, parseFilter } from '../../../shared/filter/parse';
import { askedFields, asksLater } from '../../../shared/packets/dissection/askedFields';
import type { AskedFields, DissectedPacket } from '../../../shared/packets/dissector';
import type { CaptureColumns } from '../../../shared/packets/matching/captureColumns';
import { ColumnFilter } from '../../../shared/packets/matching/columnFilter';
import { quickFilter, type QuickInput } from '../../../shared/packets/matching/quickSource';
import { spokenVerdict } from '../../../shared/packets/matching/spokenVerdict';
import type { PacketWindow } from '../../../shared/packets/matching/packetWindow';
import { VERDICT } from '../../../shared/packets/matching/verdict';
import { asksDisplayed, inTurn, sinceDisplayed } from './displayedTime';
import type { Step } from './step';

export type PacketTest = (packet: number) => boolean;

/** A filter that is right: what the columns say of packets, and who tells of those that they leave open. */
export interface FilterAsked {
  readonly columns: ColumnFilter;
  /** By the bytes of a packet; what takes its time. */
  readonly byBytes: Step<boolean>;
  /** Both in one. */
  readonly fits: Step<boolean>;
  /** Packets that come later may tell of earlier ones. */
  readonly later: boolean;
}

/** `test`: all in one, however long it takes. */
export interface FilterMade {
  readonly test: PacketTest;
  readonly asked: FilterAsked;
}

/** Null: the filter is empty. */
export type FilterTest = { readonly error: FilterError } | FilterMade | { readonly test: null; readonly asked: null };

/** What the bytes of packets are asked through. */
export interface FilterInput extends QuickInput {
  readonly window: PacketWindow;
  /** As PacketDissector. */
  speaks(packet: number): readonly string[] | null;
}

export type Layers = (packet: number, frame: boolean, asked?: AskedFields) => Pick<DissectedPacket, 'layers' | 'sources'>;
/** Reads of the packets before one in its flow; true: as many as its dissection needs. */
export type Prepare = (packet: number) => boolean;

/** `asked`: of a filter that is right. */
export function filterTest(text: string, asked: (filter: Filter) => FilterMade): FilterTest {
  const parsed = parseFilter(text);
  if ('error' in parsed) return parsed;
  return parsed.ok === null ? { test: null, asked: null } : asked(parsed.ok);
}

/** `layers`: as PacketDissector, or all of a dissected packet. `input`: null: everything is dissected that the columns leave open. `prepare`: left out: a packet takes as long as it takes. */
export function filterAsked(filter: Filter, columns: CaptureColumns, layers: Layers, input: QuickInput | FilterInput | null = null, prepare: Prepare = () => true): FilterMade {
  const byColumns = new ColumnFilter(filter, columns);
  const quick = byColumns.cheap || input === null ? null : quickFilter(filter, input);
  const speaks = input !== null && 'speaks' in input ? input.speaks : null;
  const spoken = quick === null && speaks !== null ? spokenVerdict(filter) : null;
  // What the capture cut off the frame knows.
  const names = filterFields(filter);
  const asked = askedFields(names);
  const frame = names.some((name) => name.split('.')[0] === 'frame' || isMark(name));
  const displayed = asksDisplayed(names);
  const dissected = (number: number, before: number | null): boolean | null => {
    const told = quick?.fits(number) ?? null;
    if (told !== null) return told;
    if (asked?.streams !== false && !prepare(number)) return null;
    const said = spoken === null ? null : speaks?.(number) ?? null;
    const verdict = said === null ? VERDICT.maybe : spoken?.(said) ?? VERDICT.maybe;
    if (verdict !== VERDICT.maybe) return verdict === VERDICT.yes;
    const packet = layers(number, frame, asked);
    const timed = displayed ? sinceDisplayed(packet.layers, columns.table, number, before) : packet.layers;
    return matches(filter, fieldSourceOf(timed, packet.sources.map(({ bytes }) => bytes)));
  };
  const told = (number: number, before: number | null): boolean | null => {
    const verdict = byColumns.verdict(number);
    return verdict === VERDICT.maybe ? dissected(number, before) : verdict === VERDICT.yes;
  };
  const fits = displayed ? inTurn(told) : (number: number) => told(number, null);
  // The columns may have told of packets that nobody asks for: those count too.
  const byBytes = displayed ? fits : (number: number) => dissected(number, null);
  const test = (number: number): boolean => {
    let told = fits(number);
    while (told === null) told = fits(number);
    return told;
  };
  return { test, asked: { columns: byColumns, byBytes, fits, later: asksLater(names) } };
}
