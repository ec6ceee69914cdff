// Tests of addresses, ports and streams: asked of each flow once, in both directions, so that its packets cost a look each. Grows with the flows.

import { never } from '../../base/assert';
import { matches } from '../../filter/evaluate';
import type { FieldOccurrence, FieldSource, Filter, FilterValue } from '../../filter/filter';
import { addressBytes } from '../flows/flow';
import type { FlowColumns } from '../flows/flowColumns';
import type { FlowTable } from '../flows/flowTable';
import { PACKET_KINDS } from '../packetTable';
import { isSure } from './bitTable';
import { numberFill, type FlowFill } from './flowNumbers';
import { leafVerdict, verdictOf, type Leaf } from './leaves';
import { FLOW_PLACES, UNSURE_PLACE } from './rowFlows';
import { combine, invert, VERDICT, type Verdicts } from './verdict';
import { wordsOf } from './words';

const NOTHING: FieldSource = { occurrences: () => [], carried: () => [], layers: () => 0 };

export class FlowVerdicts {
  /** By place, as of rowFlows.ts. */
  table: Verdicts = new Uint8Array(FLOW_PLACES);
  #known = 0;
  readonly #fill: FlowFill;

  constructor(filter: Filter, private readonly flows: FlowTable) {
    this.#fill = fillOf(filter, flows.columns);
    this.table.set(PACKET_KINDS.map((kind) => verdictOf(filter, (leaf) => leafVerdict(leaf, matches(leaf, NOTHING), isSure(kind)))));
    this.table[UNSURE_PLACE] = VERDICT.maybe;
  }

  /** Asks the flows that came since. */
  update(): void {
    const { count } = this.flows;
    if (this.#known === count) return;
    const rooms = FLOW_PLACES + ((count + 2) & ~1) * 2;
    if (this.table.length < rooms) {
      const wider = new Uint8Array(Math.max(rooms, this.#known === 0 ? 0 : this.table.length * 2));
      wider.set(this.table);
      this.table = wider;
    }
    // Answers are combined four at a step: two flows.
    this.#fill(this.#known & ~1, count + 1, this.table.subarray(FLOW_PLACES));
    this.#known = count;
  }
}

function fillOf(filter: Filter, columns: FlowColumns): FlowFill {
  switch (filter.type) {
    case 'and': case 'or': case 'xor': {
      const { type } = filter;
      const left = fillOf(filter.left, columns);
      const right = fillOf(filter.right, columns);
      return (from, to, out) => {
        left(from, to, out);
        const other = new Uint8Array(out.length);
        right(from, to, other);
        const end = (to * 2 + 3) & ~3;
        combine(type, wordsOf(out.subarray(from * 2, end)), wordsOf(other.subarray(from * 2, end)));
      };
    }
    case 'not': {
      const inner = fillOf(filter.inner, columns);
      return (from, to, out) => {
        inner(from, to, out);
        invert(wordsOf(out.subarray(from * 2, (to * 2 + 3) & ~3)));
      };
    }
    case 'present': case 'nonzero': case 'compare': case 'contains': case 'matches': case 'in': return numberFill(filter, columns) ?? fieldFill(filter, columns);
    default: return never(filter);
  }
}

/** Any other test, asked as of a dissected packet. */
const fieldFill = (leaf: Leaf, columns: FlowColumns): FlowFill => (from, to, out) => {
  for (let flow = from; flow < to; flow++) {
    const sure = isSure(PACKET_KINDS[columns.kind[flow] ?? 0]);
    for (const reverse of [0, 1] as const) out[(flow << 1) | reverse] = leafVerdict(leaf, matches(leaf, flowSource(columns, flow, reverse)), sure);
  }
};

/** The fields of a flow's packets, by name: what sources.occurrences() of a dissected one would give. */
function flowSource(columns: FlowColumns, flow: number, reverse: 0 | 1): FieldSource {
  const kind = PACKET_KINDS[columns.kind[flow] ?? 0];
  const network = columns.version[flow] === 4 ? 'ip' : 'ipv6';
  const values = (name: string): FilterValue[] => {
    const [protocol = '', field = ''] = name.split('.');
    if (protocol === network) {
      const address = (side: 0 | 1): Uint8Array => addressBytes(columns, flow, side === reverse ? 0 : 1);
      if (field === '' || field === 'version') return [field === '' ? 1 : columns.version[flow] ?? 0];
      return field === 'src' ? [address(0)] : field === 'dst' ? [address(1)] : [address(0), address(1)];
    }
    if (protocol !== kind) return [];
    const ports = columns.ports[flow] ?? 0;
    const [source, destination] = reverse === 0 ? [ports >>> 16, ports & 0xffff] : [ports & 0xffff, ports >>> 16];
    if (field === 'stream') return [columns.stream[flow] ?? 0];
    return field === 'srcport' ? [source] : field === 'dstport' ? [destination] : [source, destination];
  };
  const occurrences = (name: string): readonly FieldOccurrence[] => values(name).map((value) => ({ value, bytes: value instanceof Uint8Array ? value : new Uint8Array(0), layer: 1 }));
  return { occurrences, carried: occurrences, layers: () => 1 };
}
