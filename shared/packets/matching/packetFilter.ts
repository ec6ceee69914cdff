// A filter's text as a test of packets by number: columns answer where they can, and only what they cannot tell is dissected. What the capture's session
// and the command line ask.

import { matches } from '../../filter/evaluate';
import { fieldSourceOf } from '../../filter/fieldSource';
import type { FieldSource, Filter, FilterError } from '../../filter/filter';
import { parseFilter } from '../../filter/parse';
import type { DissectedPacket } from '../dissector';
import { ColumnFilter, type CaptureColumns } from './columnFilter';
import { VERDICT } from './verdict';

/** The fields of a dissected packet, as filters ask for them. */
export const sourceOfPacket = ({ layers, sources }: Pick<DissectedPacket, 'layers' | 'sources'>): FieldSource => fieldSourceOf(layers, sources.map(({ bytes }) => bytes));

export interface PacketFilter {
  /** Null: the text is empty, and every packet fits. */
  readonly test: ((packet: number) => boolean) | null;
  /** False: bytes of packets must be decoded for it. */
  readonly cheap: boolean;
}

/** `dissect` is asked for packets that columns do not decide; what it throws comes through `test`. */
export function packetFilter(text: string, columns: CaptureColumns, dissect: (packet: number) => Pick<DissectedPacket, 'layers' | 'sources'>): PacketFilter | { readonly error: FilterError } {
  const parsed = parseFilter(text);
  if ('error' in parsed) return parsed;
  const filter: Filter | null = parsed.ok;
  if (filter === null) return { test: null, cheap: true };
  const told = new ColumnFilter(filter, columns);
  const test = (packet: number): boolean => {
    const verdict = told.verdict(packet);
    return verdict === VERDICT.maybe ? matches(filter, sourceOfPacket(dissect(packet))) : verdict === VERDICT.yes;
  };
  return { test, cheap: told.cheap };
}
